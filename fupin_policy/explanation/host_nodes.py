"""The rules of a day as nodes with their words, as plain data: what hosts outside Python trace and explain.

In: snapshots, one after the other. Out: tables that all of them share. Called by `host_rules`. What each part of a node
means is said in `docs/abi.md`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, assert_never

from fupin_policy.core import possible
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import MonthDay
from fupin_policy.core.expressions import (
    Add,
    And,
    AsOf,
    Calendar,
    Cases,
    Clamp,
    Compare,
    Const,
    DateDiff,
    Divide,
    Expr,
    Fact,
    Gather,
    Items,
    Level,
    Max,
    Min,
    Multiply,
    Never,
    Not,
    OneOf,
    Or,
    Parameter,
    Ref,
    Scale,
    Shift,
    Unknown,
    children,
    walk,
)
from fupin_policy.core.identifiers import DefinitionId, InputId
from fupin_policy.core.possible import Value
from fupin_policy.core.program import Program, as_of_days
from fupin_policy.core.snapshot import Dated, Snapshot, value_on, written
from fupin_policy.core.traces import Trace
from fupin_policy.core.types import PLAIN, Code, Day, ErrorType, Number, Truth, Type
from fupin_policy.diagnostics import Span, locate
from fupin_policy.explanation.expression_words import LANGS, ExpressionWords
from fupin_policy.explanation.parameter_uses import parameter_use, used_in
from fupin_policy.explanation.sum_slices import aligned, slice_of
from fupin_policy.explanation.used_parameter import ParameterUse
from fupin_policy.prose.dates import window_words
from fupin_policy.prose.expressions import turned

EXACT = 2**53
"""From here on an integer is a text in JSON, which many read as floats."""


@dataclass(slots=True)
class Numbered:
    """Values by number, each once."""

    values: list[Any] = field(default_factory=list)
    known: dict[str, int] = field(default_factory=dict)

    def of(self, value: Any) -> int:
        """The number of a value, which is plain data."""
        key = json.dumps(value, ensure_ascii=False)
        if key not in self.known:
            self.known[key] = len(self.values)
            self.values.append(value)
        return self.known[key]


class HostTables:
    """What the nodes of all days share: types, texts, places in files, uses of parameters, definitions, nodes."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.types, self.texts, self.spans, self.uses = Numbered(), Numbered(), Numbered(), Numbered()
        self.nodes = Numbered()
        self.definitions = {one.id: number for number, one in enumerate(program.evaluated)}
        self.titles = {policy.id: policy.title for policy in program.policies}
        self._columns: dict[tuple[str, InputId], tuple[str, int]] = {}
        levels = {"member": program.member_inputs, **program.item_inputs, "household": program.household_inputs}
        for level, inputs in levels.items():
            for at, column in enumerate(inputs):
                self._columns[column.level, column.id] = (level, at)

    def text(self, words: Bilingual) -> int:
        """The number of a text in both languages."""
        return self.texts.of([words.zh, words.en])

    def definition(self, one: DefinitionId, level: Level) -> dict[str, Any]:
        """What names a definition; a policy's outcome with what that is called."""
        own: dict[str, Any] = {"part": one.part, "id": str(one), "level": level}
        if one.part == "outcome":
            title = self.titles[one.name]
            own["title"] = self.text(as_of_days(Bilingual(f"「{title.zh}」", f'"{title.en}"'), one.days))
        return own | ({"whole": str(one.whole)} if one.taken else {})

    def name(self, one: Dated, words: ExpressionWords) -> dict[str, int]:
        """What a number is called that has a line of its own in sums."""
        if not isinstance(one.type, Number) or one.id.taken:
            return {}
        return {"name": self.text(words.name(Ref(one.id, one.level, one.type)))}

    def type(self, type_: Type, words: ExpressionWords) -> int:
        """The number of a type, with how its values are written."""
        match type_:
            case Truth():
                return self.types.of(["truth"])
            case Number(unit, scale, low, high):
                zh, en = (words.speakers[lang].number_form(type_) for lang in LANGS)
                units = [zh.unit, en.unit, zh.alone, en.alone]
                kind = "plain" if unit == PLAIN else "money" if unit == self.program.money else "other"
                ends = integer(low), integer(high)
                return self.types.of(["number", *ends, zh.scale, zh.least, scale, kind, *units])
            case Day(low, high):
                return self.types.of(["date", low, high])
            case Code(code_list, size):
                return self.types.of(["code", code_list, size])
            case ErrorType():
                raise AssertionError(type_)

    def use(self, one: ParameterUse, *, worked_out: bool) -> int:
        """The number of a use of a parameter, without the value of one that is worked out for each household."""
        data = one.as_json()
        if worked_out:
            data["value"] = None
        told = {"called": [one.called(it) for it in LANGS], "beside": [one.remark(it) for it in LANGS]}
        return self.uses.of({"use": data, **told, "english": one.english, "under": [one.under(it) for it in LANGS]})

    def span(self, span: Span) -> int:
        """The number of a stretch of text, with its file and line."""
        return self.spans.of([span.source.path, locate(span.source, span.start).line, span.text])

    def column(self, node: Fact) -> tuple[str, int]:
        """Among the inputs of which level a fact is, and its place there; those of places are the household's."""
        return self._columns[node.level, node.input]


def integer(value: int) -> int | str:
    """An integer as JSON carries it exactly."""
    return value if abs(value) < EXACT else str(value)


