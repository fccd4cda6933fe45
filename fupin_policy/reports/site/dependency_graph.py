"""What a rule rests on, drawn: facts and parameters on the left, then terms and policies, the rule on the right.

In: a program and the ids of definitions. Out: an SVG. Called by `rules`.
"""

from __future__ import annotations

from html import escape
from typing import NamedTuple

from fupin_policy.core.dependencies import Reference
from fupin_policy.core.expressions import Fact, Parameter, Ref
from fupin_policy.core.identifiers import DefinitionId, InputId
from fupin_policy.core.program import Program
from fupin_policy.diagnostics.showing import width_of

_ROW, _GAP, _CHAR = 34, 60, 7.5
_FILL = {"fact": "#eef4fb", "parameter": "#fdf3e1", "term": "#eef8ee", "policy": "#f7eef8"}


class _FactBox(NamedTuple):
    fact: str


class _ParameterBox(NamedTuple):
    parameter: str


_Box = _FactBox | _ParameterBox | DefinitionId | None
"""What is drawn as one box; None stands for the rule itself."""
_Edges = dict[_Box, tuple[_Box, ...]]


def _edges(program: Program, roots: list[DefinitionId]) -> _Edges:
    """For each box below the definitions what it rests on directly."""
    direct = program.dependencies.direct
    found: _Edges = {}
    waiting: list[_Box] = [*roots]
    while waiting:
        box = waiting.pop()
        if box not in found:
            below = direct.get(box, ()) if isinstance(box, DefinitionId) else ()
            found[box] = tuple(dict.fromkeys(map(_box, below)))
            waiting.extend(found[box])
    return found


def _box(reference: Reference) -> _Box:
    match reference:
        case Fact(InputId(fact)):
            return _FactBox(fact)
        case Parameter(name):
            return _ParameterBox(name)
        case Ref(definition):
            return definition


def drawing(program: Program, roots: list[DefinitionId], title: str) -> str:
    """The graph below some definitions, which stand as one box with a title."""
    merged: _Edges = {None: ()}
    for name, below in _edges(program, roots).items():
        key = None if name in roots else name
        merged[key] = tuple(dict.fromkeys([*merged.get(key, ()), *(one for one in below if one not in roots)]))
    levels = _heights(merged)
    labels = {name: title if name is None else _label(program, name) for name in merged}
    columns = [[name for name in merged if levels[name] == level] for level in range(max(levels.values()) + 1)]
    return _svg(merged, columns, labels, title)


def _heights(edges: _Edges) -> dict[_Box, int]:
    """How many boxes stand below each, one on another."""
    found: dict[_Box, int] = {}

    def height(box: _Box) -> int:
        if box not in found:
            found[box] = max((1 + height(below) for below in edges.get(box, ())), default=0)
        return found[box]

    return {box: height(box) for box in edges}


def _label(program: Program, box: _Box) -> str:
    match box:
        case _FactBox(name):
            return next((fact.label for fact in program.facts if fact.name == name), name)
        case _ParameterBox(name):
            return program.parameters[name].called.zh
        case DefinitionId("use") as use if use.parameter is not None:
            return program.parameters[use.parameter].called.zh
        case _:
            return next(definition.name.zh for definition in program.definitions if definition.id == box)


def _kind(box: _Box) -> str:
    match box:
        case _FactBox():
            return "fact"
        case _ParameterBox() | DefinitionId("use"):
            return "parameter"
        case DefinitionId("term"):
            return "term"
        case _:
            return "policy"


def _svg(edges: _Edges, columns: list[list[_Box]], labels: dict[_Box, str], title: str) -> str:
    widths = [max((width_of(labels[name]) * _CHAR for name in column), default=0) + 20 for column in columns]
    lefts = [round(sum(widths[:i]) + _GAP * i) for i in range(len(columns))]
    at = {name: (i, row) for i, column in enumerate(columns) for row, name in enumerate(column)}
    height = max(len(column) for column in columns) * _ROW + 6
    width = lefts[-1] + widths[-1] + 6
    size = f'viewBox="0 0 {width:.0f} {height}" width="{width:.0f}"'
    label = escape(f"{title}：所依据的事实、参数和词", quote=True)
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{label}">']
    for name, below in edges.items():
        i, row = at[name]
        for other in below:
            j, line = at[other]
            x, y = lefts[j] + widths[j], line * _ROW + 17
            lines.append(f'<path d="M{x:.0f} {y} L{lefts[i]} {row * _ROW + 17}" stroke="#999" fill="none"/>')
    for name, (i, row) in at.items():
        fill = _FILL[_kind(name)]
        box = f'x="{lefts[i]}" y="{row * _ROW + 3}" width="{widths[i]:.0f}" height="{_ROW - 8}" rx="4"'
        lines.append(f'<rect {box} fill="{fill}" stroke="#777"/>')
        text = f'x="{lefts[i] + 10}" y="{row * _ROW + 21}" font-size="13" font-family="sans-serif"'
        lines.append(f"<text {text}>{escape(labels[name])}</text>")
    return "\n".join([*lines, "</svg>"])
