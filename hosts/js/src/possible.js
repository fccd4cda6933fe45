/**
 * Possible values: a truth is two bits, a number or a day an interval `[low, high]`, a code a mask of possible codes.
 * In: types and values. Out: values. Called by the readers, by `decide` and `departments`.
 */

/** @typedef {import("./manifest.js").Type} Type */
/** @typedef {[bigint, bigint] | [number, number]} Interval */
/** @typedef {number | bigint | Interval} Value a truth, a code's mask, or an interval of numbers or days */

/** A truth's bits: possibly true (2) and surely true (1). */
export const FALSE = 0;
export const UNKNOWN = 2;
export const TRUE = 3;

/**
 * What an unknown value of a type may be: everything in its range.
 * @param {Type} type
 * @returns {Value}
 */
export function whole(type) {
  switch (type.type) {
    case "truth":
      return UNKNOWN;
    case "code":
      return (1n << BigInt(type.size)) - 1n;
    default:
      return /** @type {Interval} */ ([type.low, type.high]);
  }
}

/**
 * Whether two values of one type allow the same.
 * @param {Value} a
 * @param {Value} b
 */
export function same(a, b) {
  return Array.isArray(a) && Array.isArray(b) ? a[0] === b[0] && a[1] === b[1] : a === b;
}

/**
 * Whether only one value is possible.
 * @param {Value} value
 */
export function exact(value) {
  if (Array.isArray(value)) return value[0] === value[1];
  return typeof value === "bigint" ? (value & (value - 1n)) === 0n : value !== UNKNOWN;
}

/**
 * What is possible when either value may be the right one.
 * @param {Value} a
 * @param {Value} b
 * @returns {Value}
 */
export function join(a, b) {
  if (Array.isArray(a) && Array.isArray(b)) {
    return /** @type {Interval} */ ([a[0] < b[0] ? a[0] : b[0], a[1] > b[1] ? a[1] : b[1]]);
  }
  if (typeof a === "bigint" && typeof b === "bigint") return a | b;
  const [left, right] = [Number(a), Number(b)];
  return ((left | right) & 2) | (left & right & 1);
}
