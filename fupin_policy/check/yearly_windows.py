"""The days of each year on which something is given once: `01-01..01-31`, or from one dated parameter to another.

In: what a file says. Out: a window, and the condition that it stands for. Called by `program` and `policies`.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from fupin_policy.check.scope import Scope
from fupin_policy.core.days import MonthDay
from fupin_policy.core.policies import ParameterWindow, Window
from fupin_policy.diagnostics import Reporter, Span
from fupin_policy.documents.parts import TextDoc
from fupin_policy.language import parse, syntax

_MONTH_DAYS = re.compile(r"\s*(\d{1,2})-(\d{1,2})\s*\.\.\s*(\d{1,2})-(\d{1,2})\s*")
_ONLY_DAYS = re.compile(r"[\d\s.\-–—~～至月日号/]*")
"""What speaks of no parameter, so that it was to be days."""
_COMMON_YEAR = 2001

WindowSource = Window | syntax.Range
"""A window, or a range between two parameters whose names are still to be looked up."""


def window_source(doc: TextDoc, reporter: Reporter) -> WindowSource | None:
    """What a file says of a window; None where something was reported."""
    found = _MONTH_DAYS.fullmatch(doc.span.text)
    if found is not None:
        month, day, last_month, last_day = (int(part) for part in found.groups())
        return _window((month, day), (last_month, last_day), doc.span, reporter)
    if not _ONLY_DAYS.fullmatch(doc.span.text):
        tree = parse(doc.span, reporter, "cell")
        match tree:
            case None | syntax.Range(syntax.ParameterRef(), syntax.ParameterRef(), False):
                return tree
    reporter.report("T237", doc.span, found=doc.span.text)
    return None


def condition(source: WindowSource, span: Span) -> syntax.Syntax:
    """That the day asked about lies in a window: its last end was before its last beginning."""
    asked = syntax.AsOf(span)
    match source:
        case syntax.Range():
            return syntax.In(asked, source, False, span)
        case Window(start, end) if start == end:
            return syntax.TruthLiteral(True, span)
        case Window(start, end):
            ended, began = (syntax.Anniversary("last", one.month, one.day, asked, span) for one in (end, start))
            return syntax.Compare("<", ended, began, span)


def window(source: WindowSource, scope: Scope) -> Window | ParameterWindow | None:
    """The window, with the parameters that are meant; None where one of them was reported."""
    match source:
        case Window():
            return source
        case syntax.Range(syntax.ParameterRef() as first, syntax.ParameterRef() as last):
            ends = [(scope.parameters.get(end.name), end.last) for end in (first, last)]
            days = [(one, () if last is None else (MonthDay(*last),)) for one, last in ends if one is not None]
            names = [scope.as_of(one, of).name for one, of in days]
            return ParameterWindow(*names) if len(names) == 2 else None
        case _:
            raise AssertionError(source)


def _window(start: tuple[int, int], last: tuple[int, int], span: Span, reporter: Reporter) -> Window | None:
    if (2, 29) in (start, last):
        reporter.report("S026", span, found=span.text)
        return None
    try:
        first, after = date(_COMMON_YEAR, *start), date(_COMMON_YEAR, *last) + timedelta(days=1)
    except ValueError:
        reporter.report("T237", span, found=span.text)
        return None
    return Window(MonthDay(first.month, first.day), MonthDay(after.month, after.day))
