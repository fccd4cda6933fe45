/**
 * Readers of one fact's value, exact or partly known: `{min, max}`, `{one_of}`, lists of codes.
 * In: a fact's declaration. Out: a `Slot`: where its value goes and how it is read. Called by `level` once per fact.
 */

import { isoOf } from "./days.js";
import { LIMITS, NONE as NONE_WORDS, PARTS, SEPARATORS, UNKNOWN as UNKNOWN_WORDS } from "./notation.js";
import { FALSE, TRUE, UNKNOWN, exact, join, whole } from "./possible.js";
import {
  Unreadable,
  codeMasks,
  fault,
  numberText,
  readCode,
  readDays,
  readNumber,
  readTruth,
  refuse,
} from "./scalars.js";
import { SHOWN, isMapping, shown, strip } from "./text.js";

/** @typedef {import("./manifest.js").Fact} Fact */
/** @typedef {import("./manifest.js").Input} Input */
/** @typedef {import("./manifest.js").Type} Type */
/** @typedef {import("./manifest.js").CodeDecl} CodeDecl */
/** @typedef {import("./possible.js").Value} Value */
/** @typedef {import("./scalars.js").Fault} Fault */
/** @typedef {(raw: unknown) => Value} Read throws Unreadable */
/** @typedef {{there: Value, days: Value}} PerhapsDay of a date that may be none, whether there is one, and the day */
/** @typedef {Value | PerhapsDay} Reading */
/**
 * A fact that may be given: `columns` are the inputs that it fills (none for text, several for `codes`, of a date that may
 * be none that day and whether there is one), `bits` the codes' bits beside the columns of `codes`.
 * @typedef {{fact: Fact, columns: number[], bits: bigint[], read: (raw: unknown) => Reading}} Slot
 */

/** Read for `codes` of which it is said that nobody knows them. */
export const NO_CODE_KNOWN = -1n;

/** Read for an entry that there is no such day: no day is possible by it. */
const NOTHING = /** @type {Value} */ ([Infinity, -Infinity]);

const BETWEEN = new RegExp(`[${SEPARATORS.join("")}]`);

/**
 * The slot of a fact among the inputs of its level.
 * @param {Fact} fact
 * @param {Input[]} inputs
 * @param {Record<string, CodeDecl[]>} codeLists
 * @returns {Slot}
 */
export function slotOf(fact, inputs, codeLists) {
  const columns = new Map(inputs.map((one, index) => [one.name, index]));
  const { type } = fact;
  if (type === null) return { fact, columns: [], bits: [], read: readText };
  if (fact.kind === "codes" && type.type === "code") {
    const codes = codeLists[type.code_list];
    const masks = codeMasks(codes);
    const filled = codes.flatMap((code, index) => {
      const column = columns.get(`${fact.name}.${code.name}`);
      return column === undefined ? [] : [{ column, bit: 1n << BigInt(index) }];
    });
    return {
      fact,
      columns: filled.map((one) => one.column),
      bits: filled.map((one) => one.bit),
      read: (raw) => readCodes(raw, masks, knownCodes(codes)),
    };
  }
  const names = fact.given === null ? [fact.name] : [fact.name, fact.given];
  const filled = names.flatMap((name) => columns.get(name) ?? []);
  const scalar = remembering(scalarReader(type, codeLists));
  const read = fact.given === null ? readValue : readPerhapsDay;
  return { fact, columns: filled, bits: [], read: (raw) => read(raw, type, scalar) };
}

/**
 * A value as read, for each of a slot's columns.
 * @param {Slot} slot
 * @param {Reading} value
 * @returns {Value[]}
 */
export function valuesOf({ fact, columns, bits }, value) {
  if (isPerhapsDay(value)) return [value.days, value.there];
  if (fact.kind !== "codes" || typeof value !== "bigint") return columns.map(() => value);
  return bits.map((bit) => (value === NO_CODE_KNOWN ? UNKNOWN : (value & bit) === 0n ? FALSE : TRUE));
}

