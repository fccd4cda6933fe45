"""Two ways to ask whether so many years have passed, which differ by a day where the month has no such day.

In: definitions. Out: a warning where a ruleset asks both ways of one date. Called by `program`.
Whoever is born on 29 February completes a year on 1 March; `born + 1 year`, as the end of a period, is 28 February.
"""

from __future__ import annotations

from collections.abc import Iterable

from fupin_policy.core.expressions import AsOf, Compare, DateDiff, Expr, Period, Shift, walk
from fupin_policy.core.program import Definition
from fupin_policy.diagnostics import Reporter

_BY_CALENDAR = (Period.YEARS, Period.MONTHS)


def warn_of_two_ways(definitions: Iterable[Definition], reporter: Reporter) -> None:
    """Warn of each comparison of `date + n years` with the day asked about, of a date whose completed years count."""
    nodes = [node for one in definitions for _, expr in one.versions for node in walk(expr)]
    counted = {node.start for node in nodes if isinstance(node, DateDiff) and _completed(node)}
    for node in nodes:
        if isinstance(node, Compare) and node.span is not None:
            for moved, day in ((node.left, node.right), (node.right, node.left)):
                if isinstance(day, AsOf) and _start(moved) in counted:
                    reporter.report("T229", node.span, text=node.span.text)


def _completed(node: DateDiff) -> bool:
    return node.period in _BY_CALENDAR and isinstance(node.end, AsOf)


def _start(expr: Expr) -> Expr | None:
    """What years or months are added to."""
    return expr.arg if isinstance(expr, Shift) and expr.period in _BY_CALENDAR else None
