// Says which files were chosen, in place of the browser's own control.
export default function nameFiles(label) {
  const input = label.querySelector("input");
  const words = label.querySelector("[data-chosen]");
  const before = words.textContent;
  const tell = () => (words.textContent = [...input.files].map((file) => file.name).join(", ") || before);
  input.addEventListener("change", tell);
  tell(); // the browser keeps them when one goes back
  return () => input.removeEventListener("change", tell);
}
