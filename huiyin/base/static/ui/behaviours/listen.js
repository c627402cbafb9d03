// Hears of changes and asks every live part of the page to fetch itself again; when nothing is heard, asks by the clock.
const SILENT_MS = 20000;
const REFRESH_MS = 1000;
const POLL_MS = 2000;

export default function listen(element) {
  const word = element.querySelector("[data-word]");
  let heard = Date.now();
  let refreshed = 0;
  let ended, pending, retry, stop;

  const wanted = () => !document.hidden || globalThis.Notification?.permission === "granted";
  const show = (state) => {
    if (element.dataset.state === state) return;
    element.dataset.state = state;
    word.textContent = word.dataset[state];
  };

  function refresh() {
    pending ??= setTimeout(() => {
      pending = undefined;
      refreshed = Date.now();
      document.querySelectorAll("[data-live]").forEach((part) => part.dispatchEvent(new Event("refresh")));
    }, Math.max(0, refreshed + REFRESH_MS - Date.now()));
  }

  async function hear() {
    stop = new AbortController();
    try {
      const { ok, body } = await fetch(element.dataset.url, { signal: stop.signal });
      const reader = body.pipeThrough(new TextDecoderStream()).getReader();
      if (ok) refresh();
      for (let piece = await reader.read(); ok && !piece.done; piece = await reader.read()) {
        heard = Date.now();
        show("live");
        if (/^data:/m.test(piece.value)) refresh();
        // Another window of this person took the place, or the right ended: coming back would only take it again.
        ended ||= /"code": ?"(replaced|withdrawn)"/.test(piece.value);
      }
    } catch {
      // Lost, or stopped by us: either way the next attempt tells.
    }
    stop = undefined;
    if (wanted() && !ended) retry = setTimeout(hear, 1000 + 2000 * Math.random());
  }

  const turn = () => {
    clearTimeout(retry);
    if (!wanted()) stop?.abort();
    else if (!stop) hear((ended = false));
  };
  const watch = setInterval(() => {
    if (!wanted() || Date.now() - heard < SILENT_MS) return;
    show("lost");
    refresh();
  }, POLL_MS);
  document.addEventListener("visibilitychange", turn);
  turn();
  return () => [clearInterval(watch), clearTimeout(retry), stop?.abort(), document.removeEventListener("visibilitychange", turn)];
}
