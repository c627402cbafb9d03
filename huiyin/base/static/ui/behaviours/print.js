// Opens the browser's own way to print; without script its keys do the same.
export default function print(element) {
  const button = element.querySelector("[data-print]");
  const act = () => window.print();
  button.addEventListener("click", act);
  return () => button.removeEventListener("click", act);
}
