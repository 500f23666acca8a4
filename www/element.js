// Making elements. What a log says reaches the page only as text, never as markup.

/**
 * Makes an element.
 *
 * @param {string} name
 * @param {Record<string, unknown>} [properties] Properties of the element; names with a hyphen, and `role`, are
 *   attributes.
 * @param {...(Node | string)} children A string becomes a text.
 */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.includes("-") || key === "role") made.setAttribute(key, value);
    else made[key] = value;
  }
  made.append(...children);
  return made;
}

/** The element of the page with an identifier. */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no element "${id}"`);
  return found;
}

/** Shows what is wrong with a field beside it, and marks the field; an empty problem takes that back. */
export function markField(field, place, problem) {
  place.replaceChildren(problem);
  if (problem === "") field.removeAttribute("aria-invalid");
  else field.setAttribute("aria-invalid", "true");
}
