/**
 * The columns of lists in the artifact's memory: where the items of each owner are, how many there may be besides, their
 * facts. In: households already read. Out: numbers in memory. Called by `columns`.
 */

import { whole } from "./possible.js";

/** @typedef {import("./manifest.js").Column} Column */
/** @typedef {import("./manifest.js").List} List */
/** @typedef {import("./manifest.js").Manifest} Manifest */
/** @typedef {import("./intake.js").Household} Household */
/** @typedef {import("./lists.js").ItemList} ItemList */
/** @typedef {{list: List, at: number, further: import("./possible.js").Value[]}} ItemColumn `at`: which of its owner's lists it is; `further`: the facts of those of which only the number is known */

/** Of every list of an artifact the columns. */
export class ItemColumns {
  /** @param {Manifest} manifest */
  constructor({ lists }) {
    /** @type {ItemColumn[]} */
    this.lists = lists.map((list) => ({
      list,
      at: lists.filter((one) => one.of === list.of).indexOf(list),
      further: list.inputs.map((one) => whole(one.type)),
    }));
  }

  /**
   * How many items of each list there are in all.
   * @param {Household[]} households
   */
  counts(households) {
    return this.lists.map((one) => this.given(one, households).reduce((all, { items }) => all + items.length, 0));
  }

  /**
   * Every column with the number of its entries, where there is room for so many owners and items.
   * @param {number} households
   * @param {number} members
   * @param {number[]} items
   * @returns {[column: Column, entries: number][]}
   */
  entries(households, members, items) {
    return this.lists.flatMap(({ list }, number) => {
      const owners = list.of === "member" ? members : households;
      const facts = list.inputs.flatMap((one) => one.columns);
      /** @type {[Column, number][]} */
      const found = facts.map((column) => [column, items[number] + 1]);
      found.push([list.offsets, owners + 1], [list.more, owners]);
      return found;
    });
  }

  /**
   * @param {import("./columns.js").Columns} columns
   * @param {Household[]} households
   */
  write(columns, households) {
    for (const one of this.lists) {
      const { offsets, more, inputs } = one.list;
      const [firstOffset, firstMore] = [offsets, more].map(({ pointer }) => columns.firsts[pointer / 4]);
      const { u32 } = columns.views;
      const given = this.given(one, households);
      let item = 0;
      given.forEach((known, owner) => {
        u32[firstOffset + owner] = item;
        u32[firstMore + owner] = known.more;
        for (const facts of known.items) columns.writeFacts(inputs, facts, item++);
      });
      u32[firstOffset + given.length] = item;
      columns.writeFacts(inputs, one.further, item);
    }
  }

  /**
   * What each owner has of a list.
   * @param {ItemColumn} column
   * @param {Household[]} households
   * @returns {ItemList[]}
   */
  given({ list, at }, households) {
    const owners = list.of === "member" ? households.flatMap((one) => one.members) : households;
    return owners.map((one) => one.lists[at]);
  }
}
