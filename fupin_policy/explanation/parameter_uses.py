"""Which parameters took part in a decision, with their values, standing and sources.

In: a snapshot, traces, a rule. Out: `ParameterUse`s. Called by `reasons`.
"""

from __future__ import annotations

from collections.abc import Sequence

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import to_date
from fupin_policy.core.decision import Trace, Traces
from fupin_policy.core.dependencies import each_once
from fupin_policy.core.expressions import Const, Parameter, Ref, Unknown
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.snapshot import Rule, Snapshot, value_on
from fupin_policy.explanation.explanation import ParameterUse
from fupin_policy.explanation.trace_words import TraceWords


def parameter_uses(snapshot: Snapshot, traces: Traces, words: TraceWords, rule: Rule) -> tuple[ParameterUse, ...]:
    """Each parameter that took part in the outcome or the amount, once a value."""
    roots = [rule.outcome] if rule.payable is None else [rule.outcome, *_amount_of(snapshot, traces, rule.payable)]
    return parameters_of(snapshot, traces, words, roots)


def parameters_of(
    snapshot: Snapshot, traces: Traces, words: TraceWords, roots: Sequence[DefinitionId]
) -> tuple[ParameterUse, ...]:
    """Each parameter that took part in definitions, once a value."""

    def below(trace: Trace) -> tuple[Trace, ...]:
        return traces[trace.expr.definition][::-1] if isinstance(trace.expr, Ref) else trace.children

    used: dict[ParameterUse, None] = {}
    for trace in each_once((trace for root in roots for trace in traces[root][::-1]), below):
        original = trace.expr.source if isinstance(trace.expr, Const | Unknown) else None
        if original is not None:
            used.setdefault(_use(snapshot, original, words.value(original.type, trace.value)))
    return tuple(used)


def _use(snapshot: Snapshot, parameter: Parameter, value: Bilingual) -> ParameterUse:
    words = snapshot.program.parameters[parameter.name].words
    dated = value_on(snapshot.program, parameter.name, parameter.key, snapshot.validity.start)
    if dated is None:
        return ParameterUse(parameter.name, words.zh, value, None, "", None, words.en)
    source = f"{dated.basis.source} {dated.basis.clause}".strip()
    since = to_date(dated.validity.start)
    return ParameterUse(parameter.name, words.zh, value, dated.standing, source, since, words.en)


def _amount_of(snapshot: Snapshot, traces: Traces, payable: DefinitionId) -> tuple[DefinitionId, ...]:
    """What an amount rests on: itself, and what is stated where that is worked out in another form."""
    stated = DefinitionId("stated", payable.name)
    named = stated in snapshot.dependencies.named(payable)
    return (payable,) if named or stated not in traces else (payable, stated)
