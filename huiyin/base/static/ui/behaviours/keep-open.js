// Leaves open what somebody unfolded when its surroundings are fetched again.
const opened = new Set();

export default function keepOpen(element) {
  for (const details of element.querySelectorAll("details[id]")) details.open ||= opened.has(details.id);
  const note = ({ target }) => (target.open ? opened.add(target.id) : opened.delete(target.id));
  element.addEventListener("toggle", note, { capture: true });
  return () => element.removeEventListener("toggle", note, { capture: true });
}
