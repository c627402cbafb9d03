// Copies what stands in a field and says so.
export default function copy(element) {
  const button = element.querySelector("button");
  const word = button.querySelector("[data-word]");
  const before = word.textContent;
  let timer;

  async function act() {
    const from = element.querySelector("[data-from]");
    from.select();
    try {
      await navigator.clipboard.writeText(from.value);
    } catch {
      return; // not allowed here: it is selected, the person's own keys copy it
    }
    word.textContent = element.dataset.done;
    timer = setTimeout(() => (word.textContent = before), 2000);
  }

  button.addEventListener("click", act);
  return () => [clearTimeout(timer), button.removeEventListener("click", act)];
}
