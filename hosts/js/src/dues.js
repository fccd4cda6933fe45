/**
 * What is due month by month over a timeline, and its exact sum: `fupin_policy/analysis/payments.py`, to the letter.
 * In: stretches of days with their decisions, and how each policy comes on every day. Out: plain data in the currency's
 * smallest units. Called by `timeline`.
 */

import { onDay } from "./contexts.js";
import { isoOf, toDay } from "./days.js";

/** @typedef {import("../index.d.ts").Decision} Decision */
/** @typedef {import("../index.d.ts").Amount} Amount */
/** @typedef {import("./rules.js").Policy} Policy */
/** @typedef {import("./rules.js").RuleVersion} RuleVersion */
/** @typedef {import("./rules.js").Window} Window */
/** @typedef {[low: bigint, high: bigint]} Ends */
/** @typedef {{due: Ends, adds: Ends}} Sum what is due, and what it adds to the sum of all */
/** @typedef {{first: number, days: Decision[][]}} Month its first day, or that of a part of it, and the decisions on each day */
/** @typedef {{month: string, policy: string, due: Ends, adds: Ends, provisional: boolean}} Payment */
/** @typedef {number | ["a year", number] | null} Span in what something comes once */

/** @type {Record<string, number>} how many months a span has in which an amount is due once */
const SPANS = { year: 12, half_year: 6, quarter: 3 };
/** The months in which school terms begin. */
const TERMS = [3, 9];
/** The periods whose amounts come once in a month in which they come. */
const ONCE_A_MONTH = ["month", "term"];

/** @type {Sum} */
const NOTHING = { due: [0n, 0n], adds: [0n, 0n] };

/**
 * Everything due, month by month in the order of policies; what is surely nothing is left out.
 * @param {{first: number, last: number, decisions: readonly Decision[]}[]} stretches
 * @param {Policy[]} policies
 * @param {(number: number) => boolean} ofMembers
 */
export function duesOf(stretches, policies, ofMembers) {
  const months = monthsOf(stretches);
  const rows = policies.flatMap((policy, number) =>
    paid(months, new Accrual(policy, number, ofMembers(number)).of(months)),
  );
  const order = new Map(months.map((month, number) => [nameOf(month), number]));
  /** @type {(row: Payment) => number} */
  const place = ({ month }) => /** @type {number} */ (order.get(month));
  rows.sort((a, b) => place(a) - place(b));
  return { rows, total: added(rows.map(({ adds }) => adds)) };
}

/** @param {{first: number, last: number, decisions: readonly Decision[]}[]} stretches */
function monthsOf(stretches) {
  /** @type {Month[]} */
  const months = [];
  let name = "";
  for (const { first, last, decisions } of stretches) {
    for (let day = first; day <= last; day += 1) {
      const own = isoOf(day).slice(0, 7);
      if (own !== name) months.push({ first: day, days: [] });
      name = own;
      months[months.length - 1].days.push(/** @type {Decision[]} */ (decisions));
    }
  }
  return months;
}

/** @param {Month} month */
function nameOf({ first }) {
  return isoOf(first).slice(0, 7);
}

/** @param {number} day */
function monthOf(day) {
  return Number(isoOf(day).slice(5, 7));
}

/**
 * The version of a month, or of a part of it: the first that is in force on one of its days.
 * @param {Policy} policy
 * @param {Month} month
 */
function versionOf({ steps }, { first, days }) {
  for (let day = first; day < first + days.length; day += 1) {
    const found = onDay(steps, day);
    if (found !== null) return found;
  }
  return null;
}

/**
 * The number of the month in which is paid what comes due in one; null of one after the period.
 * @param {Month[]} months
 * @param {number} at
 * @param {number[]} asked
 */
function paidIn(months, at, asked) {
  if (asked.length === 0) return at;
  const found = months.findIndex(({ first }, to) => to >= at && asked.includes(monthOf(first)));
  return found < 0 ? null : found;
}

/**
 * A month in parts, over each of which a policy comes one way; days without a version go with the next.
 * @param {Policy} policy
 * @param {Month} month
 */
