/**
 * Numbers of identity: what they tell, and what they fill of a household. Their text goes no further than this.
 * In: a manifest once, then plain data. Out: the same data with what its numbers tell. Called by `intake`.
 *
 * GB 11643-1999: six digits of an area, eight of the day of birth, three of an order that is odd for men, and the check
 * character by ISO 7064, MOD 11-2. The older numbers of 15 digits have no check character: nothing is taken from them but
 * whose they are.
 */

import { isoOf, toDay } from "./days.js";
import { isGiven, keysOf } from "./level.js";
import { FULL_WIDTH, HALF_WIDTH, NONE, UNKNOWN } from "./notation.js";
import { slotOf } from "./partial.js";
import { same } from "./possible.js";
import { Unreadable } from "./scalars.js";
import { isMapping, wholeOf } from "./text.js";

/** @typedef {import("./manifest.js").Manifest} Manifest */
/** @typedef {import("./manifest.js").Fact} Fact */
/** @typedef {import("./manifest.js").NumberFormat} NumberFormat */
/** @typedef {import("./partial.js").Slot} Slot */
/** @typedef {import("./possible.js").Value} Value */
/** @typedef {Record<string, unknown>} Given */
/**
 * What a number tells: whether it stands there in full, whether it can be right (null: that cannot be seen); where it is
 * right the day of birth and whether it is a man's; what is the same for the same person.
 * @typedef {{legible: boolean, valid: boolean | null, birth: number | null, male: boolean | null, person: string | null}} Reading
 */
/** @typedef {{fact: Fact, number: NumberFormat, birth: Slot | null, sex: Slot | null, codes: string[]}} Numbered */
/** @typedef {{data: unknown, derived: string[], persons: [fact: string, person: string][]}} Filled */

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = "10X98765432";
const LONGEST = 64;
const NOTHING = new Set([...UNKNOWN, ...NONE].map((word) => word.toUpperCase()));

/**
 * What a number as given tells; null where nothing is given or there is none. Without a kind any text will do.
 * @param {string | null} kind
 * @param {unknown} raw
 * @returns {Reading | null}
 */
export function readIdentity(kind, raw) {
  if (raw === null || raw === undefined) return null;
  const whole = wholeOf(raw);
  if (whole === null && (typeof raw === "boolean" || typeof raw === "number")) return reading(false);
  const text = written(whole === null ? String(raw) : String(whole));
  if (text === "" || NOTHING.has(text)) return null;
  if (kind === null) {
    const named = Array.from(text).length <= LONGEST && !/[*•●█■?]/.test(text);
    return { ...reading(named), person: named ? text : null };
  }
  if (/^[1-9][0-9]{14}$/.test(text)) return { ...reading(false), person: renewed(text) };
  if (!/^[1-9][0-9]{16}[0-9X]$/.test(text)) return reading(false);
  const day = toDay(Number(text.slice(6, 10)), Number(text.slice(10, 12)), Number(text.slice(12, 14)));
  if (day === null || checkCharacter(text) !== text[17]) return { ...reading(true), valid: false };
  return { legible: true, valid: true, birth: day, male: Number(text[16]) % 2 === 1, person: text };
}

/**
 * @param {boolean} legible
 * @returns {Reading}
 */
function reading(legible) {
  return { legible, valid: null, birth: null, male: null, person: null };
}

/**
 * A number without what people and sheets write around its digits.
 * @param {string} text
 */
