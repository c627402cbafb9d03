// Asks a part of the page to fetch itself again now and then while it is looked at and nobody writes in it.
const EVERY_MS = 10000;

export default function refresh(element) {
  const timer = setInterval(() => {
    const busy = document.hidden || element.contains(document.activeElement) || element.querySelector("details[open]");
    if (!busy) element.dispatchEvent(new Event("refresh"));
  }, EVERY_MS);
  return () => clearInterval(timer);
}
