"""The commands of `fupin`, a file for each kind; `main` lists them and turns errors into messages and exit codes.

In: arguments. Out: what is printed and written, and an exit code.
Imports `analysis`, `analysis.sensitivity`, `analysis.verification`, `batch`, `check`, `core`, `diagnostics`,
`documents`, `evaluators.wasm`, `export_c`, `files`, `intake`, `prose`, `reports`, `ruleset`.
"""
