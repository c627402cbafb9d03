// Shows the latest of a conversation when it opens, or the entry that the address names, and stays there or where
// somebody had scrolled to, while it grows.
let followed = true;
let place = 0;
let shown = false;

export default function showLatest(element) {
  const scrolls = getComputedStyle(element).overflowY === "auto";
  const named = !shown && /^#entry-\d+$/.test(location.hash) && element.querySelector(location.hash);
  if (named) {
    named.closest("details")?.setAttribute("open", "");
    named.scrollIntoView({ block: "center" });
    [followed, place] = [false, element.scrollTop];
  } else if (!scrolls && !shown) element.scrollIntoView({ block: "end" });
  shown = true;
  element.scrollTop = followed ? element.scrollHeight : place;
  const note = () => {
    place = element.scrollTop;
    followed = element.scrollHeight - place - element.clientHeight < 80;
  };
  // What is written below takes room too: the latest stays in sight above it.
  const grown = new ResizeObserver(() => scrolls && followed && (element.scrollTop = element.scrollHeight));
  grown.observe(element);
  element.addEventListener("scroll", note, { passive: true });
  return () => [grown.disconnect(), element.removeEventListener("scroll", note)];
}
