"""Documents and syntax to a CORE program: names, types, units, ranges, tables, versions.

In: what the files say. Out: a `Program`, or diagnostics. Called by `cli`, `editor`, `ruleset`.
Imports `core`, `diagnostics`, `documents`, `files`, `language`, `prose`.
"""

from fupin_policy.check.program import check

__all__ = ["check"]