class NodeWriter:
    """Writes the nodes of one snapshot into the tables; each node once."""

    def __init__(self, tables: HostTables, snapshot: Snapshot) -> None:
        self.tables, self.snapshot = tables, snapshot
        self.words = ExpressionWords.of(snapshot.program)
        self._numbers: dict[int, int] = {}
        self._kept: list[Expr] = []
        """What the numbers are of: as long as it is kept, nothing else has its identity."""
        self._named: set[int] = set()

    def write(self, root: Expr) -> int:
        """The number of a node, with all that is below it."""
        nodes = walk(root)
        for node in nodes:
            self._named.update(id(part) for part in _named_in(node))
        for node in reversed(nodes):
            if id(node) not in self._numbers:
                self._kept.append(node)
                self._numbers[id(node)] = self.tables.nodes.of(self._data(node))
        return self._numbers[id(root)]

    def _data(self, node: Expr) -> dict[str, Any]:
        parts = [self._numbers[id(part)] for part in children(node)]
        data: dict[str, Any] = {"k": type(node).__name__, "t": self.tables.type(node.type, self.words)}
        if parts:
            data["a"] = parts
        data.update(self._own(node))
        if isinstance(node.type, Truth):
            if not isinstance(node, And | Or | Not):
                data["q"] = [self.tables.text(self.words.asked(node, negated)) for negated in (False, True)]
            if node.span is not None:
                data["s"] = self.tables.span(node.span)
        if id(node) in self._named and not isinstance(written(node), Const):
            data["n"] = self.tables.text(self.words.name(node))
        return data

    def _own(self, node: Expr) -> dict[str, Any]:
        """What a node has besides its parts."""
        match node:
            case Const(value):
                return {"v": integer(value), **self._uses(node, _value_of(node))}
            case Unknown():
                return self._uses(node, possible.top(node.type))
            case Fact():
                level, at = self.tables.column(node)
                own: dict[str, Any] = {"l": node.level, "i": [level, at, str(node.input)]}
                given = {"d": 1} if self.words.asks_of_date(node) else {}
                return own | given | ({"o": 1} if node.outer else {})
            case Ref(definition):
                uses = self._uses(node, possible.top(node.type)) if definition.parameter is not None else {}
                own = {"d": self.tables.definitions[definition], "l": node.level}
                return own | uses | ({"o": 1} if node.outer else {})
            case Compare(op):
                window = {"w": 1} if window_words(_compared(node), True) is not None else {}
                return {"c": op, **window, **({"r": 1} if turned(_compared(node)) else {})}
            case OneOf(_, mask):
                return {"m": integer(mask)}
            case Scale(_, factor):
                return {"f": integer(factor)}
            case Divide(_, _, rounding):
                return {"r": rounding.value}
            case Items():
                own = {"g": node.aggregate.value, "l": node.list, "w": node.owner}
                called = {} if node.value is None else {"y": self.tables.text(self.words.name(node.value))}
                return own | called | ({"p": 1} if node.paired else {})
            case Gather(aggregate):
                return {"g": aggregate.value}
            case Clamp(_, low, high):
                return {"e": [integer(low), integer(high)]}
            case DateDiff() | Shift():
                return {"p": node.period.value}
            case Calendar(MonthDay(month, day)):
                return {"p": [month, day]}
            case Calendar(part):
                assert not isinstance(part, MonthDay)
                return {"p": part.value}
            case Cases(((_, Ref(DefinitionId(taken=taken))), *_)) if taken:
                return {"e": 1}
            case Never() | AsOf() | Not() | And() | Or() | Add() | Multiply() | Min() | Max() | Cases():
                return {}
            case Parameter():
                raise AssertionError(node)
            case _:
                assert_never(node)

    def _uses(self, node: Const | Unknown | Ref, value: Value) -> dict[str, Any]:
        worked_out = isinstance(node, Ref)
        uses = used_in(self.snapshot, self.words, node, value)
        found = [self.tables.use(one, worked_out=worked_out) for one in uses]
        return ({"u": found} if found else {}) | ({} if isinstance(node, Ref) else self._own_use(node))

    def _own_use(self, node: Const | Unknown) -> dict[str, Any]:
        """The parameter whose value a number is, as a line of figures names it."""
        if node.source is None or not isinstance(node.type, Number):
            return {}
        dated = value_on(self.tables.program, node.source.name, node.source.key, self.snapshot.validity.start)
        nothing = Bilingual("", "")
        use = parameter_use(self.snapshot, node.source.name, node.source.key, nothing, dated)
        return {"x": self.tables.use(use, worked_out=True)}


def _value_of(node: Const) -> Value:
    return node.value if isinstance(node.type, Truth | Code) else (node.value, node.value)


def _compared(node: Compare) -> Compare:
    found = written(node)
    assert isinstance(found, Compare), found
    return found


def _named_in(node: Expr) -> Iterable[Expr]:
    """The parts of a node, or itself, of which it may be told what they were, under their names."""
    match node:
        case Compare(_, Calendar(_, start)):
            return (*children(node), start)
        case Compare() | OneOf():
            return children(node)
        case Cases() | Gather():
            return [part for part in children(node) if isinstance(part.type, Truth)]
        case Items():
            return () if isinstance(node.type, Truth) else (node,)
        case Add(args):
            cuts = (slice_of(aligned(_bare(arg))) for arg in args)
            return [cut.of.expr for cut in cuts if cut is not None]
        case Fact() | Ref() | DateDiff() | Calendar() | Shift() | AsOf():
            return (node,)
        case And() | Or() | Not() | Const():
            return ()
        case _ if isinstance(node.type, Truth):
            return (node,)
        case _:
            return ()


def _bare(expr: Expr) -> Trace:
    """An expression as if it had been traced."""
    return Trace(expr, 0, tuple(map(_bare, children(expr))))
