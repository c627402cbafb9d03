// Keeps what is being written on this device until it has been sent; signing out forgets all of it.
const PREFIX = "huiyin-draft:";

function forgetAll() {
  Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).forEach((key) => localStorage.removeItem(key));
}

export default function autosave(form) {
  const stop = new AbortController();
  const on = (name, act) => form.addEventListener(name, act, { signal: stop.signal });
  if ("clearAll" in form.dataset) {
    on("submit", forgetAll);
    return () => stop.abort();
  }
  const words = form.querySelector("textarea");
  const key = PREFIX + form.dataset.draft;
  const once = form.querySelector("[name=once]");
  const kept = JSON.parse(localStorage.getItem(key) ?? "null");
  const keep = (more) => {
    const draft = { text: words.value, mode: form.elements.mode?.value, at: Date.now() / 1000, ...more };
    if (words.value.trim()) localStorage.setItem(key, JSON.stringify(draft));
    else localStorage.removeItem(key);
  };

  // What the server kept stands there already; what was written on this device later than that takes its place.
  const later = form.dataset.keptAt && kept?.at > Number(form.dataset.keptAt) + 2;
  if (kept && !kept.sent && (!words.value || later)) {
    words.value = kept.text;
    if (kept.mode) form.elements.mode.value = kept.mode;
  }
  if (kept?.sent && !words.value && !form.hasAttribute("hx-post")) localStorage.removeItem(key);
  on("input", () => keep());
  on("htmx:beforeOnLoad", ({ detail }) => detail.xhr.status === 200 && localStorage.removeItem(key));
  on("htmx:sendError", () => {
    const error = form.querySelector("[data-error]");
    error.hidden = false;
    error.querySelector("span").textContent = form.dataset.lost;
  });
  if (!form.hasAttribute("hx-post")) on("submit", () => keep({ sent: once?.value ?? true }));
  return () => stop.abort();
}
