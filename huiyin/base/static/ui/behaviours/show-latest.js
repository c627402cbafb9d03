// Shows the latest of a conversation when it opens, and stays there while new words arrive.
let followed = true;

export default function showLatest(element) {
  const pane = [element, element.parentElement].find((one) => getComputedStyle(one).overflowY === "auto");
  if (!pane) return undefined;
  const note = () => (followed = pane.scrollHeight - pane.scrollTop - pane.clientHeight < 80);
  const show = () => followed && (pane === element ? (pane.scrollTop = pane.scrollHeight) : element.scrollIntoView({ block: "end" }));
  show();
  pane.addEventListener("scroll", note, { passive: true });
  return () => pane.removeEventListener("scroll", note);
}
