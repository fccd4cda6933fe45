"""Decision tables to CORE: those that pick a row, and those that add up slices.

In: a table as the file says it, and a `Typer`. Out: a CORE expression; gaps and overlaps are reported.
Called by `program`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeGuard

from fupin_policy.check.arithmetic import add, minus, multiply, rounded
from fupin_policy.check.choices import cases, complete, extreme, gathered
from fupin_policy.check.common_types import fit
from fupin_policy.check.numbers import number
from fupin_policy.check.parameter_bounds import (
    Allowed,
    Between,
    BoundValues,
    RangeEnd,
    held_text,
    lattice,
    value_text,
    values_of_bounds,
)
from fupin_policy.check.parsed import DecisionTable, Slices, TableCell, TableRow
from fupin_policy.check.scope import BROKEN
from fupin_policy.check.table_coverage import ClosedInterval, Cover, Cuboid, Region, cover, gaps_of
from fupin_policy.check.typing import TRUE, Typer
from fupin_policy.core.expressions import Aggregate, And, Compare, Const, Expr, Not, OneOf, Parameter, Ref
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.types import Code, Day, ErrorType, Number, Truth
from fupin_policy.diagnostics import Span
from fupin_policy.documents.words import CHOICES, both
from fupin_policy.language import syntax
from fupin_policy.language.syntax import Syntax

MAX_GAPS = 64
"""Up to how many gaps of a table are tested one by one."""


def table(typer: Typer, given: DecisionTable, code_list: str | None) -> Expr:
    """The value of the one row that fits, or what is kept of those that do, else of `otherwise`.

    A code is wanted of `code_list` if given.
    """
    return picked(typer, [typer.expr(by) for by in given.by], given, code_list)


def picked(typer: Typer, columns: list[Expr], given: DecisionTable, code_list: str | None = None) -> Expr:
    """The same, of what the columns were typed as."""
    values = [_value(typer, row, code_list) for row in given.rows]
    if any(isinstance(column.type, ErrorType) for column in columns):
        return BROKEN
    rows = [_row(typer, columns, row) for row in given.rows]
    otherwise = None if given.otherwise is None else typer.expr(given.otherwise, code_list)
    if any(row is None for row in rows) or (given.conditions and not _keeps(typer, given)):
        return BROKEN
    tested = [row for row in rows if row is not None]
    every = values_of_bounds(typer, [part for _, cells in tested for part in cells], given.span, may_be_open=True)
    if every is None:
        return BROKEN
    gaps: tuple[Cuboid, ...] = ()
    for held in () if given.conditions else every:
        regions = [tuple(held.region(cell) for cell in cells) for _, cells in tested]
        found = _gaps(typer, columns, regions, given, otherwise is None, held_text(typer, held, every))
        if found is None:
            return BROKEN
        gaps = found
    branches = [(test, value) for (test, _), value in zip(tested, values, strict=True)]
    if otherwise is not None and not given.conditions and len(gaps) <= MAX_GAPS and len(every) == 1:
        # tested like any other row, what is left counts only where it can be reached
        branches += [(cuboid_test(columns, box, given.span), otherwise) for box in gaps]
        otherwise = None
    return _kept(typer, given, branches, otherwise)


def _keeps(typer: Typer, given: DecisionTable) -> bool:
    """Whether a table with conditions says what is kept of several rows that fit, and what it is worth if none does."""
    conditions = [row.span for row in given.rows if row.when is not None]
    if given.keep is None:
        typer.wrong("R313", conditions[0])
    elif given.otherwise is None:
        typer.wrong("R314", conditions[0])
    return given.keep is not None and given.otherwise is not None


def _kept(typer: Typer, given: DecisionTable, rows: list[tuple[Expr, Expr]], otherwise: Expr | None) -> Expr:
    """What is kept of the rows that fit; without `otherwise` one always does."""
    if given.keep is None or given.keep.text == "first":
        return complete(typer, rows, given.span) if otherwise is None else cases(typer, rows, otherwise, given.span)
    wanted = Number | ErrorType if given.keep.text == "all" else Number | Day | ErrorType
    for value in (*(value for _, value in rows), *(() if otherwise is None else (otherwise,))):
        if not isinstance(value.type, wanted):
            kinds = typer.kinds(found=value.type)
            return typer.wrong("T235", given.keep.span, keep=both(CHOICES, given.keep.text), **kinds)
    return gathered(typer, Aggregate.SUM if given.keep.text == "all" else Aggregate.MAX, rows, otherwise, given.span)


def _value(typer: Typer, row: TableRow, code_list: str | None = None) -> Expr:
    """What a row gives."""
    return row.value if isinstance(row.value, Parameter) else typer.expr(row.value, code_list)


def slices(typer: Typer, given: Slices) -> Expr:
    """The sum, over the slices, of what of the amount lies in each, times its rate; rounded where it says how."""
    total = sliced(typer, typer.number(given.of), given.rows, given.span)
    if given.rounding is None or isinstance(total.type, ErrorType):
        return total
    return rounded(typer, (total, None), given.rounding.mode, given.rounding.step, given.span)


def sliced(typer: Typer, amount: Expr, rows: Sequence[TableRow], span: Span) -> Expr:
    """The sum, over the slices, of what of an amount lies in each, times its rate."""
    if isinstance(amount.type, ErrorType) or not _joined(typer, amount, rows, span):
        return BROKEN
    return add(typer, [share(typer, amount, row) for row in rows], span)


def _row(typer: Typer, columns: list[Expr], row: TableRow) -> tuple[Expr, tuple[Allowed, ...]] | None:
    """A row's test, and what it allows in each column; of a condition that is not asked."""
    if row.when is not None:
        test = typer.truth(row.when)
        return None if isinstance(test.type, ErrorType) else (test, ())
    if len(row.cells) != len(columns):
        typer.wrong("R305", row.span, found=len(row.cells) + 1, wanted=len(columns) + 1)
        return None
    return cells_test(typer, columns, row.cells, row.span)


