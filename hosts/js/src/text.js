/**
 * Texts as Python takes them, so that both hosts read and quote alike: by code points, with Python's idea of blanks.
 * In: texts and values as given. Out: texts. Called by every reader.
 */

import { Decimal, floatText } from "./decimal.js";
import { BLANKS, LIMITS } from "./notation.js";

/** The most code points of a value that are quoted in a message. */
export const SHOWN = LIMITS.shown;

const BLANK = BLANKS.map((ends) => Array.from(ends, (point) => String.fromCharCode(point)).join("-")).join("");
const ENDS = new RegExp(`^[${BLANK}]+|[${BLANK}]+$`, "g");
const NOTHING = new RegExp(`^[${BLANK}]*$`);
const SURROGATE = /[\ud800-\udfff]/;
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u;

/**
 * A text without blanks at its ends. `trim` has another idea of what is blank.
 * @param {string} text
 */
export function strip(text) {
  return text.replace(ENDS, "");
}

/**
 * Whether a text has nothing but blanks.
 * @param {string} text
 */
export function isBlank(text) {
  return NOTHING.test(text);
}

/**
 * How many code points a text has.
 * @param {string} text
 */
export function size(text) {
  return SURROGATE.test(text) ? Array.from(text).length : text.length;
}

/**
 * Whether a text can be shown as it is.
 * @param {string} text
 */
export function printable(text) {
  return PRINTABLE.test(text);
}

/**
 * The order of two texts by code points; `<` compares UTF-16 units.
 * @param {string} a
 * @param {string} b
 */
export function compareTexts(a, b) {
  if (a === b) return 0;
  if (!SURROGATE.test(a) && !SURROGATE.test(b)) return a < b ? -1 : 1;
  const [left, right] = [Array.from(a), Array.from(b)];
  const at = left.findIndex((char, index) => char !== right[index]);
  if (at < 0) return -1;
  return at >= right.length
    ? 1
    : /** @type {number} */ (left[at].codePointAt(0)) - /** @type {number} */ (right[at].codePointAt(0));
}

/**
 * A whole number as a bigint; null for anything else. Beyond 2^53 a JavaScript number may stand for another one, so
 * it counts as a fraction does: by the decimal that it is written as.
 * @param {unknown} raw
 */
export function wholeOf(raw) {
  if (typeof raw === "bigint") return raw;
  return Number.isSafeInteger(raw) ? BigInt(/** @type {number} */ (raw)) : null;
}

/**
 * How many bits a whole number takes, its sign left out.
 * @param {bigint} whole
 */
export function bits(whole) {
  return whole === 0n ? 0 : (whole < 0n ? -whole : whole).toString(2).length;
}

/**
 * Whether a value is a set of names and values.
 * @param {unknown} raw
 * @returns {raw is Record<string, unknown>}
 */
export function isMapping(raw) {
  return (
    typeof raw === "object" &&
    raw !== null &&
    Object.prototype.toString.call(raw) === "[object Object]" &&
    !(raw instanceof Decimal)
  );
}

/**
 * A value as it may be quoted in a message: short, printable, never deep.
 * @param {unknown} raw
 * @returns {string}
 */
export function shown(raw) {
  if (raw === null || raw === undefined) return "null";
  if (typeof raw === "boolean") return String(raw);
  if (typeof raw === "string") return quoted(raw);
  const whole = wholeOf(raw);
  if (whole !== null)
    return bits(whole) <= LIMITS.whole_bits ? String(whole) : `${whole < 0n ? "-" : ""}…(${bits(whole)} bit)`;
  if (typeof raw === "number") return quoted(floatText(raw));
  if (raw instanceof Decimal) return quoted(String(raw));
  if (Array.isArray(raw)) return "[…]";
  return isMapping(raw) ? "{…}" : Object.prototype.toString.call(raw).slice(8, -1);
}

/** @param {string} text */
function quoted(text) {
  const chars = Array.from(text.slice(0, 2 * SHOWN + 2), (char) => (printable(char) ? char : "\ufffd"));
  return chars.length <= SHOWN ? chars.join("") : `${chars.slice(0, SHOWN - 1).join("")}…`;
}
