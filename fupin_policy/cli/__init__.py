"""The commands of `fupin`, a file for each kind; `main` lists them and turns errors into messages and exit codes.

In: arguments. Out: what is printed and written, and an exit code.
Imports `analysis`, `analysis.sensitivity`, `analysis.verification`, `batch`, `c_library`, `check`, `core`,
`diagnostics`, `documents`, `editor`, `evaluators.wasm`, `files`, `intake`, `prose`, `reports`, `ruleset`,
`service`.
"""