def cells_test(
    typer: Typer, columns: list[Expr], cells: Sequence[TableCell], span: Span
) -> tuple[Expr, tuple[Allowed, ...]] | None:
    """The test of a cell for each column, and what each allows."""
    found = [_cell(typer, column, cell, span) for column, cell in zip(columns, cells, strict=True)]
    if any(one is None for one in found):
        return None
    tests = [one[0] for one in found if one is not None and one[0] != TRUE]
    allowed = tuple(one[1] for one in found if one is not None)
    test = TRUE if not tests else tests[0] if len(tests) == 1 else And(tuple(tests), span)
    return test, allowed


def _cell(typer: Typer, column: Expr, cell: TableCell, span: Span) -> tuple[Expr, Allowed] | None:
    """A cell's test, and what it allows."""
    if len(cell) == 1 and isinstance(cell[0], syntax.AnyCell):
        return TRUE, (domain_of(column),)
    if len(cell) == 1 and isinstance(cell[0], syntax.Range):
        return _range_cell(typer, column, cell[0])
    test = typer.among(column, syntax.Set(cell, span))
    if isinstance(test.type, ErrorType):
        return None
    regions = [_points(typer, column, item) for item in cell]
    if any(region is None for region in regions):
        typer.wrong("R307", span)
        return None
    return test, tuple(interval for region in regions if region is not None for interval in region)


def _range_cell(typer: Typer, column: Expr, cell: syntax.Range) -> tuple[Expr, Between] | None:
    test = typer.among(column, cell)
    if isinstance(test.type, ErrorType):
        return None
    first, last = (None if end is None else typer.expr(end) for end in (cell.low, cell.high))
    if not _is_bound(first) or not _is_bound(last):
        typer.wrong("R307", cell)
        return None
    return test, Between(column, domain_of(column), first, last, cell.high_open)


def _is_bound(end: Expr | None) -> TypeGuard[RangeEnd | None]:
    """Whether a range may end there: a constant or a parameter, as of the day asked about."""
    match end:
        case Const() | Parameter() | None:
            return True
        case Ref(DefinitionId("use", name, ()) as use):
            return use.parameter == name  # a use of a scale is somebody's
        case _:
            return False


def _points(typer: Typer, column: Expr, item: Syntax) -> Region | None:
    """The integers that a single value stands for."""
    code_list = column.type.code_list if isinstance(column.type, Code) else None
    value = typer.expr(item, code_list)
    if not isinstance(value, Const):
        return None
    if isinstance(column.type, Code | Truth):
        at = value.value & 1 if isinstance(column.type, Truth) else value.value.bit_length() - 1
        return ((at, at),)
    low, high = lattice(column, value, up=True), lattice(column, value, up=False)
    return ((low, high),) if low == high else ()


def domain_of(column: Expr) -> ClosedInterval:
    match column.type:
        case Number(_, _, low, high) | Day(low, high):
            return (low, high)
        case Code(_, size):
            return (0, size - 1)
        case _:
            return (0, 1)


def cuboid_test(columns: list[Expr], box: Cuboid, span: Span) -> Expr:
    """Whether the columns' values lie in a box."""
    tests = [
        test
        for column, interval in zip(columns, box, strict=True)
        if interval != domain_of(column)
        for test in _interval_tests(column, interval, span)
    ]
    return TRUE if not tests else tests[0] if len(tests) == 1 else And(tuple(tests), span)


