// Leaves open what somebody unfolded, and where they had scrolled to, when its surroundings are fetched again.
const opened = new Set();
const scrolled = new Map();

export default function keepOpen(element) {
  for (const details of element.querySelectorAll("details[id]")) details.open ||= opened.has(details.id);
  if (scrolled.has(element.id)) element.scrollTop = scrolled.get(element.id);
  const note = ({ target }) => (target.open ? opened.add(target.id) : opened.delete(target.id));
  const remember = () => scrolled.set(element.id, element.scrollTop);
  element.addEventListener("toggle", note, { capture: true });
  element.addEventListener("scroll", remember, { passive: true });
  return () => {
    element.removeEventListener("toggle", note, { capture: true });
    element.removeEventListener("scroll", remember);
  };
}
