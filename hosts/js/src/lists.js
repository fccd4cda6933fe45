/**
 * Lists as they are given: `[{…}, …]`, `{ at_least: […] }` where there may be more, or nothing.
 * In: a list of a manifest once, then what stands under its name. Out: `ItemList`s. Called by `intake`.
 */

import { FAILED, Level, isGiven } from "./level.js";
import { AT_LEAST, UNKNOWN as UNKNOWN_WORDS } from "./notation.js";
import { exact } from "./possible.js";
import { isMapping, shown, strip } from "./text.js";

/** @typedef {import("./manifest.js").Manifest} Manifest */
/** @typedef {import("./manifest.js").Fact} Fact */
/** @typedef {import("./possible.js").Value} Value */
/** @typedef {import("./report.js").Report} Report */
/** @typedef {import("./level.js").Kept} Kept */
/** @typedef {import("./level.js").Given} Given */
/** @typedef {{items: Value[][], more: number}} ItemList `more`: how many items there may be besides, of which nothing else is known */

/** Reads one list of an artifact. */
export class ListReader {
  /**
   * @param {Manifest} manifest
   * @param {import("./manifest.js").List} list
   * @param {Map<string, Fact>} every
   */
  constructor(manifest, list, every) {
    this.list = list;
    this.keys = [list.name, list.label.zh];
    this.level = new Level(manifest, list.name, list.inputs, every);
    this.order = list.order.map((name) => list.inputs.findIndex((one) => one.name === name));
    this.ordering = list.order.map((name) => manifest.facts.find((one) => one.name === name)?.label);
  }

  /**
   * What is known of the list, of what was kept under its name. Where nothing is, there may be as many items as the rules
   * allow.
   * @param {Kept} kept
   * @param {string} path
   * @param {number} asOf
   * @param {Report} report
   * @returns {ItemList}
   */
  read(kept, path, asOf, report) {
    const { most, label } = this.list;
    const [key, raw] = kept.get(this.list.name) ?? [label.zh, null];
    const place = path + key;
    const listed = this.listed(raw, place, report);
    if (listed === null) return { items: [], more: most };
    if (listed.length > most) report.add("H095", place, { count: listed.length, most });
    /** @type {Value[][]} */
    const items = [];
    for (const [at, given] of listed.slice(0, most).entries()) {
      const item = this.item(given, `${place}[${at}]`, asOf, report);
      if (item !== null) items.push(item);
    }
    this.checkOrder(items, place, report);
    return { items, more: isMapping(raw) ? most - items.length : 0 };
  }

  /**
   * The list with what is declared for it, or for facts of its items, where nothing is given; the very same if that is
   * nothing else.
   * @param {Given} data
   * @param {ItemList} known
   * @param {boolean} assume
   * @returns {ItemList}
   */
  completed(data, known, assume) {
    const raw = this.keys.map((key) => (Object.hasOwn(data, key) ? data[key] : null)).find(isGiven);
    if (raw === undefined) return assume && this.list.absent !== null ? { items: [], more: 0 } : known;
    const listed = isMapping(raw) ? within(raw) : raw;
    if (!Array.isArray(listed)) return known;
    let any = false;
    const items = known.items.map((facts, at) => {
      const own = [...facts];
      any = this.level.complete(listed[at], own, assume, () => null) || any;
      return own;
    });
    return any ? { ...known, items } : known;
  }

  /**
   * The items as given; null where it is not known what there is.
   * @param {unknown} raw
   * @param {string} place
   * @param {Report} report
   * @returns {unknown[] | null}
   */
  listed(raw, place, report) {
    if (!isGiven(raw) || (typeof raw === "string" && UNKNOWN_WORDS.includes(strip(raw)))) return null;
    let listed = raw;
    if (isMapping(raw)) {
      /** @type {string | undefined} */
      let first;
      for (const key of Object.keys(raw)) {
        if (!AT_LEAST.includes(key)) report.add("H096", `${place}.${shown(key)}`, { name: shown(key) });
        else if (first !== undefined)
          report.add("H015", `${place}.${shown(key)}`, { name: shown(key), other: shown(first) });
        else first = key;
      }
      listed = within(raw);
      if (listed === null) return null;
    }
    if (Array.isArray(listed)) return listed;
    report.add("H094", place, { name: this.list.label.zh, given: shown(listed) });
    return null;
  }

  /**
   * @param {unknown} given
   * @param {string} place
   * @param {number} asOf
   * @param {Report} report
   */
  item(given, place, asOf, report) {
    if (!isMapping(given)) {
      report.add("H097", place, { name: this.list.label.zh, given: shown(given) });
      return null;
    }
    const facts = [...this.level.unknown];
    this.level.fill(given, facts, new Map(), `${place}.`, report);
    this.level.settle(given, facts, asOf, `${place}.`, report);
    return facts;
  }

  /**
   * Report an item that stands where another stands in the order, so that neither is before the other.
   * @param {Value[][]} items
   * @param {string} place
   * @param {Report} report
   */
  checkOrder(items, place, report) {
    if (this.order.length === 0) return;
    /** @type {Map<string, number>} */
    const seen = new Map();
    for (const [at, item] of items.entries()) {
      const own = this.order.map((column) => item[column]);
      if (!own.every((value) => value !== FAILED && exact(value))) continue;
      const first = seen.get(own.join(" "));
      if (first === undefined) seen.set(own.join(" "), at);
      else report.add("H098", `${place}[${at}]`, { first: `${place}[${first}]`, order: this.ordering });
    }
  }
}

/**
 * What stands under `at_least`.
 * @param {Given} raw
 */
function within(raw) {
  const key = Object.keys(raw).find((one) => AT_LEAST.includes(one));
  return key === undefined ? null : (raw[key] ?? null);
}
