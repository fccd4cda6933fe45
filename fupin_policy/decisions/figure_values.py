"""The values of figures as people and other programs read them: in the declared unit, as dates, as names of codes.

In: figures, possible values, a household. Out: `Figure`s. Called by `ruleset`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import cast

from fupin_policy.core import possible
from fupin_policy.core.days import to_date
from fupin_policy.core.figures import Figure, FigureValue
from fupin_policy.core.household import Household
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.missing import Missing
from fupin_policy.core.outputs import FigureDecl
from fupin_policy.core.possible import Interval, Value
from fupin_policy.core.program import Program
from fupin_policy.core.types import Code, Day, Truth

_TRUTHS = {possible.FALSE: ("false",), possible.TRUE: ("true",), possible.UNKNOWN: ("false", "true")}


def figures_of(
    program: Program,
    household: Household,
    found: Iterable[tuple[FigureDecl, Sequence[Value]]],
    missing: Callable[[int], tuple[Missing, ...]],
    provisional: Callable[[DefinitionId], bool],
) -> tuple[Figure, ...]:
    """Figures with a value for each of their subjects; `missing` is asked by the number of one that is open.

    `provisional` says whether there is a parameter behind a definition that no source states.
    """
    figures = []
    for number, (figure, values) in enumerate(found):
        ids = household.ids if figure.level == "member" else (None,)
        told = tuple(value_of(program, figure, *pair) for pair in zip(ids, values, strict=True))
        opened = any(not possible.is_singleton(figure.type, value) for value in values)
        asked = missing(number) if opened else ()
        figures.append(Figure(figure, told, asked, provisional(figure.definition)))
    return tuple(figures)


def value_of(program: Program, figure: FigureDecl, member: str | None, value: Value) -> FigureValue:
    """What a figure may be for one subject: both ends of a number or date, or all that is possible."""
    match figure.type:
        case Truth():
            return FigureValue(member, value, _TRUTHS[cast(int, value)])
        case Code(code_list):
            codes = program.code_lists[code_list].codes
            kept = [code for at, code in enumerate(codes) if cast(int, value) >> at & 1]
            return FigureValue(member, value, tuple(one.name for one in kept), tuple(one.words for one in kept))
        case _:
            ends = tuple(dict.fromkeys(cast(Interval, value)))
            return FigureValue(member, value, tuple(end_text(figure, end) for end in ends))


def end_text(figure: FigureDecl, end: int) -> str:
    """A number in the declared unit, or a day as a date."""
    if isinstance(figure.type, Day):
        return to_date(end).isoformat()
    return format(Decimal(end).scaleb(-figure.decimals), f".{figure.decimals}f")
