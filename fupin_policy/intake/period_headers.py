"""Headers of facts by month or year: `工资 2019-05`, or `工资 each` for all months that have no column of their own.

In: facts by what they are called, a header. Out: the fact that it names. Called by
`csv_extract` and `batch`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from fupin_policy.core.declarations import Each, FactDecl, Series
from fupin_policy.core.periods import period_text
from fupin_policy.intake.notation import EACH
from fupin_policy.intake.period_values import period_of_key

PERIODS: dict[str, Each] = {"month": "month", "月份": "month", "year": "year", "年份": "year"}
"""How a column, or the part of an entry, is called that says of which month or year it is."""


def fact_of_header(facts: Mapping[str, FactDecl], header: str) -> FactDecl | None:
    """The fact of a header, of those by month or year with the month in its name; None where there is none."""
    found = facts.get(header)
    if found is not None:
        return found if found.series is None else _named(found, found.series, "")
    for key in sorted((key for key in facts if header.startswith(key)), key=len, reverse=True):
        fact, text = facts[key], header[len(key) :].lstrip(" _\u3000")
        if fact.series is None:
            continue
        try:
            period = period_of_key(text, fact.series.each)
        except ValueError:
            continue
        return _named(fact, fact.series, EACH if period is None else period_text(fact.series.each, period))
    return None


def _named(fact: FactDecl, series: Series, period: str) -> FactDecl:
    name, label = f"{series.name} {period}".strip(), f"{series.label} {period}".strip()
    return replace(fact, name=name, label=label, label_en=None, aliases=())
