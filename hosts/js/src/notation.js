/**
 * How a household's values are written: words, patterns, limits and codes of faults.
 * Written by `hosts/js/generated.py` from `notation.json` of the Python package; not to be edited by hand.
 */

export const LIMITS = {
  shown: 40,
  id: 200,
  whole_bits: 127,
  exponent: 60,
  suggestions: 50,
  remembered: 4096,
  codes_named: 12,
  json: 64000000,
  json_digits: 400,
  json_depth: 200,
  line: 1048576,
};

/** @type {Record<string, Record<string, string>>} */
export const RESERVED = {
  household: {
    id: "id",
    编号: "id",
    members: "members",
    成员: "members",
    village: "village",
    村: "village",
  },
  member: {
    id: "id",
    编号: "id",
  },
  village: {},
};

/** @type {Record<string, string>} */
export const MISPLACED = {
  household: "H012",
  member: "H013",
  village: "H014",
};

export const PARTS = ["min", "max", "one_of"];

export const UNKNOWN = ["不详", "未知", "unknown"];

export const NONE = ["无", "none"];

export const AT_LEAST = ["至少", "at_least"];

export const EACH = ["每月", "每年", "each"];

export const MONTH = "([0-9]{4})(?:-|年)([0-9]{1,2})月?";

export const YEAR = "([0-9]{4})年?";

export const SEPARATORS = [",", "，", "、", ";", "；", "|"];

export const TRUTHS = {
  是: true,
  true: true,
  yes: true,
  否: false,
  false: false,
  no: false,
};

/** @type {Record<number, import("../index.d.ts").Status>} */
export const STATUSES = {
  0: "ineligible",
  2: "unknown",
  3: "eligible",
};

export const FULL_WIDTH = "０１２３４５６７８９．，－＋／−";

export const HALF_WIDTH = "0123456789.,-+/-";

export const NUMBER = "[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\\.[0-9]+)?";

export const ISO_DATE = "([0-9]{4})-([0-9]{2})-([0-9]{2})";

export const DATES = [
  "([0-9]{4})([-/.])([0-9]{1,2})(?:\\2([0-9]{1,2}))?",
  "([0-9]{4})(年)(?:([0-9]{1,2})月(?:([0-9]{1,2})日)?)?",
  "([0-9]{4})()([0-9]{2})?([0-9]{2})?",
];

export const WHOLE_DATES = [1000, 99991231];

/** @type {[form: string, other: string][]} */
export const TWO_READINGS = [
  ["([0-9]{4})\\.1", "$1-10"],
  ["([0-9]{2})(0[1-9]|1[0-2])(0[1-9]|1[0-2])", "20$1-$2-$3"],
];

/** @type {[first: number, last: number][]} */
export const BLANKS = [
  [9, 13],
  [28, 32],
  [133, 133],
  [160, 160],
  [5760, 5760],
  [8192, 8202],
  [8232, 8233],
  [8239, 8239],
  [8287, 8287],
  [12288, 12288],
];
