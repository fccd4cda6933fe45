/** Decides benefits household by household with a ruleset compiled by `fupin compile`. Node.js and browsers. */

/** Where a compiled ruleset is: its bytes, a response to `fetch`, an address, or in Node.js the path of a file. */
export type Source = ArrayBuffer | ArrayBufferView | Response | URL | string;

/**
 * Load a compiled ruleset. Rejects with an Error where it is not to be had, not made by `fupin compile`, or changed since
 * (its last section is a checksum).
 */
export function load(source: Source | PromiseLike<Source>): Promise<Ruleset>;

/** A compiled ruleset. Made by `load`. What it says of itself is a copy, or frozen. */
export class Ruleset {
  private constructor();
  /** The ruleset's name, such as `anqiu`. */
  readonly id: string;
  /** `sha256:…` of the files that it was compiled from. */
  readonly digest: string;
  readonly title: Words;
  /** The first and the last date that may be asked about. */
  readonly covers: { readonly first: string; readonly last: string };
  /** The dates on which something in the ruleset changes, the first covered one included. */
  readonly breakpoints: readonly string[];
  /** Every policy, in the order of decisions. */
  readonly policies: readonly Policy[];
  /** Every fact that a household may be given with. */
  readonly facts: readonly Fact[];
  /** What a household, or each member, has several of. */
  readonly lists: readonly List[];

  /**
   * Every policy's decision for a household on a date.
   * @param household facts by English name, Chinese label or alias; `id`; `members`, a list; `village`; lists by theirs
   * @param asOf `2019-06-30`
   * @param options `assume: false`: facts that are not given are unknown, whatever the rules declare for that case;
   * `previous`: an earlier evaluation of the same household, from which facts are taken that ask what was decided then
   * @throws InputError with every problem found
   */
  evaluate(household: Household, asOf: string, options?: Options & { readonly previous?: Evaluation }): Evaluation;

  /** Whether the artifact has what it explains by (`fupin compile --explanations`). */
  readonly explains: boolean;

  /**
   * Why every policy's decision came out as it did, in the order of decisions.
   * @throws InputError with every problem found; a RangeError for a policy that there is not; an Error where the artifact does not
   *   explain
   */
  explain(household: Household, asOf: string, options?: Asked): Explanation[];

  /**
   * When the decisions for the household change over the days from `from` to `to`, both included, and what is due month by
   * month: what `fupin timeline --format json` says. A date of the past that lies after `from` is not known before it. Every day is
   * decided, in somewhat less than a millisecond. Not there: what is given by month going on after its last month
   * (`--continues`), and lines to be read.
   * @throws InputError with every problem found; an Error where the artifact does not explain
   */
  timeline(household: Household, from: string, to: string, options?: Options): Timeline;

  /**
   * As `evaluate`, for many households in few calls into the artifact. A household with problems is rejected and stops no
   * other.
   * @throws InputError for the date
   */
  evaluateMany(households: Iterable<Household>, asOf: string, options?: Options): Evaluations;
}

/** What `timeline` says. Amounts are whole numbers of the currency's smallest units, `bigint` beyond 2^53. */
export interface Timeline {
  readonly household: string;
  readonly trial?: readonly string[];
  /** Dates of the past that lie after the first day: whose, and from which day on they are known. */
  readonly known_from: readonly { readonly fact: string; readonly member: string | null; readonly from: string }[];
  /** Days, both included, over which every decision and every figure is the same. */
  readonly stretches: readonly {
    readonly from: string;
    readonly to: string;
    readonly decisions: readonly Decision[];
    readonly figures: readonly Figure[];
  }[];
  readonly changes: readonly {
    readonly on: string;
    readonly policy: string;
    readonly before: Decision;
    readonly after: Decision;
  }[];
  readonly figure_changes: readonly {
    readonly on: string;
    readonly figure: string;
    readonly before: Figure;
    readonly after: Figure;
  }[];
  /** By what the household is better off for a month (`2019-03`): below zero where it pays. */
  readonly dues: readonly {
    readonly month: string;
    readonly policy: string;
    readonly min: number | bigint;
    readonly max: number | bigint;
    readonly provisional: boolean;
  }[];
  readonly total: {
    readonly min: number | bigint;
    readonly max: number | bigint;
    readonly unit: string;
    readonly decimals: number;
  };
}

/** What `explain` is asked with. */
export interface Asked extends Options {
  /** Of `text`; all else is in both. Chinese unless it is told. */
  readonly language?: "zh" | "en";
  /** Ids of the policies that are asked about; all where they are left out. */
  readonly policies?: readonly string[];
  readonly previous?: Evaluation;
}

/**
 * Why a policy's decision came out as it did: what `fupin explain --json` says, but for advice, and `text`. `decision.missing` is what `evaluate` says: what suffices to decide.
 */
