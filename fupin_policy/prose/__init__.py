"""Expressions, values and ratios of the core in Chinese and English words.

In: nodes of the core and values. Out: text. Called by `explanation`, `reports` and `analysis.verification`.
Imports `core`, `diagnostics`.
"""
