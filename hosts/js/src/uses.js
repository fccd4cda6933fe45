/**
 * Which parameters took part in a decision: `fupin_policy/explanation/parameter_uses.py`.
 * In: traces. Out: uses with their values. Called by `explain`.
 */

/** @typedef {import("./trace.js").Trace} Trace */
/** @typedef {import("./rules.js").Use} Use */

/**
 * Each parameter that took part in definitions, once a value.
 * @param {import("./sentences.js").Sentences} sentences
 * @param {Trace[][]} traces
 * @param {number[]} roots
 */
export function parameterUses(sentences, traces, roots) {
  const waiting = roots.flatMap((root) => [...traces[root]].reverse()).reverse();
  /** @type {Set<Trace>} */
  const seen = new Set();
  /** @type {Map<string, Use>} */
  const used = new Map();
  for (let trace = waiting.pop(); trace !== undefined; trace = waiting.pop()) {
    if (seen.has(trace)) continue;
    seen.add(trace);
    for (const number of trace.node.u ?? []) {
      const { use, ...said } = sentences.rules.uses[number];
      const value = use.value ?? sentences.value(trace.node.type, trace.value);
      const key = `${number} ${JSON.stringify(value)}`;
      if (!used.has(key)) used.set(key, { use: { ...use, value }, ...said });
    }
    waiting.push(...below(trace, traces).reverse());
  }
  return [...used.values()];
}

/**
 * @param {Trace} trace
 * @param {Trace[][]} traces
 */
function below({ node, parts }, traces) {
  if (node.k === "Ref") return [...traces[node.d]].reverse();
  // the rate of a slice in which nothing lies took no part
  const empty = isSlice(node) && parts[0].value[0] === 0n && parts[0].value[1] === 0n;
  return empty ? parts.slice(0, 1) : [...parts];
}

/**
 * Whether a node is a slice of a table of slices: what lies in it, never below zero, times its rate.
 * @param {import("./rules.js").Node} node
 */
function isSlice({ k, parts }) {
  return k === "Multiply" && parts[0].k === "Max" && parts[0].parts[parts[0].parts.length - 1].k === "Const";
}