export interface Explanation {
  readonly decision: Decision;
  readonly as_of: string;
  readonly trial?: readonly string[];
  readonly in_force: boolean;
  /** The smallest parts of the rules that decided. */
  readonly reasons: readonly Reason[];
  /** How the amount was worked out: its form is `fupin_policy/explanation/sum.schema.json`. Null where there is nothing to be. */
  readonly sum: { readonly earlier: number; readonly lines: readonly object[] } | null;
  /** Why members benefit or do not, by a policy that chooses among them. */
  readonly beneficiaries: readonly Reason[];
  /** Why these departments answer, where that is by condition. */
  readonly departments?: readonly Reason[];
  readonly parameters: readonly ParameterUse[];
  readonly notes: readonly Words[];
  readonly derived?: readonly (Missing & { readonly number: string })[];
  /** All this as lines to be read, in the language asked for. */
  readonly text: string;
}

/** One part that decided: what it asks, what was found, and whether it holds (null where that is open). */
export interface Reason {
  readonly text: Words;
  readonly value: Words;
  readonly holds: boolean | null;
  /** Ids of members, joined by commas; null for the household. */
  readonly member: string | null;
  /** `terms.yaml:42`, from the ruleset's folder. */
  readonly place: string | null;
  /** The author's own words. */
  readonly source_text: string | null;
  /** The facts that it rests on. */
  readonly facts: readonly { readonly fact: string; readonly member: string | null; readonly assumed?: boolean }[];
}

/** A parameter that a decision rests on. */
export interface ParameterUse {
  readonly name: string;
  readonly label: string;
  readonly value: Words;
  /** Null where it has no value on the date. */
  readonly standing: "enacted" | "reported" | "example" | null;
  readonly source: string;
  readonly since: string | null;
  readonly reading?: true;
  readonly as_of?: string;
}

export interface Options {
  readonly assume?: boolean;
}

/**
 * JSON read exactly: whole numbers beyond 2^53 become bigints, fractions keep their digits, a name given twice is a
 * problem. Bytes are UTF-8. What comes out is data for `evaluate`.
 * @throws InputError with the place (`<json>:line:column`)
 */
export function parseJson(text: string | Uint8Array): any;

/** Something given is wrong. All problems are there at once, in the order of their places. */
export class InputError extends Error {
  private constructor();
  readonly name: "InputError";
  readonly problems: readonly Problem[];
}

/** What is wrong, where (`members[1].残疾等级`), and what to do about it. */
export interface Problem {
  readonly code: string;
  readonly severity: "error";
  readonly place: string;
  readonly zh: string;
  readonly en: string;
  readonly help: Words;
}

/** A text in both languages. */
export interface Words {
  readonly zh: string;
  readonly en: string;
}

/**
 * Facts and reserved keys (`id`, `members`, `village`) by name, as plain data. A fact that is left out, null, undefined or
 * blank is unknown, or what the rules declare for that case; one that is `"unknown"` or `{}` is unknown. One of which
 * something is known is `"1959-06"`, `{ min, max }` or `{ one_of: [...] }`. A list is `[{...}, ...]`, or `{ at_least: [...] }`
 * where there may be further items.
 */
export interface Household {
  readonly [key: string]: Given;
}

/** Plain data, such as JSON has. */
export type Given =
  string | number | bigint | boolean | null | undefined | readonly Given[] | { readonly [key: string]: Given };

export interface Policy {
  readonly id: string;
  readonly title: Words;
  readonly level: string;
}

export interface Fact {
  readonly name: string;
  readonly label: string;
  readonly aliases: readonly string[];
  /** Whose it is: `household`, `member` or `village`; or the name of a list, of whose items it is. */
  readonly level: string;
  readonly kind: "truth" | "number" | "date" | "code" | "codes" | "text";
  /** A date that cannot be later than the date asked about. */
  readonly past: boolean;
  readonly required: boolean;
  /** It has a value for each month or year: `{"2019-05": …}` (`{"2019": …}`), or `{"each": …}` for all that are not named. */
  readonly each?: "month" | "year";
  /** For `code` and `codes`: any of the three may be given. */
  readonly codes: readonly { readonly code: string; readonly name: string; readonly label: string }[] | null;
  /** What is taken where it is not given, and why; null where it is unknown then. */
  readonly absent: { readonly zh: string; readonly en: string; readonly why: Words } | null;
}

/** Several of something that a household, or each member (`of`), has: at most so many. */
export interface List {
  readonly name: string;
  readonly label: Words;
  readonly of: "household" | "member";
  readonly most: number;
  /** What is taken where nothing is given, and why; null where there may be any number then. */
  readonly absent: { readonly zh: string; readonly en: string; readonly why: Words } | null;
}

/**
 * What a term that the ruleset reports came to: `value` of the household (null where it is not settled), or `members` with
 * one each. A number is decimal text in its unit and has a `min` and a `max`, as a date has; a code its name, with all that
 * are possible in `one_of`.
 */
