"""What only formats: decisions, registers, findings and runs as text, pages, workbooks and drawings.

In: what `ruleset`, `analysis` and `batch` found. Out: text, HTML, workbooks, Markdown, SVG. Called by `cli`.
Imports `analysis`, `analysis.sensitivity`, `analysis.verification`, `batch`, `core`, `decisions`, `diagnostics`,
`documents`, `files`, `prose`, `ruleset`.
"""
