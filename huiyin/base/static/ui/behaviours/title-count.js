// Counts what is unread in the window's title, and tells outside the window when the person allowed it.
const plain = document.title.trim();
let shown;

export default function titleCount(element) {
  const count = Number(element.dataset.count);
  const permit = element.querySelector("[data-permit]");
  document.title = count ? `(${count}) ${plain}` : plain;
  const may = globalThis.Notification?.permission;
  if (shown !== undefined && count > shown && !document.hasFocus() && may === "granted") {
    new Notification(plain, { body: element.dataset.latest, tag: "huiyin" });
  }
  shown = count;
  if (!permit || may !== "default") return undefined;
  permit.hidden = false;
  const ask = async () => {
    permit.hidden = (await Notification.requestPermission()) !== "default";
  };
  permit.addEventListener("click", ask);
  return () => permit.removeEventListener("click", ask);
}