export interface Figure extends Partial<FigureValue> {
  readonly figure: string;
  readonly label: Words;
  readonly unit: Words | null;
  readonly members?: readonly ({ readonly member: string } & FigureValue)[];
  readonly missing: readonly Missing[];
  readonly assumed: readonly Assumed[];
  readonly provisional: boolean;
  /** Of a check of data: how it came out, and what is told where it does not hold. */
  readonly check?: {
    readonly severity: "warn" | "reject";
    readonly status: "holds" | "violated" | "not_checkable";
    readonly words: Words;
  };
}

export interface FigureValue {
  readonly value: string | boolean | null;
  readonly min?: string;
  readonly max?: string;
  readonly one_of?: readonly string[];
}

/** All decisions for one household on one date: what `Evaluation.as_json()` gives in Python. */
export interface Evaluation {
  readonly household: string;
  readonly as_of: string;
  readonly ruleset: { readonly id: string; readonly digest: string };
  /** Values that were only tried when the rules were compiled, where there are any: then nothing here is a decision. */
  readonly trial?: readonly string[];
  readonly decisions: readonly Decision[];
  readonly figures: readonly Figure[];
  /** The facts that numbers of identity tell and that are not given, or in part only, where there are any. */
  readonly derived?: readonly (Missing & { readonly number: string })[];
}

/** `evaluations` has an entry for each household, null for one that was rejected. */
export interface Evaluations {
  readonly evaluations: readonly (Evaluation | null)[];
  readonly rejected: readonly { readonly index: number; readonly problems: readonly Problem[] }[];
}

export type Status = "eligible" | "ineligible" | "unknown";

/** Whether who meets the condition must be given it, may be given it, or is given it where it is offered. */
export type Force = "entitlement" | "discretion" | "encouraged";

/** The outcome of one policy. Those that grant nothing are shared between evaluations, and frozen. */
export interface Decision {
  readonly policy: string;
  readonly title: Words;
  readonly status: Status;
  readonly force: Force;
  /** Whom it is shown to; `own`: whether the household is among them, null where that is open. Absent for everybody. */
  readonly audience?: Named & { readonly own: boolean | null };
  /** Under what it is shown, where the rules say it. */
  readonly section?: Named;
  /** Null where the policy states none or does not apply. */
  readonly amount: Amount | null;
  /** Ids of the members who surely receive. */
  readonly beneficiaries: readonly string[];
  /** Ids of the members of whom it is open. */
  readonly possible_beneficiaries: readonly string[];
  readonly departments: Departments;
  /** Null where the rules do not say. */
  readonly obtain: Obtain | null;
  readonly basis: readonly { readonly source: string; readonly clause: string }[];
  /** What must be known to settle the decision. */
  readonly missing: readonly Missing[];
  /** What would be missing if nothing were assumed of facts that were not given; empty where that changes nothing. */
  readonly assumed: readonly Assumed[];
  /** Whether it rests on a value that no source states. */
  readonly provisional: boolean;
  /** For a member's policy, each member's own outcome. */
  readonly members: readonly MemberDecision[];
  /** Since when a household's policy has applied, where it does or may, and the rules ask for it the next time. */
  readonly first_day?: { readonly min: string; readonly max: string };
}

/** How a member's policy came out for one member; `departments` where it is by condition who answers. */
export interface MemberDecision {
  readonly member: string;
  readonly status: Status;
  readonly amount: Amount | null;
  readonly departments?: Omit<Departments, "missing">;
  readonly first_day?: { readonly min: string; readonly max: string };
}

/** What the rules declare by a name, and what people call it. */
export interface Named extends Words {
  readonly name: string;
}

/** Who surely answers; where that is open also who may, and what must be known to say it. */
export interface Departments {
  readonly lead: readonly Words[];
  readonly cooperating: readonly Words[];
  readonly possible_lead?: readonly Words[];
  readonly possible_cooperating?: readonly Words[];
  readonly missing?: readonly Missing[];
}

/** How a benefit is obtained: where to go, what to bring, in how many days it is settled, whom to call.
 *  `working_days`: the same in working days, of which no calendar is known here. */
export interface Obtain {
  readonly how: "application" | "automatic" | "referral";
  readonly where: Words | null;
  /** What to bring; `when`: where only, of what is not surely needed. */
  readonly documents: readonly (Words & { readonly when?: Words })[];
  readonly days: number | null;
  readonly working_days?: number;
  readonly phone: string | null;
}

/** Money as decimal text, never a float: `value` is null where it is a range. */
export interface Amount {
  readonly value: string | null;
  readonly min: string;
  readonly max: string;
  /** The currency: `CNY`. */
  readonly unit: string;
  readonly per: "once" | "day" | "month" | "term" | "year" | "quarter" | "half_year";
}

/** A fact that was not given, with what was taken instead. */
export interface Assumed extends Missing {
  readonly value: Words;
}

/**
 * A fact by English name (`parameter.NAME` for a parameter without a value) and label; `member` where it is a member's. Of the
 * second item of a list `supporters[2].monthly`; the list's own name where it is not known which items there are.
 */
export interface Missing {
  readonly fact: string;
  readonly label: string;
  readonly member?: string;
}
