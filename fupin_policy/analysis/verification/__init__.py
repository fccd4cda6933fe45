"""Proofs about rulesets by the solver Z3 (extra `proof`): findings in one, differences between two.

In: programs. Out: findings with households that show them, confirmed by the interpreter. Called by `cli`, `reports`.
Imports `core`, `diagnostics`, `evaluators`, `evaluators.smt`, `intake`, `prose`.
"""
