"""From what an evaluator found to decisions: who gets what, who answers for it, what is missing, what is due.

In: findings or traces, a snapshot, a household. Out: `Decision`s, judgements of targets, rule metadata. Called by
`analysis`, `batch`, `evaluators.wasm`, `explanation`, `reports`, `ruleset`.
Imports `core`.
"""
