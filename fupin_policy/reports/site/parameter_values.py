"""The values of parameters over time, with their standing and source.

In: a program, the ids of definitions. Out: blocks. Called by `rules` and `html_pages`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.declarations import DatedValue, ParameterDecl
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.program import Definition, Program
from fupin_policy.core.types import Day, Number
from fupin_policy.prose.expressions import say, show_value
from fupin_policy.reports.site.blocks import BlockRow, Heading, Inline, PageBlock, Table, clauses

STANDING = {
    "enacted": Bilingual("文件规定", "enacted"),
    "reported": Bilingual("已知未核实", "reported"),
    "example": Bilingual("示例", "example"),
}
HEADS = (
    Bilingual("期间", "dates"),
    Bilingual("值", "value"),
    Bilingual("性质", "standing"),
    Bilingual("来源", "source"),
)


def history(program: Program, roots: list[DefinitionId]) -> list[PageBlock]:
    """Every parameter that a rule rests on, with its values over time."""
    closure = program.dependencies.closure(roots)
    uses = used_definitions(one for one in program.definitions if one.id in closure)
    names = sorted(program.dependencies.parameters(roots).union(uses))
    rows = [
        BlockRow(((program.parameters[name].label,), *row.cells), row.validity)
        for name in names
        for row in value_rows(program, program.parameters[name], uses)
    ]
    heads: tuple[Inline, ...] = (Bilingual("参数", "parameter"), *HEADS)
    return [Heading(Bilingual("数值沿革", "values over time")), Table(heads, tuple(rows))] if rows else []


def value_rows(program: Program, parameter: ParameterDecl, uses: Mapping[str, Definition]) -> Iterator[BlockRow]:
    """A row for each value of a parameter; `uses` are the definitions of what is worked out, by parameter."""
    for value in parameter.values:
        shown = "、".join(said(program, parameter, key, number) for key, number in value.values.items())
        if not value.values and parameter.name in uses:
            shown = _worked_out(program, value, uses[parameter.name])
        cells = (value.validity,), (shown,), (STANDING[value.standing],), clauses(program, [value.basis])
        yield BlockRow(cells, value.validity)


def _worked_out(program: Program, value: DatedValue, use: Definition) -> str:
    return "、".join(say(expr, program, "zh") for days, expr in use.versions if days == value.validity)


def said(program: Program, parameter: ParameterDecl, key: int | None, number: int) -> str:
    """A value, after the row or bracket whose it is, if it is one's."""
    ordered = isinstance(parameter.type, Number | Day)
    shown = show_value(parameter.type, (number, number) if ordered else number, program, "zh")
    return f"{parameter.rows[key].zh} {shown}" if parameter.rows and key is not None else shown


def used_definitions(definitions: Iterable[Definition]) -> dict[str, Definition]:
    """The definitions of what parameters come to that are worked out, by parameter."""
    return {one.id.parameter: one for one in definitions if one.id.parameter}
