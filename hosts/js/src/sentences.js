/**
 * Texts in both languages: sentences of the artifact with what stands in their places, values with their units.
 * In: the rules of an artifact, a day. Out: texts. Called by `tracewords`, `reasons`, `keptrows` and `explaintext`.
 */

import { isoOf } from "./days.js";
import { UNKNOWN } from "./possible.js";
import { wholeOf } from "./rules.js";

/** @typedef {import("../index.d.ts").Words} Words */
/** @typedef {import("./rules.js").Type} Type */
/** @typedef {"zh" | "en"} Language */

/** @type {Words} */
export const NO_TEXT = Object.freeze({ zh: "", en: "" });
/** The days that a calendar has. */
const DAYS = [-719_162, 2_932_896];

/**
 * @param {string} zh
 * @param {string} [en]
 * @returns {Words}
 */
export function words(zh, en = zh) {
  return { zh, en };
}

/**
 * What tells two texts apart.
 * @param {Words | null} text
 */
export function keyOf(text) {
  return text === null ? "" : `${text.zh}\0${text.en}`;
}

/**
 * Texts, each once.
 * @param {Words[]} texts
 */
export function distinct(texts) {
  return [...new Map(texts.map((one) => [keyOf(one), one])).values()];
}

/**
 * Several texts as one.
 * @param {Words[]} texts
 * @param {Words} joint
 * @returns {Words}
 */
export function joined(texts, joint) {
  return { zh: texts.map(({ zh }) => zh).join(joint.zh), en: texts.map(({ en }) => en).join(joint.en) };
}

/** The words of an artifact on a day. */
export class Sentences {
  /**
   * @param {import("./rules.js").Rules} rules
   * @param {number} day
   */
  constructor(rules, day) {
    this.rules = rules;
    this.day = day;
  }

  /**
   * A sentence by its name; a part that is no text in both languages is the same in either.
   * @param {string} name
   * @param {Record<string, Words | string | number>} [parts]
   * @returns {Words}
   */
  say(name, parts = {}) {
    const [zh, en] = this.rules.sentences[name];
    /** @type {(text: string, language: Language) => string} */
    const filled = (text, language) =>
      text.replace(/\{(\w+)\}/g, (_, key) => {
        const part = parts[key];
        return String(typeof part === "object" ? part[language] : part);
      });
    return { zh: filled(zh, "zh"), en: filled(en, "en") };
  }

  /** @param {number | undefined} number */
  text(number) {
    return number === undefined ? NO_TEXT : this.rules.text(number, this.day);
  }

  /**
   * A value of a type: exact, partial (`80.00–200.00 元`, `一级或二级`), or unknown.
   * @param {Type} type
   * @param {any} value
   * @returns {Words}
   */
  value(type, value) {
    const whole = wholeOf(type);
    switch (type.type) {
      case "truth":
        return this.say(`truth_${value}`);
      case "code": {
        if (value === whole && (value & (value - 1n)) !== 0n) return this.say(`truth_${UNKNOWN}`);
        const codes = this.rules.codes[type.code_list].filter((_, at) => ((value >> BigInt(at)) & 1n) === 1n);
        return this.alternatives(codes.map(([zh, en]) => ({ zh, en })));
      }
      default: {
        const [low, high] = value;
        const [least, most] = /** @type {[bigint, bigint]} */ (whole);
        if (low !== high && low === least && high === most) return this.say(`truth_${UNKNOWN}`);
        if (type.type === "number") return this.ends(type, value);
        const [first, last] = [low, high].map((day) => isoOf(Math.min(Math.max(Number(day), DAYS[0]), DAYS[1])));
        return first === last ? words(first) : this.say("between_days", { first, last });
      }
    }
  }

  /**
   * A number, or the least and greatest that it may be, with its unit.
   * @param {Extract<Type, {type: "number"}>} type
   * @param {[bigint, bigint]} value
   * @returns {Words}
   */
  ends({ scale, least, units }, value) {
    const ends = [...new Set(value.map((end) => decimal(end, scale, least)))];
    const [zh, en] = ends.length === 1 && ends[0] === "1" ? units.slice(2) : units;
    const digits = ends.join("–");
    return { zh: digits + zh, en: digits + en };
  }

  /**
   * `一级、二级或三级`, `one, two or three`.
   * @param {Words[]} items
   */
  alternatives(items) {
    if (items.length < 2) return items[0] ?? NO_TEXT;
    const before = joined(items.slice(0, -1), this.say("comma"));
    return joined([before, items[items.length - 1]], this.say("either"));
  }
}

/**
 * `(8000, 2, 2)` → `80.00`: an integer at a scale; zeros at the end go, down to `least` decimals.
 * @param {bigint} value
 * @param {number} scale
 * @param {number} least
 */
export function decimal(value, scale, least) {
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, "0");
  const [whole, part] = [digits.slice(0, digits.length - scale), digits.slice(digits.length - scale)];
  const kept = part.slice(0, least) + part.slice(least).replace(/0+$/, "");
  return (value < 0n ? "-" : "") + whole + (kept ? `.${kept}` : "");
}