function partsOf({ steps }, { first, days }) {
  /** @type {Month[]} */
  const parts = [];
  let start = 0;
  /** @type {string | null} */
  let way = null;
  for (let offset = 0; offset < days.length; offset += 1) {
    const version = onDay(steps, first + offset);
    const one = version && JSON.stringify([version.per, version.window ?? null, version.pay ?? []]);
    if (way !== null && one !== null && one !== way) {
      parts.push({ first: first + start, days: days.slice(start, offset) });
      start = offset;
    }
    way = one ?? way;
  }
  parts.push({ first: first + start, days: days.slice(start) });
  return parts;
}

/**
 * What has come due in the months in which it is paid; what is paid after the period is left out.
 * @param {Month[]} months
 * @param {Iterable<[at: number | null, due: Payment]>} due
 */
function paid(months, due) {
  /** @type {Map<number, Payment>} */
  const found = new Map();
  for (const [at, one] of due) {
    if (at === null) continue;
    const before = found.get(at);
    const provisional = (before?.provisional ?? false) || (one.provisional && !isNothing(one.due));
    found.set(at, {
      month: nameOf(months[at]),
      policy: one.policy,
      due: added([before?.due ?? NOTHING.due, one.due]),
      adds: added([before?.adds ?? NOTHING.adds, one.adds]),
      provisional,
    });
  }
  return [...found.values()].filter((one) => !isNothing(one.due));
}

/** What a policy comes to, month by month. What comes once in a span of time is kept in mind for the span. */
class Accrual {
  /**
   * @param {Policy} policy
   * @param {number} number
   * @param {boolean} ofMembers
   */
  constructor(policy, number, ofMembers) {
    this.policy = policy;
    this.number = number;
    this.ofMembers = ofMembers;
    /** @type {Map<string, bigint>} by whose, in which span: what was perhaps paid so far */
    this.openHigh = new Map();
    /** @type {Set<string>} */
    this.settled = new Set();
    /** @type {number | null} in which month is paid what comes due now */
    this.paidIn = -1;
    /** @type {Map<string, bigint>} what was perhaps paid in months before that */
    this.earlier = new Map();
    /** @type {Map<string, bigint>} what is paid in that month already, at most */
    this.told = new Map();
  }

  /**
   * The signed sums of each month's parts, each with the number of the month in which it is paid.
   * @param {Month[]} months
   * @returns {Iterable<[at: number | null, due: Payment]>}
   */
  *of(months) {
    for (const [at, month] of months.entries()) {
      /** @type {Set<string | null>} */
      const seen = new Set();
      for (const part of partsOf(this.policy, month)) {
        const version = versionOf(this.policy, part);
        const per = version?.per ?? null;
        this.payIn(paidIn(months, at, version?.pay ?? []));
        const again = per !== null && ONCE_A_MONTH.includes(per) && seen.has(per);
        const found = again ? NOTHING : this.month(part, version);
        seen.add(per);
        // what is asked of each day may rest on a value on any of them
        const daily = version !== null && (per === "day" || version.window !== undefined);
        const days = daily ? part.days : part.days.slice(0, 1);
        const provisional = days.some((decisions) => decisions[this.number].provisional);
        const { policy } = part.days[0][this.number];
        yield [this.paidIn, { month: nameOf(month), policy, ...found, provisional }];
      }
    }
  }

  /**
   * What follows is paid in this month.
   * @param {number | null} month
   */
  payIn(month) {
    if (month === this.paidIn) return;
    this.paidIn = month;
    this.earlier = new Map(this.openHigh);
    this.told.clear();
  }

