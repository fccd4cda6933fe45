/** Compiled, never run: that `index.d.ts` says what `src/index.js` does, and that it is pleasant to use. */

import type * as declared from "./index.js";
import { InputError, load, parseJson, type Evaluation } from "./index.js";
import * as real from "./src/index.js";

export const same: Pick<typeof declared, "load" | "parseJson"> = {
  load: real.load as never,
  parseJson: real.parseJson,
};
export const evaluate: (household: {}, asOf: string) => Evaluation = real.Ruleset.prototype.evaluate;
export const evaluateMany: declared.Ruleset["evaluateMany"] = real.Ruleset.prototype.evaluateMany;
export const explain: declared.Ruleset["explain"] = real.Ruleset.prototype.explain;
export const timeline: declared.Ruleset["timeline"] = real.Ruleset.prototype.timeline;
export const described: Pick<
  declared.Ruleset,
  "explains" | "id" | "digest" | "title" | "covers" | "breakpoints" | "policies" | "facts" | "lists"
> = real.Ruleset.prototype;

export async function totals(text: string): Promise<string[]> {
  const ruleset = await load(fetch("rules.wasm"));
  try {
    const { decisions } = ruleset.evaluate(parseJson(text), "2019-06-30");
    return decisions
      .filter((one) => one.status === "eligible")
      .map((one) => `${one.title.en} ${one.amount?.min ?? ""}`);
  } catch (error) {
    if (error instanceof InputError) return error.problems.map((one) => `${one.place}: ${one.en}`);
    throw error;
  }
}
