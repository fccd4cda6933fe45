/**
 * Readers of one scalar: numbers, dates, truths, codes, ids.
 * In: a value as given. Out: integers and intervals, or `Unreadable`. Called by `partial`, `level` and `intake`.
 */

import { isoOf, lengthOfMonth, toDay } from "./days.js";
import { Decimal, floatText } from "./decimal.js";
import { nearest } from "./nearest.js";
import * as notation from "./notation.js";
import { FALSE, TRUE } from "./possible.js";
import { SHOWN, bits, printable, shown, size, strip, wholeOf } from "./text.js";

/** @typedef {import("./manifest.js").NumberType} NumberType */
/** @typedef {import("./manifest.js").DayType} DayType */
/** @typedef {import("./manifest.js").CodeDecl} CodeDecl */
/** @typedef {import("./report.js").Words} Words */
/** @typedef {{code: string, words: Words, suggestion: string | null, below: string}} Fault */

const { FULL_WIDTH, HALF_WIDTH, LIMITS } = notation;
const [EARLIEST_WHOLE_DATE, LATEST_WHOLE_DATE] = notation.WHOLE_DATES;

const NUMBER = whole(notation.NUMBER);
const ISO_DATE = whole(notation.ISO_DATE);
const DATES = notation.DATES.map(whole);
/** Years and months whose writing has a second meaning, and that meaning. @type {[RegExp, string][]} */
const TWO_READINGS = notation.TWO_READINGS.map(([form, other]) => [whole(form), other]);
const WIDE = new RegExp(`[${FULL_WIDTH}]`, "g");
const TRUTHS = new Map(Object.entries(notation.TRUTHS));

/**
 * A pattern that a text must match from end to end.
 * @param {string} form
 */
function whole(form) {
  return new RegExp(`^${form}$`);
}

/** A value cannot be read; `faults` says why. */
export class Unreadable extends Error {
  /** @param {Fault[]} faults */
  constructor(faults) {
    super();
    this.faults = faults;
  }
}

/**
 * @param {string} code
 * @param {Words} [words]
 * @param {string} [below] the place within the value
 * @param {string | null} [suggestion]
 * @returns {Fault}
 */
export function fault(code, words = {}, below = "", suggestion = null) {
  return { code, words, suggestion, below };
}

/**
 * One fault as an exception to throw.
 * @param {string} code
 * @param {Words} [words]
 * @param {string | null} [suggestion]
 */
export function refuse(code, words = {}, suggestion = null) {
  return new Unreadable([fault(code, words, "", suggestion)]);
}

/**
 * An integer in units of `10**-scale` as people write it.
 * @param {bigint} value
 * @param {number} scale
 */
export function numberText(value, scale) {
  const sign = value < 0n ? "-" : "";
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, "0");
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/**
 * A number in units of the type, inside its range.
 * @param {unknown} raw
 * @param {NumberType} type
 */
export function readNumber(raw, type) {
  const whole = wholeOf(raw);
  if (whole !== null) return ranged(whole * type.one, raw, type);
  const value = decimalOf(raw);
  const power = value.exponent + BigInt(type.scale);
  if (power < 0n) throw refuse("H023", { given: shown(raw), decimals: type.scale });
  if (value.isZero) return ranged(0n, raw, type);
  if (value.magnitude > LIMITS.exponent) throw outOfRange(raw, type);
  const magnitude = BigInt(value.digits) * 10n ** power;
  return ranged(value.negative ? -magnitude : magnitude, raw, type);
}

/** @param {unknown} raw */
function decimalOf(raw) {
  if (raw instanceof Decimal) return raw;
  if (typeof raw === "number") {
    if (!Number.isFinite(raw)) throw refuse("H022", { given: shown(raw) });
    return /** @type {Decimal} */ (Decimal.read(floatText(raw).replace(/\.0$/, "")));
  }
  const text = typeof raw === "string" ? halfWidth(strip(raw)) : "";
  const value = NUMBER.test(text) ? Decimal.read(text.replaceAll(",", "")) : null;
  if (value === null) throw refuse("H021", { given: shown(raw) });
  return value;
}

/** @param {string} text */
function halfWidth(text) {
  return text.replace(WIDE, (char) => HALF_WIDTH[FULL_WIDTH.indexOf(char)]);
}

/**
 * @param {bigint} value
 * @param {unknown} raw
 * @param {NumberType} type
 */
