"""Two ways to ask whether so many years have passed, which differ by a day where the month has no such day.

In: definitions, facts. Out: a warning where a ruleset asks both ways of one date, or adds years to a date of birth.
Called by `program`.
Whoever is born on 29 February completes a year on 1 March; `born + 1 year`, as the end of a period, is 28 February.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fupin_policy.core.declarations import FactDecl
from fupin_policy.core.expressions import AsOf, Compare, Const, DateDiff, Expr, Fact, Period, Shift, walk
from fupin_policy.core.program import Definition
from fupin_policy.diagnostics import Reporter

_BY_CALENDAR = (Period.YEARS, Period.MONTHS)
_BIRTH = ("出生", "birth", "born")
"""What the names of dates of birth have in common."""
_COUNTING = {
    Period.YEARS: ("周岁数", "completed_years"),
    Period.MONTHS: ("满月数", "completed_months"),
}


def warn_of_two_ways(definitions: Iterable[Definition], facts: Iterable[FactDecl], reporter: Reporter) -> None:
    """Warn of each comparison of `date + n years` with the day asked about, of a date whose completed years count.

    Of a date of birth it is warned of in any case, with what was meant.
    """
    nodes = [node for one in definitions for _, expr in one.versions for node in walk(expr)]
    counted = {node.start for node in nodes if isinstance(node, DateDiff) and _completed(node)}
    births = {fact.name for fact in facts if any(word in f"{fact.label} {fact.name}" for word in _BIRTH)}
    for node, moved in _comparisons(nodes):
        if node.span is None:
            continue
        if moved.arg in counted:
            reporter.report("T229", node.span, text=node.span.text)
        elif isinstance(moved.arg, Fact) and moved.arg.input.fact in births:
            reporter.report("T230", node.span, suggestion=_as_age(node, moved), text=node.span.text)


def _comparisons(nodes: Iterable[Expr]) -> Iterator[tuple[Compare, Shift]]:
    """Comparisons of a date moved by years or months with the day asked about, and that date."""
    for node in nodes:
        if isinstance(node, Compare):
            for moved, day in ((node.left, node.right), (node.right, node.left)):
                if isinstance(day, AsOf) and isinstance(moved, Shift) and moved.period in _BY_CALENDAR:
                    yield node, moved


def _completed(node: DateDiff) -> bool:
    return node.period in _BY_CALENDAR and isinstance(node.end, AsOf)


def _as_age(node: Compare, moved: Shift) -> str | None:
    """What is meant, as an age; None where no age says the same but for the day in question."""
    sign = {("<=", True): ">=", ("<", False): "<"}.get((node.op, node.left is moved))
    if sign is None or moved.arg.span is None or not isinstance(moved.amount, Const):
        return None
    date = moved.arg.span.text
    return f"{_COUNTING[moved.period][date.isascii()]}({date}) {sign} {moved.amount.value}"
