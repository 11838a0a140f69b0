// Create elements from data. Strings become text nodes, never markup.

/** Create an element. In `attributes`, true sets an attribute without a value, false and null omit it, and `on` has the
 * listeners. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") for (const [type, listener] of Object.entries(value)) element.addEventListener(type, listener);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== false));
  return element;
}

const PATHS = /(\/(?:docs|signin|explore\/contacts|explore\/companies)(?![\w/-]))/;

/** Turn the paths of pages in a text into links. Returns strings and elements. */
export function linked(text) {
  return text.split(PATHS).map((part, at) => (at % 2 ? h("a", { href: part }, part) : part));
}

export const $ = (id) => document.getElementById(id);

const grouped = new Intl.NumberFormat("en-US");
export const number = (value) => grouped.format(value);

/** Move the focus among the elements `items()` with the up and down keys. Returns whether the key was one of them. */
export function arrows(event, items) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return false;
  const all = items();
  const next = all[all.indexOf(document.activeElement) + step];
  if (next) next.focus();
  event.preventDefault();
  return true;
}