  /**
   * @param {Month} month
   * @param {RuleVersion | null} version
   * @returns {Sum}
   */
  month({ first, days }, version) {
    const decision = days[0][this.number];
    /** @type {(sum: Sum) => Sum} */
    const own = (sum) => this.signed(sum, first);
    switch (version?.per) {
      case "day":
        return allOf(days.map((one, at) => this.signed(sure(one[this.number].amount), first + at)));
      case "month":
        return own(sure(decision.amount));
      case "term":
        return TERMS.includes(monthOf(first)) ? own(sure(decision.amount)) : NOTHING;
      case "year":
      case "half_year":
      case "quarter": {
        const months = Number(isoOf(first).slice(0, 4)) * 12 + monthOf(first) - 1;
        return own(this.once(decision, Math.floor(months / SPANS[version.per])));
      }
      case "once": {
        const { window } = version;
        if (window === undefined) return own(this.once(decision, null));
        // on each day a window may open, and go another way
        const each = days.map((one, at) =>
          this.signed(this.once(one[this.number], opened(window, first + at)), first + at),
        );
        return allOf(each);
      }
      default:
        return NOTHING;
    }
  }

  /**
   * Below zero where people pay on a day; nothing of a loan, or where the policy is not in force.
   * @param {Sum} sum
   * @param {number} day
   * @returns {Sum}
   */
  signed({ due, adds }, day) {
    const way = onDay(this.policy.steps, day)?.way ?? 0;
    if (way > 0) return { due, adds };
    return way < 0 ? { due: [-due[1], -due[0]], adds: [-adds[1], -adds[0]] } : NOTHING;
  }

  /**
   * What is due of something that comes once in a span, to the household or to each member.
   * @param {Decision} decision
   * @param {Span} span
   */
  once({ status, amount, members }, span) {
    if (!this.ofMembers) return this.share(status, amount, JSON.stringify([span, null]));
    return allOf(members.map((one) => this.share(one.status, one.amount, JSON.stringify([span, one.member]))));
  }

  /**
   * @param {Decision["status"]} status
   * @param {Amount | null} amount
   * @param {string} share
   * @returns {Sum}
   */
  share(status, amount, share) {
    if (this.settled.has(share)) return NOTHING;
    const [low, most] = sure(amount).due;
    const [before, told] = [this.openHigh.get(share) ?? 0n, this.told.get(share) ?? 0n];
    this.openHigh.set(share, greater(before, most));
    this.told.set(share, greater(told, most));
    // each month may be the one in which it is paid; to the sum it adds only what is more than before
    const [pays, more] = [greater(0n, most - told), greater(0n, most - before)];
    if (status !== "eligible") return { due: [low, pays], adds: [low, more] };
    this.settled.add(share);
    return { due: [greater(0n, low - (this.earlier.get(share) ?? 0n)), pays], adds: [low, more] };
  }
}

/**
 * The day on which the last window opened; where no value says so there may be one in every year.
 * @param {Window} window
 * @param {number} day
 * @returns {Span}
 */
function opened(window, day) {
  const [year, month, ofMonth] = isoOf(day).split("-").map(Number);
  if ("opens" in window) return onDay(window.opens, day) ?? ["a year", year];
  const [first, on] = window.days[0];
  const before = month < first || (month === first && ofMonth < on);
  return toDay(before ? year - 1 : year, first, on);
}

/**
 * Of an amount that does not depend on what was paid before.
 * @param {Amount | null} amount
 * @returns {Sum}
 */
function sure(amount) {
  if (amount === null) return NOTHING;
  /** @type {Ends} */
  const ends = [unitsOf(amount.min), unitsOf(amount.max)];
  return { due: ends, adds: ends };
}

/**
 * How many of the currency's smallest units an amount is: its text has all decimals.
 * @param {string} text
 */
function unitsOf(text) {
  return BigInt(text.replace(".", ""));
}

/**
 * @param {Sum[]} sums
 * @returns {Sum}
 */
function allOf(sums) {
  return { due: added(sums.map(({ due }) => due)), adds: added(sums.map(({ adds }) => adds)) };
}

/**
 * @param {Ends[]} some
 * @returns {Ends}
 */
function added(some) {
  return some.reduce(([low, high], one) => [low + one[0], high + one[1]], [0n, 0n]);
}

/** @param {Ends} ends */
function isNothing([low, high]) {
  return low === 0n && high === 0n;
}

/**
 * @param {bigint} one
 * @param {bigint} other
 */
function greater(one, other) {
  return one > other ? one : other;
}
