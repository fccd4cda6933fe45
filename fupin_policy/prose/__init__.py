"""Expressions, values and ratios of the core in Chinese and English words.

In: nodes of the core and values. Out: text. Called by `analysis`, `analysis.verification`, `batch`,
`check`, `cli`, `editor`, `explanation`, `reports`, `ruleset`, `service`.
Imports `core`, `diagnostics`.
"""
