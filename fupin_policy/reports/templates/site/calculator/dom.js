/**
 * Elements of a page, whose text is always text.
 * In: names, attributes, texts. Out: elements. Called by all others.
 */

/**
 * An element; of its attributes those that are false or null are left out, those that begin with `on` are listeners.
 * @param {string} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Node | string | null)} children
 */
export function h(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(.../** @type {(Node | string)[]} */ (children.filter((child) => child !== null)));
  return made;
}

let count = 0;

/** A name that no other element of the page has. */
export function fresh() {
  count += 1;
  return `part-${count}`;
}

/**
 * Show an element, open what it is folded in, and go there.
 * @param {HTMLElement} element
 */
export function goTo(element) {
  for (let above = element.parentElement; above; above = above.parentElement) {
    if (above instanceof HTMLDetailsElement) above.open = true;
  }
  element.focus();
  element.scrollIntoView({ block: "center" });
}
