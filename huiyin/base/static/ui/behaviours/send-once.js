// Sends a form once however often it is pressed; Ctrl or ⌘ with Enter sends, Enter inside an input method never does.
export default function sendOnce(form) {
  const stop = new AbortController();
  const on = (target, name, act) => target.addEventListener(name, act, { signal: stop.signal, capture: true });
  const buttons = () => [...form.querySelectorAll("button:not([type=button])")];
  const mark = (busy) => buttons().forEach((button) => button.setAttribute("aria-disabled", busy));
  let sending = false;

  on(form, "submit", (event) => {
    if (sending) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    sending = true;
    mark(true);
  });
  const free = () => {
    sending = false;
    mark(false);
  };
  on(form, "htmx:afterRequest", free);
  on(globalThis, "pageshow", (event) => event.persisted && free());
  on(form, "keydown", (event) => {
    if (event.key !== "Enter") return;
    if (event.isComposing || event.keyCode === 229) event.preventDefault();
    else if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      buttons().find((button) => button.offsetParent).click(); // a click names the button to htmx too
    }
  });
  return () => stop.abort();
}
