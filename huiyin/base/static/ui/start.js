// Binds each element's behaviours when it appears and cleans up when it goes; names lead to modules through the head.
const bound = new Map();

const load = (name) => import(document.querySelector(`link[data-module="${name}"]`).href);

async function bind(element) {
  if (bound.has(element)) return;
  const cleanups = [];
  bound.set(element, cleanups);
  for (const name of element.dataset.behaviour.split(" ")) {
    const { default: behave } = await load(name);
    if (bound.has(element)) cleanups.push(behave(element));
  }
}

function unbind(element) {
  for (const cleanup of bound.get(element) ?? []) cleanup?.();
  bound.delete(element);
}

function each(root, act) {
  if (root.nodeType !== Node.ELEMENT_NODE) return;
  if (root.matches("[data-behaviour]")) act(root);
  root.querySelectorAll("[data-behaviour]").forEach(act);
}

new MutationObserver((changes) => {
  for (const { removedNodes } of changes) removedNodes.forEach((node) => each(node, unbind));
  for (const { addedNodes } of changes) addedNodes.forEach((node) => node.isConnected && each(node, bind));
}).observe(document.body, { childList: true, subtree: true });

each(document.body, bind);
