/**
 * Checks what a model gave a tool, and says what is wrong in words that it can act on.
 * @module
 */

import { ConflictError, ScribeError } from "../errors.js";
import { VALIDATORS } from "./validators.js";

/** Errors that say all there is to say. */
const complete = new WeakSet();

/** An error of the tools themselves, whose message says what to do. */
export function refusal(code, message) {
  const error = new ScribeError(code, message);
  complete.add(error);
  return error;
}

/** The error of an input that does not fit. */
export function invalid(message) {
  return refusal("invalid_argument", message);
}

/** What a model can do about an error of the store, where that does not say. */
const ADVICE = {
  not_found: "list_projects names those there are",
  invalid_cursor: "call again with cursor null",
};

/** An error for the model, made of one that a tool's call rejected with: what was called, what is wrong, what to do. */
export function explained(name, error) {
  const { code, retryable, expectedVersion: expected, actualVersion: actual } = error;
  const advice = retryable ? "the same call may succeed later" : ADVICE[code];
  const message = `${name}: ${error.message}${advice && !complete.has(error) ? `; ${advice}` : ""}`;
  const options = { cause: error };
  return code === "conflict"
    ? new ConflictError(message, { expected, actual }, options)
    : new ScribeError(code, message, options);
}

/**
 * Returns the input of a tool with `null` for what was left out, as models of lenient formats and people do.
 *
 * @param {string} name The tool's name.
 * @param {object} schema Its input's schema.
 * @param {unknown} input
 * @throws {ScribeError} With `invalid_argument`: each place, what was expected there, and what is there.
 */
export function checkInput(name, schema, input) {
  const given = completed(schema, input ?? {});
  const validate = VALIDATORS[name];
  if (validate(given)) return given;
  throw invalid(validate.errors.map((error) => mistake(error, given)).join("; "));
}

function completed({ properties }, input) {
  if (typeof input !== "object" || Array.isArray(input)) return input;
  const given = { ...input };
  for (const [key, { type }] of Object.entries(properties)) {
    if (given[key] === undefined && type.includes("null")) given[key] = null;
  }
  return given;
}

/**
 * Returns a number that was given, or the usual one.
 *
 * @param {string} property
 * @param {number | null} value
 * @param {{ most: number, normal: number }} bounds
 */
export function checkNumber(property, value, { most, normal }) {
  if (value === null) return normal;
  if (value >= 1 && value <= most) return value;
  throw invalid(`/${property}: expected a whole number from 1 to ${most}, got ${value}`);
}

/** One mistake, from what the validator reports. */
function mistake({ instancePath, keyword, params }, input) {
  const at = (key) => `${instancePath}/${key}`;
  switch (keyword) {
    case "required":
      return `${at(params.missingProperty)}: is missing`;
    case "additionalProperties":
      return `${at(params.additionalProperty)}: there is no such argument`;
    case "enum":
      return `${instancePath}: expected one of ${list(params.allowedValues)}, got ${described(valueAt(instancePath, input))}`;
    default:
      return `${instancePath || "/"}: expected ${types(params.type)}, got ${described(valueAt(instancePath, input))}`;
  }
}

function types(type) {
  return [type].flat().join(" or ");
}

function list(values) {
  return values.map((value) => JSON.stringify(value)).join(", ");
}

function valueAt(pointer, input) {
  const steps = pointer.split("/").slice(1);
  return steps.reduce((value, step) => value?.[step.replaceAll("~1", "/").replaceAll("~0", "~")], input);
}

/** A value, short enough for a message. */
function described(value) {
  const written = typeof value === "bigint" ? `${value}n` : (JSON.stringify(value) ?? typeof value);
  return written.length > 60 ? `${written.slice(0, 60)}…` : written;
}
