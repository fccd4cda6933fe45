"""A household with one fact given otherwise, whatever kind of fact it is.

In: what is given of a household, a fact, a value. Out: what is given. Called by the tests of sensitivity.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from fupin_policy.core.days import to_day
from fupin_policy.core.declarations import FactDecl
from fupin_policy.core.periods import period_on


def put(given: dict[str, Any], fact: FactDecl, value: Any, as_of: date) -> dict[str, Any]:
    """The household with a fact given so; without a day that says otherwise where the fact is whether there is one."""
    if fact.level == "member":
        first, *others = given["members"]
        return {**given, "members": [stating(first, fact, value, as_of), *others]}
    if fact.level == "village":
        return {**given, "village": {**given.get("village", {}), fact.name: value}}
    return stating(given, fact, value, as_of)


def stating(given: dict[str, Any], fact: FactDecl, value: Any, as_of: date) -> dict[str, Any]:
    """What is given of a household or member, with a fact given so; one by month or year in the month that it is of."""
    if fact.series is None:
        return {**agreeing(given, fact, value), fact.name: value}
    period = period_on(fact.series, fact.ago, to_day(as_of))
    known = given.get(fact.series.name)
    return {**given, fact.series.name: {**(known if isinstance(known, dict) else {}), period: value}}


def agreeing(given: dict[str, Any], fact: FactDecl, value: Any) -> dict[str, Any]:
    """What is given, but for the day whose being the fact denies, or whose lacking it denies."""
    day = fact.name.removesuffix(".given")
    stated = given.get(day)
    if isinstance(stated, dict) and set(stated.get("one_of", ["2019-01-01"])) <= {"无", "none"}:
        stated = "无"
    said = {"无": False, "none": False, "不详": None}.get(str(stated), True)
    kept = day == fact.name or day not in given or said is None or said is value or isinstance(stated, dict)
    return given if kept else {name: one for name, one in given.items() if name != day}