/**
 * Whether a value as read leaves nothing open.
 * @param {Slot} slot
 * @param {Reading} value
 */
export function readExactly({ fact }, value) {
  if (isPerhapsDay(value)) return value.there === FALSE || (value.there === TRUE && exact(value.days));
  return fact.kind === "codes" ? value !== NO_CODE_KNOWN : fact.kind === "text" || exact(value);
}

/**
 * @param {Reading} value
 * @returns {value is PerhapsDay}
 */
function isPerhapsDay(value) {
  return typeof value === "object" && "there" in value;
}

/**
 * A reader that keeps what it read, as registries say the same over and over.
 * @param {Read} read
 * @returns {Read}
 */
function remembering(read) {
  /** @type {Map<unknown, Value>} */
  const known = new Map();
  return (raw) => {
    if (typeof raw !== "string" || raw.length > SHOWN) return read(raw);
    const before = known.get(raw);
    if (before !== undefined) return before;
    const value = read(raw);
    if (known.size >= LIMITS.remembered) known.clear();
    known.set(raw, value);
    return value;
  };
}

/**
 * @param {Type} type
 * @param {Record<string, CodeDecl[]>} codeLists
 * @returns {Read}
 */
function scalarReader(type, codeLists) {
  switch (type.type) {
    case "number":
      return (raw) => {
        const value = readNumber(raw, type);
        return [value, value];
      };
    case "date":
      return (raw) => readDays(raw, type);
    case "code": {
      const masks = codeMasks(codeLists[type.code_list]);
      const known = knownCodes(codeLists[type.code_list]);
      return (raw) => readCode(raw, masks, known);
    }
    default:
      return readTruth;
  }
}

/** @param {CodeDecl[]} codes */
function knownCodes(codes) {
  const labels = codes.slice(0, LIMITS.codes_named).map((code) => code.label);
  return codes.length > LIMITS.codes_named ? [...labels, "……"] : labels;
}

/**
 * What a reader reads; else, of the words for it, what is not known. A code may have such a word for its own.
 * @param {unknown} raw
 * @param {Read} scalar
 * @param {Value} unknown
 */
function orUnknown(raw, scalar, unknown) {
  try {
    return scalar(raw);
  } catch (error) {
    if (error instanceof Unreadable && saysUnknown(raw)) return unknown;
    throw error;
  }
}

/** @param {unknown} raw */
function saysUnknown(raw) {
  return typeof raw === "string" && UNKNOWN_WORDS.includes(strip(raw));
}

/** @param {unknown} raw */
function saysNone(raw) {
  return typeof raw === "string" && NONE_WORDS.includes(strip(raw));
}

/**
 * The day of a date that may be none. What is possible besides none is kept apart from it.
 * @param {unknown} raw
 * @param {Type} type
 * @param {Read} scalar
 * @returns {PerhapsDay}
 */
function readPerhapsDay(raw, type, scalar) {
  const none = { there: FALSE, days: whole(type) };
  if (saysNone(raw)) return none;
  /** @type {unknown[]} */
  const nones = [];
  const days = readValue(raw, type, scalar, (one) => {
    if (!saysNone(one)) return scalar(one);
    nones.push(one);
    return NOTHING;
  });
  const said = isMapping(raw)
    ? Object.values(raw).some((part) => part !== null && part !== undefined && part !== "")
    : !saysUnknown(raw);
  if (!said) return { there: UNKNOWN, days };
  if (days === NOTHING) return none;
  return { there: nones.length > 0 ? UNKNOWN : TRUE, days };
}

/**
 * @param {unknown} raw
 * @param {Type} type
 * @param {Read} scalar
 * @param {Read} [listed] reads the entries of `one_of`, where they may be more
 * @returns {Value}
 */
