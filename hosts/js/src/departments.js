/**
 * Who answers for a policy: bodies by their numbers, and by what may come out where it depends on facts.
 * In: a policy at a place, what was found. Out: names in both languages. Called by `decide` and `contexts`.
 */

import { FALSE, TRUE } from "./possible.js";

/** @typedef {import("./manifest.js").Words} Words */
/** @typedef {import("./contexts.js").RuleContext} RuleContext */

/** The bodies of one artifact. */
export class Departments {
  /** @param {import("./manifest.js").Manifest["bodies"]} bodies */
  constructor(bodies) {
    this.bodies = bodies;
  }

  /**
   * Who answers for a policy, and who may besides. Of several members those count to whom it applies; where it is open to
   * whom it does, whoever answers in every case.
   * @param {RuleContext} context
   * @param {number[]} outcomes
   * @param {bigint[]} masks
   */
  answering({ frame, offices }, outcomes, masks) {
    const answers = frame.answers ?? [];
    /** @type {(those: bigint[]) => bigint} */
    const joined = (those) => those.reduce((all, mask) => all | mask, 0n);
    const may = masks.filter((_, at) => outcomes[at] !== FALSE);
    const every = joined(may.length ? may : masks) || (1n << BigInt(answers.length)) - 1n;
    const sure = masks.filter((_, at) => outcomes[at] === TRUE);
    /** @type {(mask: bigint) => import("./manifest.js").Answer[]} */
    const those = (mask) => answers.filter((_, at) => ((mask >> BigInt(at)) & 1n) === 1n);
    const cases = (sure.length ? sure : [every]).map(those);
    /** @type {(part: "lead" | "cooperating") => [Words[], Words[]]} */
    const split = (part) => {
      const numbers = [...new Set(those(every).flatMap((one) => one[part]))];
      const settled = numbers.filter((body) => cases.some((some) => some.every((one) => one[part].includes(body))));
      const named = this.named(settled, offices);
      const others = this.named(
        numbers.filter((body) => !settled.includes(body)),
        offices,
      );
      return [named, others.filter((one) => !named.some(({ zh, en }) => zh === one.zh && en === one.en))];
    };
    const [[lead, mayLead], [cooperating, mayJoin]] = [split("lead"), split("cooperating")];
    const open = mayLead.length + mayJoin.length > 0;
    return {
      bodies: { lead, cooperating, ...(open && { possible_lead: mayLead, possible_cooperating: mayJoin }) },
      open,
    };
  }

  /**
   * Bodies by their numbers, each name once.
   * @param {number[]} numbers
   * @param {Map<string, Words>} offices by the input that names the place
   * @returns {Words[]}
   */
  named(numbers, offices) {
    const words = numbers.map((number) => {
      const body = this.bodies[number];
      const { zh, en } = (body.place !== null && offices.get(body.place)) || body;
      return { zh, en };
    });
    return words.filter((one, at) => words.findIndex(({ zh, en }) => zh === one.zh && en === one.en) === at);
  }
}