function written(text) {
  const half = Array.from(text, (char) => {
    const at = FULL_WIDTH.indexOf(char);
    return at >= 0 ? HALF_WIDTH[at] : char === "Ｘ" || char === "ｘ" ? "X" : char;
  });
  return half
    .join("")
    .replace(/[\s\u001c-\u001f\u0085]+/g, "")
    .replace(/^['’‘`]+/, "")
    .toUpperCase();
}

/** @param {string} digits */
function checkCharacter(digits) {
  return CHECKS[WEIGHTS.reduce((sum, weight, at) => sum + weight * Number(digits[at]), 0) % 11];
}

/** @param {string} old */
function renewed(old) {
  const digits = `${old.slice(0, 6)}19${old.slice(6)}`;
  return digits + checkCharacter(digits);
}

/** The numbers of identity of one level. */
export class NumberFacts {
  /**
   * @param {Manifest} manifest
   * @param {string} level
   * @param {import("./manifest.js").Input[]} inputs
   */
  constructor(manifest, level, inputs) {
    this.facts = new Map(manifest.facts.map((fact) => [fact.name, fact]));
    /** @type {(name: string | undefined) => Slot | null} */
    const filled = (name) => {
      const fact = name === undefined ? undefined : this.facts.get(name);
      return fact === undefined ? null : slotOf(fact, inputs, manifest.code_lists);
    };
    /** @type {Numbered[]} */
    this.numbers = manifest.facts.flatMap((fact) => {
      const { number } = fact;
      if (number === null || fact.level !== level) return [];
      const sex = filled(number.sex?.fact);
      const list = sex?.fact.type?.type === "code" ? manifest.code_lists[sex.fact.type.code_list] : [];
      return [{ fact, number, birth: filled(number.birth), sex, codes: list.map((code) => code.code) }];
    });
  }

  /**
   * What is given with what its numbers tell; a day of birth lies in the fact's range and not after `asOf`.
   * @param {unknown} data
   * @param {number} asOf
   * @returns {Filled}
   */
  fill(data, asOf) {
    /** @type {Filled} */
    const filled = { data, derived: [], persons: [] };
    if (!isMapping(data) || this.numbers.length === 0) return filled;
    const found = { ...data };
    filled.data = found;
    for (const one of this.numbers) {
      const raw = first(data, one.fact);
      if (raw === null || Array.isArray(raw) || isMapping(raw)) continue;
      const read = readIdentity(one.number.kind, raw);
      if (read === null) continue;
      const { name } = one.fact;
      if (read.person !== null && one.number.unique) filled.persons.push([name, read.person]);
      if (one.number.kind === null) continue;
      this.note(found, `${name}.legible`, read.legible);
      if (read.valid === null) continue;
      const valid = read.valid && (one.birth === null || possible(one.birth.fact, read.birth, asOf));
      this.note(found, `${name}.valid`, valid);
      if (!valid || read.birth === null) continue;
      if (one.birth !== null)
        this.meet(`${name}.birth`, one.birth, [read.birth, read.birth], isoOf(read.birth), data, filled, found);
      if (one.sex !== null && one.number.sex !== undefined) {
        const mask = BigInt(read.male ? one.number.sex.male : one.number.sex.female);
        const code = one.codes[mask.toString(2).length - 1];
        this.meet(`${name}.sex`, one.sex, mask, code, data, filled, found);
      }
    }
    return filled;
  }

  /**
   * Whether what is told agrees with what is given of a fact; where it does, it takes its place.
   * @param {string} beside
   * @param {Slot} slot
   * @param {Value} told
   * @param {unknown} raw
   * @param {Given} data
   * @param {Filled} filled
   * @param {Given} found
   */
  meet(beside, slot, told, raw, data, filled, found) {
    const { fact } = slot;
    const keys = keysOf(fact).filter((key) => Object.hasOwn(data, key) && isGiven(data[key]));
    /** @type {Value[]} */
    let given;
    try {
      given = keys.map((key) => /** @type {Value} */ (slot.read(data[key])));
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      return; // reported where the fact is read
    }
    const agrees = given.every((one) => meets(told, one));
    this.note(found, beside, agrees);
    if (!agrees || (given.length > 0 && given.every((one) => same(one, told)))) return;
    filled.derived.push(fact.name);
    for (const key of keys.length > 0 ? keys : [fact.label]) found[key] = raw;
  }

  /**
   * Fill the members; where two have the same number each is told so: of other households nothing is known here.
   * @param {import("./level.js").Kept} kept
   * @param {number} asOf
   * @returns {[at: number, fact: string][]} what is derived of which
   */
  members(kept, asOf) {
    const [key, listed] = kept.get("members") ?? ["members", null];
    if (this.numbers.length === 0 || !Array.isArray(listed)) return [];
    const filled = listed.map((one) => this.fill(one, asOf));
    /** @type {Map<string, number>} */
    const counted = new Map();
    for (const one of filled)
      for (const named of one.persons) {
        const id = named.join("\n");
        counted.set(id, (counted.get(id) ?? 0) + 1);
      }
    for (const one of filled)
      for (const named of one.persons)
        if (Number(counted.get(named.join("\n"))) > 1)
          this.note(/** @type {Given} */ (one.data), `${named[0]}.unique`, false);
    kept.set("members", [key, filled.map((one) => one.data)]);
    return filled.flatMap((one, at) => one.derived.map((name) => /** @type {[number, string]} */ ([at, name])));
  }

  /**
   * Say of a number whether it holds; beside what somebody says of that himself it is told twice, and refused.
   * @param {Given} data
   * @param {string} name
   * @param {boolean} holds
   */
  note(data, name, holds) {
    const fact = /** @type {Fact} */ (this.facts.get(name));
    data[Object.hasOwn(data, name) ? fact.label : name] = holds;
  }
}

/**
 * What is given of a fact, under the first of its names.
 * @param {Given} data
 * @param {Fact} fact
 */
function first(data, fact) {
  const key = keysOf(fact).find((one) => Object.hasOwn(data, one) && isGiven(data[one]));
  return key === undefined ? null : data[key];
}

/**
 * Whether what a number tells is among what is given.
 * @param {Value} told
 * @param {Value} given
 */
function meets(told, given) {
  if (Array.isArray(told) && Array.isArray(given)) return given[0] <= told[0] && told[0] <= given[1];
  return (BigInt(/** @type {bigint} */ (told)) & BigInt(/** @type {bigint} */ (given))) !== 0n;
}

/**
 * Whether somebody whom a fact is about can be born on a day.
 * @param {Fact} fact
 * @param {number | null} day
 * @param {number} asOf
 */
function possible({ type, past }, day, asOf) {
  if (day === null || type === null || type.type !== "date") return false;
  return type.low <= day && day <= type.high && !(past && day > asOf);
}

/**
 * The facts that numbers tell of a household, as they are told beside decisions.
 * @param {Manifest} manifest
 * @param {import("./intake.js").Household} household
 */
export function derivedFacts(manifest, household) {
  const facts = new Map(manifest.facts.map((fact) => [fact.name, fact]));
  const filled = new Map(
    manifest.facts.flatMap(({ name, number }) =>
      number === null ? [] : [number.birth, number.sex?.fact].map((one) => [one, name]),
    ),
  );
  return (household.derived ?? []).map(([at, name]) => ({
    fact: name,
    label: /** @type {Fact} */ (facts.get(name)).label,
    ...(at === null ? {} : { member: household.members[at].id }),
    number: /** @type {string} */ (filled.get(name)),
  }));
}
