/**
 * How possible values combine: `fupin_policy/core/possible.py`, to the letter.
 * In: truths of two bits, intervals of bigints, masks of codes. Out: the same. Called by `trace`.
 */

import { isoOf, lengthOfMonth, toDay } from "./days.js";
import { FALSE, TRUE, UNKNOWN } from "./possible.js";

/** @typedef {[low: bigint, high: bigint]} Ends */
/** @typedef {"half_up" | "down" | "up"} Rounding */
/** @typedef {"years" | "months" | "days"} Period */
/** @typedef {string | [month: number, day: number]} CalendarPart */

/** What joins with nothing: no possible number. @type {Ends} */
export const NO_NUMBER = [(1n << 63n) - 1n, -(1n << 63n)];

/** @type {(one: bigint, other: bigint) => bigint} */
const lesser = (one, other) => (one < other ? one : other);
/** @type {(one: bigint, other: bigint) => bigint} */
const greater = (one, other) => (one > other ? one : other);

/**
 * The two bits of a truth.
 * @param {boolean} possible
 * @param {boolean} sure
 */
function truth(possible, sure) {
  return (possible ? 2 : 0) | (sure ? 1 : 0);
}

/** @param {number} bits */
export function negate(bits) {
  return TRUE - ((bits >> 1) | ((bits & 1) << 1));
}

/**
 * @param {"<" | "<=" | "="} operator
 * @param {Ends} a
 * @param {Ends} b
 */
export function compare(operator, a, b) {
  if (operator === "<") return truth(a[0] < b[1], a[1] < b[0]);
  if (operator === "<=") return truth(a[0] <= b[1], a[1] <= b[0]);
  return truth(a[0] <= b[1] && b[0] <= a[1], a[0] === b[1] && a[1] === b[0]);
}

/**
 * Whether two codes are the same.
 * @param {bigint} a
 * @param {bigint} b
 */
export function sameCode(a, b) {
  return truth((a & b) !== 0n, a === b && (a & (a - 1n)) === 0n);
}

/**
 * Whether a code is among those of a mask.
 * @param {bigint} a
 * @param {bigint} mask
 */
export function oneOf(a, mask) {
  return truth((a & mask) !== 0n, (a & ~mask) === 0n);
}

/**
 * @param {Ends[]} args
 * @returns {Ends}
 */
export function add(args) {
  return args.reduce(([low, high], one) => [low + one[0], high + one[1]], [0n, 0n]);
}

/**
 * @param {Ends} a
 * @param {bigint} factor
 * @returns {Ends}
 */
export function scaled([low, high], factor) {
  return factor >= 0n ? [low * factor, high * factor] : [high * factor, low * factor];
}

/**
 * @param {Ends} a
 * @param {Ends} b
 */
export function times(a, b) {
  return corners((x, y) => x * y, a, b);
}

/**
 * The rounded quotient; `b` does not contain 0.
 * @param {Ends} a
 * @param {Ends} b
 * @param {Rounding} rounding
 */
export function over(a, b, rounding) {
  return corners((x, y) => quotient(x, y, rounding), a, b);
}

/**
 * @param {(x: bigint, y: bigint) => bigint} operation
 * @param {Ends} a
 * @param {Ends} b
 * @returns {Ends}
 */
function corners(operation, a, b) {
  const found = a.flatMap((x) => b.map((y) => operation(x, y)));
  return [found.reduce(lesser), found.reduce(greater)];
}

/**
 * @param {bigint} numerator
 * @param {bigint} denominator
 * @param {Rounding} rounding
 */
export function quotient(numerator, denominator, rounding) {
  const [above, below] = [numerator, denominator].map((one) => (one < 0n ? -one : one));
  let size = above / below;
  const rest = above % below;
  if (rounding === "half_up" ? rest >= below - rest : rounding === "up" && rest > 0n) size += 1n;
  return numerator < 0n === denominator < 0n ? size : -size;
}

/**
 * The least or the greatest of several numbers; at least one.
 * @param {Ends[]} args
 * @param {boolean} greatest
 * @returns {Ends}
 */
export function extreme(args, greatest) {
  const pick = greatest ? greater : lesser;
  return [args.map(([low]) => low).reduce(pick), args.map(([, high]) => high).reduce(pick)];
}

/**
 * @param {Ends} a
 * @param {Ends} ends
 * @returns {Ends}
 */
export function clamp(a, [low, high]) {
  return [lesser(greater(a[0], low), high), lesser(greater(a[1], low), high)];
}

/**
 * How many truths hold.
 * @param {number[]} selected
 * @returns {Ends}
 */
export function count(selected) {
  const [sure, perhaps] = selected.reduce(([low, high], bits) => [low + (bits & 1), high + (bits >> 1)], [0, 0]);
  return [BigInt(sure), BigInt(perhaps)];
}

