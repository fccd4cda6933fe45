"""The keystone: types, expressions, values, a ruleset with all its dates (`program`) and on one (`snapshot`).

In: what `check` makes. Out: what every evaluator, explanation and report reads.
Imports `diagnostics`, `files`.
"""