def _interval_tests(column: Expr, interval: ClosedInterval, span: Span) -> list[Expr]:
    low, high = interval
    match column.type:
        case Code():
            return [OneOf(column, (1 << high + 1) - (1 << low), span)]
        case Truth():
            return [column if low else Not(column, span)]
        case Number() | Day() as type_:
            first = Const(low, replace(type_, low=low, high=low), span)
            last = Const(high, replace(type_, low=high, high=high), span)
            least, most = domain_of(column)
            above: list[Expr] = [Compare("<=", first, column, span)] if low > least else []
            return [*above, *([Compare("<=", column, last, span)] if high < most else [])]
        case ErrorType():
            return []


def _gaps(
    typer: Typer,
    columns: list[Expr],
    regions: list[tuple[Region, ...]],
    given: DecisionTable,
    total: bool,
    said: str,
) -> tuple[Cuboid, ...] | None:
    """What no row covers; None, and reported, where rows overlap that must not, or a total table has gaps.

    `said` is on which days and for which keys, where bounds differ by these.
    """
    domains = [domain_of(column) for column in columns]
    if given.keep is None:
        found = cover(domains, regions)
    else:
        left = gaps_of(domains, regions)
        found = None if left is None else Cover(left, ())
    if found is None:
        typer.wrong("R306", given.span)
        return None
    for first, second, box in found.overlaps:
        where = cuboid_text(typer, columns, box) + said
        typer.wrong("R304", given.rows[second].span, first=first + 1, second=second + 1, where=where)
    if total and found.gaps:
        shown = "；".join(cuboid_text(typer, columns, box) for box in found.gaps[:3])
        typer.wrong("R303", given.span, gap=shown + ("…" if len(found.gaps) > 3 else "") + said)
    return None if found.overlaps or (total and found.gaps) else found.gaps


def cuboid_text(typer: Typer, columns: list[Expr], box: Cuboid) -> str:
    parts = []
    for column, (low, high) in zip(columns, box, strict=True):
        first, last = (value_text(typer, column, point) for point in (low, high))
        parts.append(first if low == high else f"{first}..{last}")
    return "，".join(parts)


def _joined(typer: Typer, amount: Expr, rows: Sequence[TableRow], span: Span) -> bool:
    """Whether the slices follow one another without gap or overlap over all that the amount can be, on every day."""
    cells = []
    for row in rows:
        if len(row.cells) != 1:
            typer.wrong("R305", row.span, found=len(row.cells) + 1, wanted=2)
            return False
        cell = row.cells[0][0]
        if len(row.cells[0]) != 1 or not isinstance(cell, syntax.Range):
            typer.wrong("R307", cell)
            return False
        found = _range_cell(typer, amount, cell)
        if found is None:
            return False
        cells.append(found[1])
    every = values_of_bounds(typer, cells, span)
    return every is not None and all(
        _meeting(typer, amount, cells, held, rows, span, held_text(typer, held, every)) for held in every
    )


def _meeting(
    typer: Typer,
    amount: Expr,
    cells: Sequence[Between],
    held: BoundValues,
    rows: Sequence[TableRow],
    span: Span,
    said: str,
) -> bool:
    low, high = domain_of(amount)
    reached: int | None = max(0, low)
    sound = True
    for at, (row, cell) in enumerate(zip(rows, cells, strict=True)):
        first, last = held.ends(cell)
        start = low if first is None else lattice(amount, first, up=True)
        if reached is None or (start != reached and (at or start > reached)):
            end = "…" if reached is None else value_text(typer, amount, reached)
            typer.wrong("R309", row.span, first=end, second=value_text(typer, amount, start) + said)
            sound = False
        reached = None if last is None else lattice(amount, last, up=False)
        if reached is not None and reached < start:
            typer.wrong("R308", row.span)
            sound = False
    if reached is not None and reached < high:
        typer.wrong("R303", span, gap=f"{value_text(typer, amount, reached)}..{said}")
        sound = False
    return sound


def share(typer: Typer, amount: Expr, row: TableRow) -> Expr:
    """What of the amount lies in a row's range, times the row's rate."""
    rate = row.value if isinstance(row.value, Parameter) else typer.number(row.value)
    cell = row.cells[0][0]
    if not isinstance(cell, syntax.Range) or isinstance(rate.type, ErrorType):
        return BROKEN
    type_ = number(amount)
    zero = Const(0, replace(type_, low=0, high=0), row.span)
    low = zero if cell.low is None else typer.expr(cell.low)
    part = amount if cell.high is None else extreme(typer, [amount, typer.expr(cell.high)], False, row.span)
    if not (isinstance(low, Const) and low.value == 0) and not isinstance(part.type, ErrorType):
        part = add(typer, [part, minus(fit(low, type_.unit), row.span)], row.span)
    if isinstance(part.type, ErrorType):
        return BROKEN
    return multiply(typer, extreme(typer, [part, zero], True, row.span), rate, row.span)
