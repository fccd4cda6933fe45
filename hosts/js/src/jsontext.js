/**
 * JSON as people give it: exact numbers, no repeated names, no NaN. `JSON.parse` rounds numbers of more than 15 digits.
 * In: a text or its bytes in UTF-8. Out: plain data, or `InputError` with the place. Called by users and `manifest`.
 */

import { Decimal } from "./decimal.js";
import { LIMITS } from "./notation.js";
import { InputError, Report } from "./report.js";
import { shown, size } from "./text.js";

const BLANKS = /[ \t\n\r]*/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const NUMBER = /-?(?:[1-9][0-9]*|0)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
const WORD = /null|true|false|NaN|-?Infinity/y;
const HEX = /[0-9a-fA-F]{4}/y;
/** @type {Record<string, unknown>} */
const WORDS = { null: null, true: true, false: false };
/** @type {Record<string, string>} */
const ESCAPES = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/**
 * The value of a JSON text. Whole numbers beyond 2^53 are bigints, fractions are `Decimal`. Throws InputError.
 * @param {string | Uint8Array} given
 */
export function parseJson(given) {
  const text = decoded(given);
  const report = new Report();
  let value;
  try {
    value = new Parser(text, report).whole();
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    const last = new Report();
    last.add(error.code, placeOf(text, error.at), error.words);
    throw new InputError([...report.problems, ...last.problems]);
  }
  report.throwProblems();
  return value;
}

/** @param {string | Uint8Array} given */
function decoded(given) {
  const report = new Report();
  // whatever stands there in a program that no types are checked of
  if (typeof given !== "string" && !(given instanceof Uint8Array))
    report.add("H111", "<json>", { given: shown(given) });
  report.throwProblems();
  const length = typeof given === "string" && given.length > LIMITS.json ? size(given) : given.length;
  if (length > LIMITS.json) report.add("H054", "<json>", { limit: LIMITS.json });
  report.throwProblems();
  if (typeof given === "string") return given.startsWith("\ufeff") ? given.slice(1) : given;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(given);
  } catch {
    report.add("H055", placeOf(soundPart(given), Infinity));
    throw new InputError(report.problems);
  }
}

/**
 * What stands before the first byte that is not UTF-8: the longest part that decodes, searched by halves.
 * @param {Uint8Array} given
 */
function soundPart(given) {
  let text = "";
  for (let sound = 0, faulty = given.length + 1; faulty - sound > 1;) {
    const middle = (sound + faulty) >> 1;
    try {
      // the bytes of a sign that is cut in two wait for the rest
      text = new TextDecoder("utf-8", { fatal: true }).decode(given.subarray(0, middle), { stream: true });
      sound = middle;
    } catch {
      faulty = middle;
    }
  }
  return text;
}

/**
 * @param {string} text
 * @param {number} at
 */
function placeOf(text, at) {
  const before = text.slice(0, at);
  const start = before.lastIndexOf("\n") + 1;
  return `<json>:${before.split("\n").length}:${size(before.slice(start)) + 1}`;
}

class Stopped extends Error {
  /**
   * @param {string} code
   * @param {number} at
   * @param {import("./report.js").Words} [words]
   */
  constructor(code, at, words = {}) {
    super();
    this.code = code;
    this.at = at;
    this.words = words;
  }
}

class Parser {
  /**
   * @param {string} text
   * @param {Report} report
   */
  constructor(text, report) {
    this.text = text;
    this.report = report;
    this.at = 0;
    this.depth = 0;
  }

  whole() {
    this.skip();
    const value = this.value();
    this.skip();
    if (this.at < this.text.length) throw new Stopped("H050", this.at);
    return value;
  }

  /** @returns {unknown} */
  value() {
    const char = this.text[this.at];
    if (char === '"') return this.string();
    if (char !== "{" && char !== "[") return this.scalar();
    if (this.depth === LIMITS.json_depth) throw new Stopped("H053", 0);
    this.depth += 1;
    const value = char === "{" ? this.object() : this.array();
    this.depth -= 1;
    return value;
  }

  object() {
    /** @type {Record<string, unknown>} */
    const value = {};
    /** @type {string[]} */
    const repeated = [];
    this.list("}", () => {
      if (this.text[this.at] !== '"') throw new Stopped("H050", this.at);
      const name = this.string();
      this.skip();
      if (this.text[this.at] !== ":") throw new Stopped("H050", this.at);
      this.at += 1;
      this.skip();
      const found = this.value();
      if (Object.hasOwn(value, name)) repeated.push(name);
      // assigning would take __proto__ for something else
      Object.defineProperty(value, name, { value: found, configurable: true, enumerable: true, writable: true });
    });
    for (const name of repeated) this.report.add("H052", shown(name), { name: shown(name) });
    return value;
  }

  array() {
    /** @type {unknown[]} */
    const value = [];
    this.list("]", () => value.push(this.value()));
    return value;
  }

  /**
   * @param {string} close
   * @param {() => void} item
   */
  list(close, item) {
    this.at += 1;
    this.skip();
    if (this.text[this.at] !== close) {
      for (;;) {
        item();
        this.skip();
        if (this.text[this.at] === close) break;
        if (this.text[this.at] !== ",") throw new Stopped("H050", this.at);
        this.at += 1;
        this.skip();
      }
    }
    this.at += 1;
  }

  string() {
    const start = this.at;
    let value = "";
    this.at += 1;
    for (;;) {
      value += this.take(PLAIN)?.[0] ?? "";
      if (this.at >= this.text.length) throw new Stopped("H050", start);
      const char = this.text[this.at];
      if (char !== '"' && char !== "\\") throw new Stopped("H050", this.at);
      this.at += 1;
      if (char === '"') return value;
      value += this.escape(start);
    }
  }

  /** @param {number} start where the string begins */
  escape(start) {
    const slash = this.at - 1;
    if (this.at >= this.text.length) throw new Stopped("H050", start);
    const char = this.text[this.at];
    this.at += 1;
    if (char !== "u") {
      if (!Object.hasOwn(ESCAPES, char)) throw new Stopped("H050", slash);
      return ESCAPES[char];
    }
    const digits = this.at + 4 < this.text.length ? this.take(HEX) : null;
    if (digits === null) throw new Stopped("H050", slash + 1);
    return String.fromCharCode(parseInt(digits[0], 16));
  }

  scalar() {
    const start = this.at;
    const word = this.take(WORD)?.[0];
    if (word === undefined) return this.number(start);
    if (Object.hasOwn(WORDS, word)) return WORDS[word];
    throw new Stopped("H051", start, { given: word });
  }

  /** @param {number} start */
  number(start) {
    const match = this.take(NUMBER);
    if (match === null) throw new Stopped("H050", start);
    const [text, below, power] = match;
    if (below === undefined && power === undefined && text.length <= LIMITS.json_digits) {
      const value = Number(text);
      return Number.isSafeInteger(value) ? value + 0 : BigInt(text);
    }
    const value = Decimal.read(text);
    if (value === null) throw new Stopped("H056", this.text.indexOf(text), { given: shown(text) });
    return value;
  }

  skip() {
    this.take(BLANKS);
  }

  /**
   * What a sticky pattern finds here, and go past it.
   * @param {RegExp} pattern
   */
  take(pattern) {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match !== null) this.at += match[0].length;
    return match;
  }
}
