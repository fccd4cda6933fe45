"""Policies as code: a household goes in, decisions come out.

import fupin_policy
ruleset = fupin_policy.load()
ruleset.evaluate(household, "2019-06-30")
"""

from fupin_policy.core.decision import Amount, Decision, Evaluation, MemberDecision, Missing, Status
from fupin_policy.diagnostics import Diagnostic, FupinError, InputError, RulesetError
from fupin_policy.explanation import Explanation
from fupin_policy.ruleset import Ruleset, load

__all__ = [
    "Amount",
    "Decision",
    "Diagnostic",
    "Evaluation",
    "Explanation",
    "FupinError",
    "InputError",
    "MemberDecision",
    "Missing",
    "Ruleset",
    "RulesetError",
    "Status",
    "load",
]