function readValue(raw, type, scalar, listed = scalar) {
  if (!isMapping(raw)) return orUnknown(raw, scalar, whole(type));
  const strange = Object.keys(raw).filter((key) => !PARTS.includes(key));
  const faults = strange.map((key) => fault("H032", { name: shown(key) }, `.${shown(key)}`));
  const given = Object.entries(raw).filter(([, part]) => part !== null && part !== undefined && part !== "");
  const oneOf = given.find(([key]) => key === "one_of");
  if (oneOf && given.length > 1 && faults.length === 0) faults.push(fault("H036"));
  if (faults.length > 0) throw new Unreadable(faults);
  if (oneOf) return readOneOf(oneOf[1], listed);
  if (type.type === "number" || type.type === "date") return readBounds(given, type, scalar);
  if (given.length > 0) throw refuse("H035");
  return whole(type);
}

/**
 * @param {unknown} listed
 * @param {Read} scalar
 */
function readOneOf(listed, scalar) {
  if (!Array.isArray(listed) || listed.length === 0) throw new Unreadable([fault("H034", {}, ".one_of")]);
  return readEach(listed, scalar, ".one_of").reduce((one, other) =>
    one === NOTHING ? other : other === NOTHING ? one : join(one, other),
  );
}

/**
 * @param {unknown[]} listed
 * @param {Read} scalar
 * @param {string} below
 */
function readEach(listed, scalar, below) {
  /** @type {Fault[]} */
  const faults = [];
  /** @type {Value[]} */
  const values = [];
  for (const [index, raw] of listed.entries()) {
    const value = attempt(() => scalar(raw), `${below}[${index}]`, faults);
    if (value !== null) values.push(value);
  }
  if (faults.length > 0) throw new Unreadable(faults);
  return values;
}

/**
 * What a reader gives; null where it refuses, its faults then added below a place.
 * @param {() => Value} read
 * @param {string} below
 * @param {Fault[]} faults
 */
function attempt(read, below, faults) {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    faults.push(...error.faults.map((one) => ({ ...one, below: below + one.below })));
    return null;
  }
}

/**
 * @param {[string, unknown][]} given
 * @param {import("./manifest.js").NumberType | import("./manifest.js").DayType} type
 * @param {Read} scalar
 * @returns {Value}
 */
function readBounds(given, type, scalar) {
  /** @type {Fault[]} */
  const faults = [];
  let { low, high } = /** @type {{low: any, high: any}} */ (type);
  for (const [end, raw] of given) {
    const value = /** @type {any} */ (attempt(() => scalar(raw), `.${end}`, faults));
    if (value !== null && end === "min") low = value[0];
    if (value !== null && end === "max") high = value[1];
  }
  if (low > high) faults.push(fault("H033", { low: endText(low, type), high: endText(high, type) }));
  if (faults.length > 0) throw new Unreadable(faults);
  return [low, high];
}

/**
 * @param {any} end
 * @param {import("./manifest.js").NumberType | import("./manifest.js").DayType} type
 */
function endText(end, type) {
  return type.type === "number" ? numberText(end, type.scale) : isoOf(end);
}

/**
 * The mask of the codes that hold, of a list or of a text that names them; `NO_CODE_KNOWN` if nobody knows.
 * Nobody does either where a mapping of what is known is empty.
 * @param {unknown} raw
 * @param {Map<string, bigint>} masks
 * @param {string[]} known
 * @returns {bigint}
 */
function readCodes(raw, masks, known) {
  const split = typeof raw === "string" && !masks.has(strip(raw));
  if (split && saysUnknown(raw)) return NO_CODE_KNOWN;
  const listed = split ? raw.split(BETWEEN).map(strip).filter(Boolean) : raw;
  /** @type {(one: unknown) => bigint} */
  const scalar = (one) => readCode(one, masks, known);
  if (Array.isArray(listed)) {
    return /** @type {bigint[]} */ (readEach(listed, scalar, "")).reduce((all, one) => all | one, 0n);
  }
  if (isMapping(listed)) {
    if (Object.keys(listed).length === 0) return NO_CODE_KNOWN;
    throw refuse("H030", { given: shown(listed), known });
  }
  return scalar(listed);
}

/** @param {unknown} raw */
function readText(raw) {
  if (Array.isArray(raw) || isMapping(raw)) throw refuse("H031", { given: shown(raw) });
  return TRUE;
}
