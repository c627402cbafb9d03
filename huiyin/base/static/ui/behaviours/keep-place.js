// Keeps the page, its words and the keyboard's place when a part of it is replaced, or when the answer cannot replace it.
export default function keepPlace(frame) {
  const stop = new AbortController();
  const on = (name, act) => frame.addEventListener(name, act, { signal: stop.signal });
  let held = false;

  function refused({ requestConfig }) {
    const error = requestConfig.verb === "post" && frame.querySelector("#composer [data-error]");
    if (!error) return;
    error.hidden = false;
    error.querySelector("span").textContent = error.closest("form").dataset.refused;
  }

  on("htmx:beforeSwap", ({ detail }) => {
    const wanted = detail.requestConfig.elt.getAttribute("hx-select");
    if (detail.shouldSwap && wanted && !detail.serverResponse.includes(`id="${wanted.slice(1)}"`)) {
      detail.shouldSwap = false; // a page about an error has nothing to put here
      refused(detail);
    }
    // Another part may be replaced before this one has settled: what was held stays so until the place is given back.
    held ||= detail.shouldSwap && detail.target.contains(document.activeElement);
  });
  on("htmx:afterSettle", () => {
    // The button that was pressed is gone: the next key begins where the new content does.
    if (held && document.activeElement === document.body) frame.querySelector("#middle").focus({ preventScroll: true });
    held = false;
  });
  on("htmx:responseError", ({ detail }) => refused(detail));
  return () => stop.abort();
}
