// Moves and opens by single keys while nobody is typing; the panel behind ? names them and can switch them off.
const OFF = "huiyin-keys-off";

export default function keys(frame) {
  const stop = new AbortController();
  const on = (target, name, act) => target.addEventListener(name, act, { signal: stop.signal });
  const panel = document.getElementById("keys");
  const off = panel.querySelector("[data-keys-off]");
  const opener = frame.querySelector("[data-keys-open]");
  let before = "";

  function move(step) {
    const rows = [...frame.querySelectorAll("[data-row]")].filter((row) => row.offsetParent);
    const here = rows.findIndex((row) => row === document.activeElement || row.matches("[aria-current]:not(:focus)"));
    const at = rows.indexOf(document.activeElement);
    rows[Math.min(rows.length - 1, Math.max(0, (at < 0 ? here : at) + step))]?.focus();
  }

  function write(mode) {
    const choice = document.querySelector(`#composer [name="mode"][value="${mode}"]`);
    if (!choice?.closest("label").offsetParent) return;
    choice.checked = true;
    document.getElementById("words").focus();
  }

  const acts = {
    j: () => move(1),
    k: () => move(-1),
    r: () => write("reply"),
    n: () => write("note"),
    s: () => write("resolve"),
    d: () => before === "g" && location.assign("/desk"),
    "/": () => document.getElementById("seek")?.focus(),
    "?": () => panel.showModal(),
  };

  opener.hidden = false;
  off.checked = localStorage.getItem(OFF) === "yes";
  on(opener, "click", () => panel.showModal());
  on(off, "change", () => localStorage.setItem(OFF, off.checked ? "yes" : "no"));
  on(document, "keydown", (event) => {
    const typing = event.target.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, dialog[open]");
    if (event.key === "Escape" && event.target.matches?.("#words, #seek")) event.target.blur();
    if (typing || off.checked || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (acts[event.key]) event.preventDefault();
    acts[event.key]?.();
    before = event.key;
  });
  return () => stop.abort();
}
