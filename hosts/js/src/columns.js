/**
 * The artifact's memory: households as columns in, outcomes and amounts out, one call for all of them.
 * In: households already read. Out: numbers by policy and entry. Called by `index` and `decide`.
 */

import { ItemColumns } from "./itemcolumns.js";

/** @typedef {import("./manifest.js").Manifest} Manifest */
/** @typedef {import("./manifest.js").Column} Column */
/** @typedef {import("./manifest.js").Input} Input */
/** @typedef {import("./possible.js").Value} Value */
/** @typedef {import("./intake.js").Household} Household */
/** @typedef {ReturnType<typeof viewsOf>} Views */

const PAGE = 65_536;
const SIZES = { u8: 1, u16: 2, u32: 4, u64: 8, i32: 4, i64: 8 };

/** Where households stand in a running artifact. What was written or read before is lost with each `decide`. */
export class Columns {
  /**
   * @param {Manifest} manifest
   * @param {import("./artifact.js").Exports} exports
   */
  constructor(manifest, exports) {
    this.manifest = manifest;
    this.exports = exports;
    this.views = viewsOf(exports.memory);
    /** @type {number[]} where each column begins among the entries of its storage, by the word of the header that says so */
    this.firsts = [];
    this.items = new ItemColumns(manifest);
    /** @type {{households: number, members: number, items: number[]}} */
    this.room = { households: 0, members: 0, items: this.items.lists.map(() => -1) };
    this.needs = 0;
  }

  /**
   * Decide households on a day that the artifact covers.
   * @param {Household[]} households
   * @param {number} day
   */
  decide(households, day) {
    this.place(
      households.length,
      households.reduce((all, one) => all + one.members.length, 0),
      this.items.counts(households),
    );
    this.write(households);
    const { header } = this.manifest;
    this.views.i32[header.as_of / 4] = day;
    this.views.i32[header.exact / 4] = 0;
    this.views.i32[header.households / 4] = households.length;
    this.exports.run();
  }

  /**
   * Some entries of a column of outcomes; null where all are false.
   * @param {Column} column
   * @param {number} start
   * @param {number} count
   */
  outcomes(column, start, count) {
    const first = this.firsts[column.pointer / 4] + start;
    const { u8 } = this.views;
    let any = 0;
    for (let at = first; at < first + count; at += 1) any |= u8[at];
    return any === 0 ? null : Array.from(u8.subarray(first, first + count));
  }

  /**
   * Some values of an output: both ends of each number or date, else a mask: a number of a truth, a bigint of a code.
   * @param {Column[]} columns
   * @param {number} start
   * @param {number} count
   * @returns {Value[]}
   */
  values(columns, start, count) {
    if (columns.length === 2) return this.intervals(columns, start, count);
    const [{ pointer, storage }] = columns;
    const first = this.firsts[pointer / 4] + start;
    const view = this.views[storage];
    return Array.from({ length: count }, (_, at) => (storage === "u8" ? view[first + at] : BigInt(view[first + at])));
  }

  /**
   * Some numbers or dates: both ends of each.
   * @param {Column[]} columns
   * @param {number} start
   * @param {number} count
   */
  intervals([low, high], start, count) {
    const [lows, highs] = [this.firsts[low.pointer / 4] + start, this.firsts[high.pointer / 4] + start];
    const { i64 } = this.views;
    return Array.from(
      { length: count },
      (_, at) => /** @type {[bigint, bigint]} */ ([i64[lows + at], i64[highs + at]]),
    );
  }

  /**
   * A row of bytes for each question, 1 where an input keeps it open: the household's inputs, then each member's.
   * @param {number} index which household of those decided
   */
  missing(index) {
    const { header, needs } = this.manifest;
    this.views.i32[header.asked / 4] = index;
    this.views.i32[header.needs / 4] = this.needs;
    this.exports.missing();
    return this.views.u8.subarray(this.needs, this.needs + needs.questions * needs.stride);
  }

  /**
   * Room for so many households with so many members, and items of each list, in all, and a header that says where
   * everything is.
   * @param {number} households
   * @param {number} members
   * @param {number[]} items
   */
  place(households, members, items) {
    const { room } = this;
    const fits = items.every((count, list) => count <= room.items[list]);
    if (households <= room.households && members <= room.members && fits) return;
    this.room = {
      households: Math.max(households, room.households),
      members: Math.max(members, room.members),
      items: items.map((count, list) => Math.max(count, room.items[list])),
    };
    const { header, householdInputs, memberInputs, outputs, needs } = this.manifest;
    let at = aligned(header.heap + 4 * (this.room.households + 1));
    const addresses = new Map();
    /** @type {(column: Column, entries: number) => void} */
    const put = ({ pointer, storage }, entries) => {
      addresses.set(pointer / 4, at);
      this.firsts[pointer / 4] = at / SIZES[storage];
      at = aligned(at + SIZES[storage] * entries);
    };
    for (const { level, columns } of [...householdInputs, ...memberInputs, ...outputs]) {
      for (const column of columns) put(column, level === "member" ? this.room.members : this.room.households);
    }
    for (const [column, entries] of this.items.entries(this.room.households, this.room.members, this.room.items)) {
      put(column, entries);
    }
    this.needs = at;
    this.grow(at + needs.questions * needs.stride);
    const { i32 } = this.views;
    i32[header.offsets / 4] = header.heap;
    for (const [word, address] of addresses) i32[word] = address;
  }

  /** @param {number} end */
  grow(end) {
    const { memory } = this.exports;
    const absent = end - memory.buffer.byteLength;
    if (absent <= 0) return;
    memory.grow(Math.ceil(absent / PAGE));
    this.views = viewsOf(memory);
  }

  /** @param {Household[]} households */
  write(households) {
    const { header, householdInputs, memberInputs } = this.manifest;
    const offsets = header.heap / 4;
    let member = 0;
    for (const [index, household] of households.entries()) {
      this.views.i32[offsets + index] = member;
      this.writeFacts(householdInputs, household.facts, index);
      for (const person of household.members) this.writeFacts(memberInputs, person.facts, member++);
    }
    this.views.i32[offsets + households.length] = member;
    this.items.write(this, households);
  }

  /**
   * @param {Input[]} inputs
   * @param {Value[]} facts
   * @param {number} index
   */
  writeFacts(inputs, facts, index) {
    for (let fact = 0; fact < inputs.length; fact += 1) {
      const value = facts[fact];
      for (const column of inputs[fact].columns) {
        const one = Array.isArray(value) ? value[column.part === "high" ? 1 : 0] : value;
        const place = this.firsts[column.pointer / 4] + index;
        if (column.storage === "i64" || column.storage === "u64") this.views[column.storage][place] = BigInt(one);
        else this.views[column.storage][place] = Number(one);
      }
    }
  }
}

/** @param {WebAssembly.Memory} memory */
function viewsOf({ buffer }) {
  return {
    u8: new Uint8Array(buffer),
    u16: new Uint16Array(buffer),
    u32: new Uint32Array(buffer),
    u64: new BigUint64Array(buffer),
    i32: new Int32Array(buffer),
    i64: new BigInt64Array(buffer),
  };
}

/** @param {number} address */
function aligned(address) {
  return Math.ceil(address / 8) * 8;
}
