"""What gives the core a value: the interpreter (the definition), affine bounds, suppositions; `wasm` and `smt`.

In: a snapshot and a household. Out: findings and traces. Called by `analysis`, `analysis.sensitivity`,
`analysis.verification`, `evaluators.smt`, `explanation`, `ruleset`.
Imports `core`, `diagnostics`, `files`.
"""
