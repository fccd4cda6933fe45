"""Policies as code: a household goes in, decisions come out.

import fupin_policy
ruleset = fupin_policy.load()
ruleset.evaluate(household, "2019-06-30")
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fupin_policy.core.decision import Amount, Decision, MemberDecision, Status
    from fupin_policy.core.evaluation import Evaluation
    from fupin_policy.core.missing import Missing
    from fupin_policy.diagnostics import Diagnostic, FupinError, InputError, RulesetError, UnknownNameError
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
    "UnknownNameError",
    "load",
]


_ROOMS = {
    "core.decision": ("Amount", "Decision", "MemberDecision", "Status"),
    "core.evaluation": ("Evaluation",),
    "core.missing": ("Missing",),
    "diagnostics": ("Diagnostic", "FupinError", "InputError", "RulesetError", "UnknownNameError"),
    "explanation": ("Explanation",),
    "ruleset": ("Ruleset", "load"),
}


def __getattr__(name: str) -> object:
    """What is imported when it is first asked for, so that whoever needs one room does not wait for all."""
    from importlib import import_module

    room = next((room for room, names in _ROOMS.items() if name in names), None)
    if name in _ROOMS:
        return import_module(f"{__name__}.{name}")
    if room is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name, obj=__name__)
    found: object = getattr(import_module(f"{__name__}.{room}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
