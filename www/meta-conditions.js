// The conditions on metadata: rows of a key, a kind and a value. The kind matters, since "1" is not 1.

import { element } from "./element.js";

const KINDS = { text: "text", number: "number", true: "true", false: "false", null: "null" };

/**
 * @param {HTMLElement} place
 * @param {(conditions: Record<string, string | number | boolean | null>) => void} onChange Called with the conditions
 *   of all rows that have a key, whenever they change and every one of them can be understood.
 * @param {(problem: string) => void} onProblem Called with what cannot be understood, or "".
 */
export function createMetaConditions(place, onChange, onProblem) {
  let last = "{}";

  const addRow = (key = "", value = "") => {
    const row = makeRow(key, value);
    row.querySelector("button").addEventListener("click", () => {
      const next = row.nextElementSibling ?? row.previousElementSibling;
      row.remove();
      if (!next) addRow();
      (next ?? place).querySelector("input").focus();
      read();
    });
    place.append(row);
    return row;
  };

  const read = () => {
    const conditions = {};
    let problem = "";
    for (const row of place.children) {
      const key = row.querySelector(".key").value;
      const field = row.querySelector(".value");
      const found = key === "" ? {} : conditionValue(row.querySelector("select").value, field.value);
      if (Object.hasOwn(conditions, key))
        found.problem = `Only one condition can be on ${JSON.stringify(key)}.`;
      field.toggleAttribute("aria-invalid", found.problem !== undefined);
      problem ||= found.problem ?? "";
      // Not by assignment, since a key may be "__proto__".
      if (key !== "" && !found.problem) {
        Object.defineProperty(conditions, key, { value: found.value, enumerable: true, configurable: true });
      }
    }
    onProblem(problem);
    const next = JSON.stringify(conditions);
    if (problem !== "" || next === last) return;
    last = next;
    onChange(conditions);
  };

  place.addEventListener("change", (event) => {
    if (event.target.matches("select")) showValueField(event.target.parentElement);
    read();
  });
  addRow();

  return {
    /** Shows conditions, unless the rows tell of these very ones. */
    show(conditions) {
      const next = JSON.stringify(conditions);
      if (next === last) return;
      last = next;
      place.replaceChildren();
      for (const [key, value] of Object.entries(conditions)) addRow(key, value);
      if (place.children.length === 0) addRow();
      onProblem("");
    },
    /** Empties the rows without telling. */
    clear() {
      last = "{}";
      place.replaceChildren();
      addRow();
      onProblem("");
    },
    addRow: () => addRow().querySelector("input").focus(),
    read,
  };
}

function makeRow(key, value) {
  const kind = typeof value === "string" ? "text" : typeof value === "number" ? "number" : String(value);
  const kinds = element("select", { "aria-label": "Kind of the value" });
  kinds.append(...Object.entries(KINDS).map(([one, name]) => element("option", { value: one }, name)));
  kinds.value = kind;
  const row = element(
    "div",
    { className: "condition", role: "group", "aria-label": "Condition on metadata" },
    element("input", {
      className: "key",
      value: key,
      placeholder: "key",
      autocomplete: "off",
      "aria-label": "Key",
    }),
    element("span", { "aria-hidden": "true" }, "="),
    kinds,
    element("input", {
      className: "value",
      value: kind === "text" || kind === "number" ? String(value) : "",
      placeholder: "value",
      autocomplete: "off",
      "aria-label": "Value",
    }),
    element("button", { type: "button", "aria-label": "Remove the condition", title: "Remove" }, "×"),
  );
  showValueField(row);
  return row;
}

/** Only a text and a number have a value to be written. */
function showValueField(row) {
  row.querySelector(".value").hidden = !["text", "number"].includes(row.querySelector("select").value);
}

function conditionValue(kind, written) {
  if (kind === "text") return { value: written };
  if (kind !== "number") return { value: JSON.parse(kind) };
  const value = Number(written);
  return written.trim() === "" || !Number.isFinite(value)
    ? { problem: `${JSON.stringify(written)} is not a number.` }
    : { value };
}
