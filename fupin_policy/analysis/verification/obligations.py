"""The parts of a definition that should each decide something: parts of conditions, rows of tables.

In: a definition of a snapshot. Out: its parts and rows, each with those of whom it is asked. Called by `prove`.
Members are alike, and the items of a list are: what is asked of one is asked of the first, and of two that are compared
of the first two, and of the first with itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fupin_policy.core.expressions import (
    And,
    Cases,
    Const,
    Expr,
    Gather,
    Items,
    Level,
    Never,
    Not,
    Or,
    Unknown,
    children,
    walk,
)
from fupin_policy.core.program import Program
from fupin_policy.core.snapshot import Dated
from fupin_policy.core.subjects import Item, Whose, asked_of
from fupin_policy.core.traces import same_row
from fupin_policy.core.types import Truth
from fupin_policy.diagnostics import Span

Subjects = tuple[Whose, ...]
"""Any of whom will do."""


@dataclass(frozen=True, slots=True)
class ConditionPart:
    """A part of a condition that is neither AND nor OR, as it is written: a NOT before it belongs to it.

    `subjects`: of whom it is asked. `dated` are the parts that parameters and readings settle: they may be otherwise
    on another day, or under another reading, and so nothing is useless because of them.
    """

    expr: Expr
    condition: Expr
    subjects: Subjects
    dated: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class RowObligation:
    """A row of a table: any of the tests uses it, unless an earlier one holds. `gap`: what no row covers.

    Where rows may fit together no earlier one keeps a row from being used. `dated` as of a part of a condition.
    """

    tests: tuple[Expr, ...]
    earlier: tuple[Expr, ...]
    span: Span | None
    subjects: Subjects
    dated: tuple[Expr, ...]
    gap: bool = False


def first_of(level: Level, program: Program) -> Whose:
    """Of whom it is enough to ask what is asked of a level."""
    declared = next((one for one in program.lists if one.name == level), None)
    if declared is not None:
        return Item(level, 0, 0 if declared.of == "member" else None, 0)
    return 0 if level == "member" else None


def _inside(node: Items, subjects: Subjects) -> Subjects:
    """Of whom is asked what stands inside an aggregate."""
    if not node.paired:
        owner = 0 if node.owner == "member" else None
        return (0,) if node.list == "member" else (Item(node.list, 0, owner, 0),)
    asked = dict.fromkeys(asked_of(node, one) for one in subjects)
    return tuple(_compared(node, number, one) for one in asked for number in (0, 1))


def _compared(node: Items, number: int, outer: Whose) -> Item:
    if node.list == "member":
        return Item("member", number, None, number, outer)
    return Item(node.list, number, outer.owner if isinstance(outer, Item) else None, number, outer)


def parts(definition: Dated, program: Program) -> list[ConditionPart]:
    """The parts of every condition with more than one part, in the order in which they are written."""
    found = []
    for condition, subjects in _conditions(_as_of_one_day(definition.expr), (first_of(definition.level, program),)):
        atoms = list(_atoms(condition))
        if len(atoms) > 1:
            dated = tuple(atom for atom in atoms if _dated(atom))
            asked = (atom for atom in atoms if atom not in dated and not isinstance(atom, Const))
            found += [ConditionPart(atom, condition, subjects, dated) for atom in asked]
    return found


def rows(definition: Dated, program: Program) -> list[RowObligation]:
    """The rows of every table, and its gap where nothing is said for the rest."""
    found: list[RowObligation] = []
    for node, subjects in _tables(definition.expr, (first_of(definition.level, program),)):
        branches, rest = (node.rows, node.default) if isinstance(node, Gather) else (node.branches, node.otherwise)
        tests = tuple(test for test, _ in branches)
        dated = tuple(atom for test in tests for atom in _atoms(test) if _dated(atom))
        if not _by_code(node):
            first_rows = [same_row(node, index) for index in range(len(branches))]
            for index, same in enumerate(first_rows):
                if same == index:
                    alike = tuple(tests[i] for i, first in enumerate(first_rows) if first == index)
                    earlier = () if isinstance(node, Gather) else tests[:index]
                    found.append(
                        RowObligation(alike, earlier, branches[index][1].span or tests[index].span, subjects, dated)
                    )
        if isinstance(rest, Never):
            found.append(RowObligation((), tests, node.span, subjects, (), gap=True))
    return found


def _by_code(node: Cases | Gather) -> bool:
    """A parameter looked up by a code is a list of values, not of cases."""
    return isinstance(node, Cases) and all(
        isinstance(value, Unknown | Const) and value.span == node.span for _, value in node.branches
    )


def _dated(expr: Expr) -> bool:
    """Whether it is settled by parameters and readings alone."""
    leaves = [one for one in walk(expr) if not children(one)]
    return all(isinstance(one, Const | Unknown) for one in leaves) and any(
        isinstance(one, Const | Unknown) and one.source is not None for one in leaves
    )


def _as_of_one_day(expr: Expr) -> Expr:
    """A condition of which one of two days decides (`starts: same_month`) as it is written: once."""
    match expr:
        case And(args):
            return And(tuple(_as_of_one_day(arg) for arg in args), expr.span)
        case Or((first, *others)) if first.span is not None and all(one.span == first.span for one in others):
            return first
        case _:
            return expr


def _one_range(expr: Expr) -> bool:
    """Whether it is what one cell or `在 60..79` says: both ends are one part."""
    return isinstance(expr, And) and expr.args[0].span is not None and len({one.span for one in expr.args}) == 1


def _conditions(expr: Expr, subjects: Subjects) -> Iterator[tuple[Expr, Subjects]]:
    if (isinstance(expr, And | Or) and not _one_range(expr)) or (
        isinstance(expr, Not) and isinstance(expr.arg, And | Or | Not) and not _one_range(expr.arg)
    ):
        yield expr, subjects
        for atom in _atoms(expr):
            yield from _conditions(atom, subjects)
        return
    for part, asked in _below(expr, subjects):
        yield from _conditions(part, asked)


def _tables(expr: Expr, subjects: Subjects) -> Iterator[tuple[Cases | Gather, Subjects]]:
    if isinstance(expr, Cases | Gather) and not isinstance(expr.type, Truth):
        yield expr, subjects
    for part, asked in _below(expr, subjects):
        yield from _tables(part, asked)


def _below(expr: Expr, subjects: Subjects) -> Iterator[tuple[Expr, Subjects]]:
    """The operands of a node, each with those of whom it is asked."""
    if not isinstance(expr, Items):
        yield from ((part, subjects) for part in children(expr))
        return
    inside, owners = _inside(expr, subjects), tuple(dict.fromkeys(asked_of(expr, one) for one in subjects))
    yield from ((part, owners if part is expr.default else inside) for part in children(expr))


def _atoms(expr: Expr) -> Iterator[Expr]:
    match expr:
        case And(args) | Or(args) if not _one_range(expr):
            for arg in args:
                yield from _atoms(arg)
        case Not(And() | Or() | Not() as arg) if not _one_range(arg):
            yield from _atoms(arg)
        case _:
            yield expr
