"""How benefits change while one fact of a household runs: `sweep_variable`, `evaluators.affine`, `segments`, `cliffs`.

In: a ruleset, a household, a fact. Out: exact segments, thresholds and cliffs, and these in words or as plain data.
Called by `cli`, `reports`.
Imports `core`, `diagnostics`, `evaluators`, `intake`, `ruleset`.
"""
