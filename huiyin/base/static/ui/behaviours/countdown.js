// Shows the time that is left until a moment, or since it has passed, in the page's language.
const SOON_S = 15 * 60;
const UNITS = [["second", 1, 60], ["minute", 60, 180 * 60], ["hour", 3600, 48 * 3600], ["day", 86400, Infinity]];
const language = document.documentElement.lang;
const formats = new Map(
  UNITS.map(([unit]) => [unit, new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" })]),
);

export default function countdown(element) {
  const due = Date.parse(element.dataset.due);
  const value = element.querySelector("[data-value]");
  const word = element.querySelector("[data-word]");
  let timer;

  function show() {
    const left = (due - Date.now()) / 1000;
    const late = left <= 0;
    const [unit, size] = UNITS.find(([, , until]) => Math.abs(left) < until);
    const text = formats.get(unit).format(Math.floor(Math.abs(left) / size));
    if (value.textContent !== text) value.textContent = text;
    word.textContent = late ? element.dataset.late : element.dataset.left;
    element.classList.toggle("countdown--late", late);
    element.classList.toggle("countdown--soon", !late && left < SOON_S);
    element.classList.add("countdown--runs");
    timer = setTimeout(show, Math.abs(left) < 120 ? 1000 : 10000);
  }

  show();
  return () => clearTimeout(timer);
}
