"""A snapshot resolves parameters and leaves the rest as it is; rewriting reaches every node."""

from __future__ import annotations

from dated_rulesets import COVER
from whole_program import whole

from fupin_policy.core.days import to_day
from fupin_policy.core.expressions import Cases, Const, Expr, Unknown, walk
from fupin_policy.core.rewriting import rewrite
from fupin_policy.core.snapshot import Snapshot, snapshot


def test_a_snapshot_has_values_for_parameters_and_is_the_same_otherwise() -> None:
    program = whole()
    for at, known in ((0, False), (4, True), (8, True), (9, False)):
        found: Snapshot = snapshot(program, to_day(COVER[at]))
        for definition, dated in zip(program.definitions, found.definitions, strict=True):
            before, after = walk(definition.versions[0][1]), walk(dated.expr)
            assert len(before) == len(after)
            for one, other in zip(before, after, strict=True):
                if type(one).__name__ == "Parameter":
                    assert isinstance(other, Const) if known else isinstance(other, Unknown)
                    assert not isinstance(other, Const) or other.value == 700
                    assert not isinstance(other, Unknown) or other.parameter == "p"
                    assert other.type == one.type and other.span == one.span
                else:
                    assert type(one) is type(other)


def test_rewriting_reaches_every_node_once_the_innermost_first() -> None:
    for definition in whole().definitions:
        expr = definition.versions[0][1]
        seen: list[Expr] = []

        def look(node: Expr, seen: list[Expr] = seen) -> Expr:
            seen.append(node)
            return node

        assert rewrite(expr, look) == expr
        assert sorted(map(repr, seen)) == sorted(map(repr, walk(expr)))
        assert seen[-1] == expr
        position = {id(node): at for at, node in enumerate(walk(expr))}
        assert len(position) == len(walk(expr))
    kinds = {type(node).__name__ for one in whole().definitions for node in walk(one.versions[0][1])}
    assert kinds >= {"Items", "Cases", "Min", "Max", "Divide", "Multiply", "Add", "Scale", "DateDiff", "Shift",
                     "OneOf", "Compare", "And", "Or", "Not", "Fact", "Const", "Parameter", "AsOf",
                     "Calendar"}  # fmt: skip
    assert any(isinstance(one.versions[0][1], Cases) for one in whole().definitions)