/**
 * The sum of the values whose truth holds; `otherwise` where none does.
 * @param {number[]} selected
 * @param {Ends[]} values
 * @param {Ends} [otherwise]
 * @returns {Ends}
 */
export function total(selected, values, otherwise = [0n, 0n]) {
  let [low, high] = [0n, 0n];
  selected.forEach((bits, at) => {
    const [least, most] = values[at];
    if (bits === TRUE) [low, high] = [low + least, high + most];
    else if (bits === UNKNOWN) [low, high] = [low + lesser(0n, least), high + greater(0n, most)];
  });
  if ((otherwise[0] === 0n && otherwise[1] === 0n) || selected.includes(TRUE)) return [low, high];
  const maybe = values.filter((_, at) => selected[at] !== FALSE);
  const lows = low < 0n ? [low] : maybe.map(([least]) => least);
  const highs = high > 0n ? [high] : maybe.map(([, most]) => most);
  return [[...lows, otherwise[0]].reduce(lesser), [...highs, otherwise[1]].reduce(greater)];
}

/**
 * The least or greatest of the values whose truth holds; `otherwise` where none does.
 * @param {number[]} selected
 * @param {Ends[]} values
 * @param {Ends} otherwise
 * @param {boolean} greatest
 * @returns {Ends}
 */
export function extremeOf(selected, values, otherwise, greatest) {
  if (greatest) {
    const contrary = values.map((one) => scaled(one, -1n));
    return scaled(extremeOf(selected, contrary, scaled(otherwise, -1n), false), -1n);
  }
  const sure = values.filter((_, at) => selected[at] === TRUE);
  const maybe = values.filter((_, at) => selected[at] !== FALSE);
  if (sure.length > 0) return [maybe.map(([low]) => low).reduce(lesser), sure.map(([, high]) => high).reduce(lesser)];
  const reached = [...maybe, otherwise];
  return [reached.map(([low]) => low).reduce(lesser), reached.map(([, high]) => high).reduce(greater)];
}

/** @param {bigint} day */
function partsOf(day) {
  const [year, month, ofMonth] = isoOf(Number(day)).split("-").map(Number);
  return { year, month, ofMonth };
}

/**
 * @param {number} year
 * @param {number} month
 * @param {number} ofMonth
 */
function dayOf(year, month, ofMonth) {
  return BigInt(/** @type {number} */ (toDay(year, month, ofMonth)));
}

/**
 * Completed periods between two days, least and most.
 * @param {Period} period
 * @param {Ends} start
 * @param {Ends} end
 * @returns {Ends}
 */
export function dateDiff(period, start, end) {
  return [elapsed(period, start[1], end[0]), elapsed(period, start[0], end[1])];
}

/**
 * @param {Period} period
 * @param {bigint} start
 * @param {bigint} end
 */
function elapsed(period, start, end) {
  if (end < start) return 0n;
  if (period === "days") return end - start;
  const [first, last] = [partsOf(start), partsOf(end)];
  const early = last.ofMonth < first.ofMonth;
  const months = (last.year - first.year) * 12 + last.month - first.month - (early ? 1 : 0);
  return BigInt(period === "years" ? Math.floor(months / 12) : months);
}

/**
 * A day moved by a number of periods.
 * @param {Ends} day
 * @param {Ends} amount
 * @param {Period} period
 * @returns {Ends}
 */
export function shift(day, amount, period) {
  return [shiftDay(day[0], amount[0], period), shiftDay(day[1], amount[1], period)];
}

/**
 * @param {bigint} day
 * @param {bigint} amount
 * @param {Period} period
 */
export function shiftDay(day, amount, period) {
  if (period === "days") return day + amount;
  const { year, month, ofMonth } = partsOf(day);
  const months = year * 12 + month - 1 + Number(amount) * (period === "years" ? 12 : 1);
  const [found, at] = [Math.floor(months / 12), (months % 12) + 1];
  return dayOf(found, at, Math.min(ofMonth, lengthOfMonth(found, at)));
}

/**
 * What the calendar gives for a day: end by end, but for the month, which begins again with each year.
 * @param {CalendarPart} part
 * @param {Ends} day
 * @returns {Ends}
 */
export function calendar(part, day) {
  if (part === "month" && partsOf(day[0]).year !== partsOf(day[1]).year) return [1n, 12n];
  return [calendarOf(part, day[0]), calendarOf(part, day[1])];
}

/**
 * @param {CalendarPart} part
 * @param {bigint} day
 */
export function calendarOf(part, day) {
  const { year, month, ofMonth } = partsOf(day);
  if (part === "year") return BigInt(year);
  if (part === "month") return BigInt(month);
  if (part === "start_of_month") return dayOf(year, month, 1);
  if (part === "start_of_quarter") return dayOf(year, month - ((month - 1) % 3), 1);
  const [ofYear, at] = /** @type {[number, number]} */ (part);
  const early = month < ofYear || (month === ofYear && ofMonth < at);
  return dayOf(early ? year - 1 : year, ofYear, at);
}
