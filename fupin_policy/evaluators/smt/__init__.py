"""CORE as formulas for the solver Z3 (extra `proof`). Values are exact: every fact is known, though not said.

In: a snapshot. Out: formulas over the facts of a household of bounded size, and households from a solver's answers.
Called by `analysis.verification`.
Imports `core`, `evaluators`.
"""
