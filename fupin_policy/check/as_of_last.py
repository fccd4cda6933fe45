"""Parameters as they stood on the last 1 July: documents whose values hold on the days asked about.

In: a parameter's document. Out: that of the parameter as of another day. Called by `parameters`.
A value that holds from v up to w is the one for each day whose last 1 July lies there: from the first 1 July not before
v up to the first not before w.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from fupin_policy.core.bilingual import plain
from fupin_policy.core.days import MonthDay
from fupin_policy.documents.model import ParameterDoc
from fupin_policy.documents.parts import Dates


def as_of_last(doc: ParameterDoc, days: Sequence[MonthDay]) -> ParameterDoc:
    """A parameter as of the last of some months and days, counted from the day asked about step by step.

    No value is left out: rows are numbered as they are. One that holds on no such day ends before it begins.
    """
    for one in reversed(days):
        zh, en = f"(截至 {one})", f"(as of {one})"
        doc = replace(
            doc,
            name=replace(doc.name, text=doc.name.text + en),
            label=replace(doc.label, text=doc.label.text + zh),
            label_en=f"{doc.label_en or plain(doc.name.text.replace('.', ' '))} {en}",
            values=tuple(replace(value, valid=_asked(value.valid, one)) for value in doc.values),
        )
    return doc


def _asked(valid: Dates, one: MonthDay) -> Dates:
    """The days on which the last month and day lies in a stretch."""
    start, last = valid.start, valid.end
    after = None if last is None or last == date.max else _first(last + timedelta(days=1), one)
    if start is None:
        return replace(valid, end=after and after - timedelta(days=1))
    first = _first(start, one)
    if first is None:
        return replace(valid, start=date.max, end=date.max - timedelta(days=1))
    return replace(valid, start=first, end=after and after - timedelta(days=1))


def _first(day: date, one: MonthDay) -> date | None:
    """The first such month and day on or after a day; None where the calendar ends before it."""
    year = day.year + ((one.month, one.day) < (day.month, day.day))
    return None if year > date.max.year else date(year, one.month, one.day)
