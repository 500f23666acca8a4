// A row of choices, several of which can be taken at once: each a checkbox with its count.

import { element } from "./element.js";
import { number } from "./format.js";

/**
 * @param {HTMLElement} place
 * @param {(chosen: string[]) => void} onChange
 */
export function createChoices(place, onChange) {
  let shown = "";
  const boxes = () => [...place.querySelectorAll("input")];
  place.addEventListener("change", () => {
    onChange(
      boxes()
        .filter((box) => box.checked)
        .map((box) => box.value),
    );
  });

  return {
    /**
     * @param {Map<string, number>} counts What there is to choose.
     * @param {string[]} chosen Offered even if it is not among that.
     */
    show(counts, chosen) {
      const all = new Map([
        ...counts,
        ...chosen.filter((one) => !counts.has(one)).map((one) => [one, undefined]),
      ]);
      // Made anew only if they differ: the one that has the focus would lose it.
      const next = JSON.stringify([...all]);
      if (next !== shown) {
        shown = next;
        const choices = [...all].map(([value, count]) => choice(value, count));
        place.replaceChildren(
          ...(choices.length > 0 ? choices : [element("span", { className: "quiet" }, "none")]),
        );
      }
      for (const box of boxes()) box.checked = chosen.includes(box.value);
    },
  };
}

function choice(value, count) {
  const parts = [element("input", { type: "checkbox", value }), element("span", {}, value || "(empty)")];
  if (count !== undefined) parts.push(element("span", { className: "quiet" }, number(count)));
  return element("label", { className: "choice" }, ...parts);
}
