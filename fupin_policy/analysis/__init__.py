"""What can be asked of a ruleset as a whole: what became of each clause, what a department must do, what is tested.

In: a checked program, or a `Ruleset` with its examples. Out: data. Called by `cli`, `editor`, `reports`,
`service`.
Imports `core`, `decisions`, `diagnostics`, `documents`, `evaluators`, `files`, `intake`, `prose`, `ruleset`.
"""
