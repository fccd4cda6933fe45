"""A timeline with what is due, as plain data.

In: a `Timeline`, its payments, the rules. Out: dicts and lists, ready for `json.dumps`. Called by `cli` and `service`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Unpack

from fupin_policy.analysis.payments import Payment, payments, total
from fupin_policy.analysis.timeline import Timeline, timeline
from fupin_policy.core.days import to_day
from fupin_policy.core.json_data import json_of, json_parts
from fupin_policy.diagnostics import InputError
from fupin_policy.intake import ReadAs
from fupin_policy.ruleset import Ruleset, day_of


def timeline_between(
    ruleset: Ruleset, household: Mapping[str, Any], first: date | str, last: date | str, **how: Unpack[ReadAs]
) -> tuple[Timeline, tuple[Payment, ...]]:
    """The decisions for a household as given, over days that the ruleset covers, and what is due. Raises InputError."""
    start, end = days_between(ruleset, first, last)
    # dates of the past up to the last day are known in the end
    read, _ = ruleset.read(household, last, assume=how.get("assume", True))
    found = timeline(ruleset, replace(read, continues=how.get("continues", False)), start, end)
    return found, payments(found, ruleset.program)


def days_between(ruleset: Ruleset, first: date | str, last: date | str, where: str = "to") -> tuple[int, int]:
    """Two days in order that the ruleset covers. Raises InputError; `where` is the place of a last day before them."""
    start, end = (to_day(day_of(ruleset.program, day)) for day in (first, last))
    if end < start:
        raise InputError.of("H072", where, first=first, last=last)
    return start, end


def timeline_data(found: Timeline, rows: tuple[Payment, ...], ruleset: Ruleset) -> dict[str, Any]:
    """The stretches, what changes on which day, what is due month by month, and the sum."""
    low, high = total(rows)
    return {
        "household": found.household,
        **({"trial": list(ruleset.program.trial)} if ruleset.program.trial else {}),
        "known_from": [{"fact": one.fact, "member": one.member, "from": one.since.isoformat()} for one in found.late],
        "stretches": [
            {**json_of({"from": one.first, "to": one.last}), **json_parts(one.evaluation, "decisions", "figures")}
            for one in found.stretches
        ],
        "changes": [
            {"on": day.isoformat(), "policy": now.policy, "before": was.as_json(), "after": now.as_json()}
            for day, was, now in found.changes
        ],
        "figure_changes": [
            {"on": day.isoformat(), "figure": now.name, "before": was.as_json(), "after": now.as_json()}
            for day, was, now in found.figure_changes
        ],
        "dues": [
            {"month": due.month, "policy": due.policy, "min": due.low, "max": due.high, "provisional": due.provisional}
            for due in rows
        ],
        "total": {"min": low, "max": high, "unit": ruleset.program.currency, "decimals": ruleset.program.decimals},
    }
