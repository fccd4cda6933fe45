"""Hypothesis strategies for tests of rulesets, the users' own too. Needs the extra `testing`.

In: a `Ruleset`, or nothing. Out: strategies of households, dates, completions and whole random rulesets.
Imports `core`, `intake`, `ruleset`.
"""

from fupin_policy.testing.households import as_of_dates, completions, households
from fupin_policy.testing.random_rulesets import rulesets

__all__ = ["as_of_dates", "completions", "households", "rulesets"]
