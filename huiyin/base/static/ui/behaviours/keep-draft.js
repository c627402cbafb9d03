// Keeps what is being written on the server too, a moment after the last key: it is there again on another device.
const PAUSE_MS = 1200;

export default function keepDraft(form) {
  const stop = new AbortController();
  const on = (name, act) => form.addEventListener(name, act, { signal: stop.signal });
  const words = form.querySelector("textarea");
  let kept = words.defaultValue;
  let timer;
  let sending = false;

  async function keep() {
    if (sending || words.value === kept) return;
    const value = words.value;
    const draft = new FormData(form);
    draft.delete("files"); // they go when the words are sent, not with each pause
    const { ok } = await fetch(form.dataset.keep, {
      method: "POST",
      headers: { "X-Draft": "script" },
      body: draft,
      signal: stop.signal,
    }).catch(() => ({ ok: false })); // no connection: this device keeps it, and the next key tries again
    if (ok) kept = value;
  }

  function hold() {
    sending = true;
    clearTimeout(timer);
  }

  form.querySelector("[data-keep-by-hand]").hidden = true;
  on("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE_MS);
  });
  on("submit", hold);
  on("htmx:afterRequest", () => (sending = false));
  if (words.value !== kept) timer = setTimeout(keep, PAUSE_MS); // found on this device only
  return () => [clearTimeout(timer), stop.abort()];
}
