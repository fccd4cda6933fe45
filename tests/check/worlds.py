"""Small rulesets in which single expressions are typed and evaluated, for oracles to be held against.

The checker's own room types an expression, the interpreter gives its value; both are read back as exact fractions.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from fupin_policy.check import check, declarations
from fupin_policy.check.scope import Scope
from fupin_policy.check.typing import Typer
from fupin_policy.core.days import ALWAYS
from fupin_policy.core.declarations import Input
from fupin_policy.core.dependencies import Dependencies
from fupin_policy.core.expressions import Expr
from fupin_policy.core.household import Household, Person
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.possible import Value, top
from fupin_policy.core.program import Program
from fupin_policy.core.snapshot import Dated, Snapshot
from fupin_policy.core.types import Code, Day, ErrorType, Number, Truth
from fupin_policy.diagnostics import Reporter, Source, Span
from fupin_policy.documents import read
from fupin_policy.evaluators import interpreter
from fupin_policy.language import parse
from fupin_policy.language.parser import Start
from fupin_policy.language.syntax import Syntax

RULESET = """kind: ruleset
id: world
title: {{zh: 世界, en: World}}
covers: {covers}
members: {members}
units: {units}
"""
YUAN = """
- {name: yuan, label: 元, money: CNY, decimals: 2, multiples: [{name: wan_yuan, label: 万元, power: 4}, {name: yi_yuan,
   label: 亿元, power: 8}, {name: jiao, label: 角, power: -1}, {name: fen, label: 分, power: -2}]}
- {name: mu, label: 亩, decimals: 1}
- {name: kilo, label: 公斤, decimals: 3}
"""


@dataclass(frozen=True, slots=True)
class World:
    """A checked ruleset with what its expressions can name."""

    program: Program
    scope: Scope
    reporter: Reporter

    def typed(self, text: str, level: str = "household") -> Expr:
        """The expression of a text, which must be sound."""
        expr, said = self.tried(text, level)
        assert not said and not isinstance(expr.type, ErrorType), (text, said)
        return expr

    def tried(self, text: str, level: str = "household") -> tuple[Expr, list[str]]:
        """The expression of a text and the codes of what is reported."""
        expr = Typer(self.scope, level).expr(syntax_of(text, self.reporter))
        here = (one for one in self.reporter.diagnostics if one.span is not None and one.span.source.text == text)
        return expr, [one.code for one in here]

    def codes(self, text: str, level: str = "household") -> list[str]:
        """What is reported of an expression."""
        return self.tried(text, level)[1]

    def evaluated(self, expr: Expr, given: Mapping[str, Any], day: int = 0) -> Value:
        """The value of an expression for a household of facts by label, with `members` a list of such."""
        return self.traced(expr, "household", given, day)[0]

    def traced(self, expr: Expr, level: str, given: Mapping[str, Any], day: int = 0) -> tuple[Value, ...]:
        """The value of an expression of a level, for the household or for each member."""
        members = tuple(
            Person(f"m{at}", self._row(self.program.member_inputs, one))
            for at, one in enumerate(given.get("members", ()))
        )
        household = Household("h", self._row(self.program.household_inputs, given), members)
        name = DefinitionId("term", "x")
        below = Dependencies.of([(name, [expr])])
        snapshot = Snapshot(self.program, ALWAYS, (Dated(name, level, expr.type, expr),), (), below)
        return tuple(trace.value for trace in interpreter.trace(snapshot, household, day)[name])

    def _row(self, inputs: tuple[Input, ...], given: Mapping[str, Any]) -> tuple[Value, ...]:
        labels = {fact.name: fact.label for fact in self.program.facts}
        return tuple(_possible(column, given.get(labels.get(column.name, column.name))) for column in inputs)


def _possible(column: Input, value: Any) -> Value:
    match column.type, value:
        case _, None:
            return top(column.type)
        case Number(_, scale), (low, high):
            return (int(Fraction(low) * 10**scale), int(Fraction(high) * 10**scale))
        case Number(_, scale), Fraction() | int():
            scaled = Fraction(value) * 10**scale
            assert scaled.denominator == 1, (column.name, value)
            return (int(scaled), int(scaled))
        case Day(), int():
            return (value, value)
        case Day(), (low, high):
            return (low, high)
        case Truth(), bool():
            return 3 if value else 0
        case Code(), int():
            return 1 << value
        case _:
            raise AssertionError((column, value))


def world(
    facts: str = "",
    units: str = YUAN,
    more: Mapping[str, str] | None = None,
    members: str = "0..4",
    covers: str = "2018-01-01..2022-12-31",
) -> World:
    """A ruleset with these entries under `facts`, these units, and further files."""
    files = {
        "ruleset.yaml": RULESET.format(covers=covers, members=members, units=units),
        **({"facts.yaml": f"kind: facts\nfacts:\n{facts}"} if facts else {}),
        **(more or {}),
    }
    reporter = Reporter()
    with tempfile.TemporaryDirectory() as name:
        for file, text in files.items():
            (Path(name) / file).write_text(text, encoding="utf-8")
        documents = read(Path(name), reporter)
    program = check(documents, reporter)
    assert program is not None and documents.ruleset is not None, [one.sentence("en") for one in reporter.diagnostics]
    scope = Scope(
        facts={key: fact for fact in program.facts for key in fact.keys},
        code_lists=program.code_lists,
        terms={},
        term_words={},
        parameters={key: found for found in program.parameters.values() for key in (found.name, found.label)},
        policies={},
        policy_words={},
        policy_levels={},
        with_amount=frozenset(),
        starting=frozenset(),
        levels=frozenset({"household", "member", "village"}),
        broken=frozenset(),
        units=declarations.units(documents.ruleset, reporter),
        covers=program.covers,
        min_members=program.min_members,
        max_members=program.max_members,
        reporter=reporter,
        define=lambda name, span: None,
        brackets={},
        use=lambda use, level, days, span: None,
        as_of=lambda parameter, days: parameter,
    )
    return World(program, scope, reporter)


def syntax_of(text: str, reporter: Reporter, start: Start = "expression") -> Syntax:
    """The tree of a text, which must be well formed."""
    tree = parse(Span(Source("<test>", text), 0, len(text)), reporter, start)
    assert tree is not None, (text, [one.sentence("en") for one in reporter.diagnostics])
    return tree


def exact(expr: Expr, value: Value) -> Fraction:
    """An exact value of a number as a fraction of its unit."""
    assert isinstance(expr.type, Number) and isinstance(value, tuple) and value[0] == value[1], (expr.type, value)
    return Fraction(value[0], 10**expr.type.scale)


def ends(expr: Expr) -> tuple[Fraction, Fraction]:
    """Within which fractions of its unit a number is proven to lie."""
    assert isinstance(expr.type, Number)
    return Fraction(expr.type.low) / 10**expr.type.scale, Fraction(expr.type.high) / 10**expr.type.scale


def said_of(files: Mapping[str, str], head: str = "") -> list[tuple[str, str]]:
    """What is wrong with a ruleset of these files (`kind` to text): each code with the text that it stands at."""
    reporter = Reporter()
    own = head or RULESET.format(covers="2018-01-01..2022-12-31", members="0..4", units=YUAN)
    with tempfile.TemporaryDirectory() as name:
        for kind, text in {"ruleset": own, **files}.items():
            (Path(name) / f"{kind}.yaml").write_text(text, encoding="utf-8")
        check(read(Path(name), reporter), reporter)
    return [(one.code, "" if one.span is None else one.span.text) for one in reporter.errors]
