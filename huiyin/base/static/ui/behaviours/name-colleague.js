// Offers colleagues where @ is typed in a note: arrows choose, Enter or Tab takes, Escape leaves it.
const BEGUN = /(?<![A-Za-z0-9._%+-])[@＠]([^\s@＠]{0,30})$/;

export default function nameColleague(form) {
  const stop = new AbortController();
  const words = form.querySelector("textarea");
  const place = form.querySelector("[data-colleagues]");
  const on = (target, name, act) => target.addEventListener(name, act, { signal: stop.signal });
  const options = () => [...place.querySelectorAll("[role=option]")];
  let turn = 0;

  const begun = () => form.elements.mode.value === "note" && BEGUN.exec(words.value.slice(0, words.selectionStart))?.[1];

  function mark(chosen) {
    options().forEach((option) => option.setAttribute("aria-selected", option === chosen));
    chosen?.scrollIntoView({ block: "nearest" });
    words.setAttribute("aria-activedescendant", chosen?.id ?? "");
  }

  function close() {
    turn += 1;
    place.replaceChildren();
    mark();
  }

  async function offer() {
    const typed = begun();
    if (typeof typed !== "string") return close();
    const mine = ++turn;
    const query = `?q=${encodeURIComponent(typed)}`;
    const answer = await fetch(place.dataset.colleagues + query, { signal: stop.signal }).catch(() => null);
    const found = answer?.ok ? await answer.text() : "";
    if (mine !== turn) return;
    place.innerHTML = found.trim();
    mark(options()[0]);
  }

  function take(option) {
    const end = words.selectionStart;
    words.setRangeText(`${option.dataset.word} `, end - begun().length, end, "end");
    words.dispatchEvent(new Event("input", { bubbles: true }));
  }

  on(words, "input", offer);
  on(words, "blur", close);
  on(place, "mousedown", (event) => event.preventDefault()); // a press on a name leaves the words in focus
  on(place, "click", ({ target }) => target.closest("[role=option]") && take(target.closest("[role=option]")));
  on(words, "keydown", (event) => {
    const at = options().findIndex((option) => option.ariaSelected === "true");
    if (at < 0 || event.isComposing || event.ctrlKey || event.metaKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) mark(options().at((at + step) % options().length));
    else if (["Enter", "Tab"].includes(event.key)) take(options()[at]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return () => stop.abort();
}