function ranged(value, raw, type) {
  if (value < type.low || value > type.high) throw outOfRange(raw, type);
  return value;
}

/**
 * @param {unknown} raw
 * @param {NumberType} type
 */
function outOfRange(raw, { low, high, scale }) {
  return refuse("H024", { given: shown(raw), low: numberText(low, scale), high: numberText(high, scale) });
}

/**
 * The days that a date, perhaps of reduced precision, may be, inside the type's range.
 * @param {unknown} raw
 * @param {DayType} type
 * @returns {[number, number]}
 */
export function readDays(raw, type) {
  const [first, last] = daysOf(raw);
  const [low, high] = [Math.max(first, type.low), Math.min(last, type.high)];
  if (low > high) throw refuse("H027", { given: shown(raw), low: isoOf(type.low), high: isoOf(type.high) });
  return [low, high];
}

/** @param {unknown} raw */
function daysOf(raw) {
  const days = wholeOf(raw);
  if (days !== null && days >= EARLIEST_WHOLE_DATE && days <= LATEST_WHOLE_DATE) return daysOfText(String(days), raw);
  if (typeof raw === "string") return daysOfText(halfWidth(strip(raw)), raw);
  throw refuse("H025", { given: shown(raw) });
}

/**
 * @param {string} text
 * @param {unknown} raw
 */
function daysOfText(text, raw) {
  const match = DATES.map((pattern) => pattern.exec(text)).find((found) => found !== null);
  if (!match) throw refuse("H025", { given: shown(raw) });
  const [year, month, day] = [Number(match[1]), Number(match[3] ?? 0), Number(match[4] ?? 0)];
  const [firstMonth, lastMonth] = match[3] === undefined ? [1, 12] : [month, month];
  const whole = match[4] === undefined;
  const first = toDay(year, firstMonth, whole ? 1 : day);
  const last = toDay(year, lastMonth, whole ? lengthOfMonth(year, lastMonth) : day);
  if (first === null || last === null) throw refuse("H026", { given: shown(raw) });
  for (const [pattern, other] of TWO_READINGS) {
    if (!pattern.test(text)) continue;
    throw refuse("H110", {
      given: shown(raw),
      first: isoOf(first).slice(0, 7),
      other: text.replace(pattern, other),
    });
  }
  return [first, last];
}

/**
 * The day of a full ISO date; null for anything else.
 * @param {unknown} raw
 */
export function readIsoDate(raw) {
  const match = typeof raw === "string" ? ISO_DATE.exec(strip(raw)) : null;
  return match === null ? null : toDay(Number(match[1]), Number(match[2]), Number(match[3]));
}

/**
 * A truth: a boolean or one of 是 否 true false yes no.
 * @param {unknown} raw
 */
export function readTruth(raw) {
  if (typeof raw === "boolean") return raw ? TRUE : FALSE;
  const truth = typeof raw === "string" && size(raw) <= SHOWN ? TRUTHS.get(strip(raw).toLowerCase()) : undefined;
  if (truth === undefined) throw refuse("H020", { given: shown(raw) });
  return truth ? TRUE : FALSE;
}

/**
 * The mask of every word that stands for a code: the registry's code before the name before the label.
 * @param {CodeDecl[]} codes
 */
export function codeMasks(codes) {
  /** @type {Map<string, bigint>} */
  const masks = new Map();
  for (const part of /** @type {const} */ (["code", "name", "label"])) {
    codes.forEach((one, index) => {
      if (!masks.has(one[part])) masks.set(one[part], 1n << BigInt(index));
    });
  }
  return masks;
}

/**
 * The mask of one code.
 * @param {unknown} raw
 * @param {Map<string, bigint>} masks
 * @param {string[]} known the codes as a message names them
 */
export function readCode(raw, masks, known) {
  const word = wholeOf(raw) === null ? raw : shown(raw);
  const text = typeof word === "string" ? word : null;
  const found = text === null ? undefined : masks.get(strip(text));
  if (found === undefined) {
    throw refuse("H029", { given: shown(raw), known }, text === null ? null : nearest(text, masks.keys()));
  }
  return found;
}

/**
 * An id: text or a whole number.
 * @param {unknown} raw
 */
export function readId(raw) {
  const whole = wholeOf(raw);
  if (whole !== null && bits(whole) <= LIMITS.whole_bits) return String(whole);
  if (typeof raw === "string" && size(raw) <= LIMITS.id && printable(raw)) return strip(raw);
  throw refuse("H003", { given: shown(raw) });
}
