"""Which parameters took part in a decision, with their values, standing and sources.

In: a snapshot, traces, a rule. Out: `ParameterUse`s. Called by `reasons`.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import to_date
from fupin_policy.core.declarations import DatedValue, ParameterDecl
from fupin_policy.core.dependencies import each_once
from fupin_policy.core.expressions import Const, Expr, Max, Multiply, Parameter, Ref, Unknown, walk
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.possible import Value
from fupin_policy.core.program import Program
from fupin_policy.core.snapshot import Rule, Snapshot, value_on
from fupin_policy.core.traces import Trace, Traces
from fupin_policy.explanation.expression_words import ExpressionWords
from fupin_policy.explanation.trace_words import TraceWords
from fupin_policy.explanation.used_parameter import ParameterUse


def parameter_uses(snapshot: Snapshot, traces: Traces, words: TraceWords, rule: Rule) -> tuple[ParameterUse, ...]:
    """Each parameter that took part in the outcome, the amount, for whom it is or who answers, once a value."""
    return parameters_of(snapshot, traces, words, roots_of(snapshot, traces, rule))


def roots_of(snapshot: Snapshot, defined: Container[DefinitionId], rule: Rule) -> list[DefinitionId]:
    """The definitions that a decision on a rule is made of."""
    roots = [rule.outcome] if rule.payable is None else [rule.outcome, *_amount_of(snapshot, defined, rule.payable)]
    roots += [rule.policy.beneficiary] if rule.policy.chooses else []
    roots += [rule.policy.answering] if rule.policy.answers else []
    return roots


def parameters_of(
    snapshot: Snapshot, traces: Traces, words: TraceWords, roots: Sequence[DefinitionId]
) -> tuple[ParameterUse, ...]:
    """Each parameter that took part in definitions, once a value."""

    def below(trace: Trace) -> tuple[Trace, ...]:
        if isinstance(trace.expr, Ref):
            return traces[trace.expr.definition][::-1]
        # the rate of a slice in which nothing lies took no part
        empty = _is_slice(trace.expr) and trace.children[0].value == (0, 0)
        return trace.children[:1] if empty else trace.children

    used: dict[ParameterUse, None] = {}
    for trace in each_once((trace for root in roots for trace in traces[root][::-1]), below):
        used |= dict.fromkeys(used_in(snapshot, words.expressions, trace.expr, trace.value))
    return tuple(used)


def used_in(snapshot: Snapshot, words: ExpressionWords, expr: Expr, whole: Value) -> Iterator[ParameterUse]:
    """The parameters that a node which came to `whole` has the values of, or is worked out by."""
    program, day = snapshot.program, snapshot.validity.start
    found: list[tuple[Parameter, Value, DatedValue | None]] = []
    match expr:
        case Ref(DefinitionId("use") as use) as ref if (name := use.parameter) is not None:
            formula = formula_on(program, name, day)
            found += [] if formula is None else [(Parameter(name, None, ref.type), whole, formula)]
        case Const() | Unknown() as leaf:
            for one, value in _behind(leaf, whole):
                source = one.source
                dated = None if source is None else value_on(program, source.name, source.key, day)
                # an option that is only supposed of an open reading is no value of it
                if source is not None and (dated is not None or isinstance(one, Unknown)):
                    found.append((source, value, dated))
    for parameter, value, dated in found:
        shown = words.value(parameter.type, value)
        yield parameter_use(snapshot, parameter.name, parameter.key, shown, dated)


def _is_slice(expr: Expr) -> bool:
    """Whether an expression is a slice of a table of slices: what lies in it, never below zero, times its rate."""
    return isinstance(expr, Multiply) and isinstance(expr.left, Max) and isinstance(expr.left.args[-1], Const)


def _called(declared: ParameterDecl, key: int | None) -> Bilingual:
    """What a parameter's value is called: of a scale with its bracket."""
    if not declared.rows or key is None:
        return declared.words
    words, bracket = declared.words, declared.rows[key]
    return Bilingual(f"{words.zh}（{bracket.zh}）", f"{words.en} ({bracket.en})")


def _behind(leaf: Const | Unknown, value: Value) -> Iterator[tuple[Const | Unknown, Value]]:
    """A leaf with its value, or those that it was worked out from."""
    if isinstance(leaf, Unknown) or leaf.origin is None:
        yield leaf, value
    else:
        for node in walk(leaf.origin):
            if isinstance(node, Const):
                yield from _behind(node, (node.value, node.value))


def formula_on(program: Program, parameter: str, day: int) -> DatedValue | None:
    """How a parameter is worked out on a day, if it is."""
    values = program.parameters[parameter].values
    return next((one for one in values if one.worked_out and one.validity.covers(day)), None)


def parameter_use(
    snapshot: Snapshot, name: str, key: int | None, value: Bilingual, dated: DatedValue | None
) -> ParameterUse:
    """A parameter with the value that it had, and where that is from; without that it has none on the day.

    One that is as of another day is the parameter with the value of that day.
    """
    read, as_of = snapshot.program.parameters[name], None
    declared = read
    if read.of is not None:
        as_of = to_date(read.of.day(snapshot.validity.start))
        declared = snapshot.program.parameters[read.of.parameter]
        dated = next((own for own, one in zip(declared.values, read.values, strict=True) if one is dated), None)
    words, reading = _called(declared, key), declared.reading
    basis = reading.clause if reading is not None else None if dated is None else dated.basis
    source = "" if basis is None else f"{basis.source} {basis.clause}".strip()
    standing, since = (None, None) if dated is None else (dated.standing, to_date(dated.validity.start))
    written = None if basis is None else snapshot.program.sources.get(basis.source)
    number = (
        "" if basis is None or written is None or not written.number else f"{written.number} {basis.clause}".strip()
    )
    further = (words.en, reading is not None, as_of, number)
    return ParameterUse(declared.name, words.zh, value, standing, source, since, *further)


def _amount_of(snapshot: Snapshot, defined: Container[DefinitionId], payable: DefinitionId) -> tuple[DefinitionId, ...]:
    """What an amount rests on: itself, and what is stated where that is worked out in another form."""
    stated = DefinitionId("stated", payable.name)
    named = stated in snapshot.dependencies.named(payable)
    return (payable,) if named or stated not in defined else (payable, stated)
