"""Which row of a table gave a date behind an amount, where several may fit: the latest. Rows of numbers are in its sum.

In: traces, a rule. Out: a sentence for each such table, in both languages. Called by `reasons`.
"""

from __future__ import annotations

from collections.abc import Iterator

from fupin_policy.core import possible
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.dependencies import each_once
from fupin_policy.core.expressions import Gather, Items, Ref
from fupin_policy.core.snapshot import Rule
from fupin_policy.core.traces import Trace, kept_rows, traced_rows
from fupin_policy.core.types import Day
from fupin_policy.explanation.deciding_parts import DecidingParts
from fupin_policy.explanation.trace_words import TraceWords
from fupin_policy.prose.sentences import semicolons, sentence


def kept_in_words(words: TraceWords, rule: Rule) -> tuple[Bilingual, ...]:
    """For each table of dates in an amount as it is written, of each subject that may receive it, the row kept."""
    traces, found = words.deciding.traces, dict[Bilingual, None]()
    stated = traces.get(rule.policy.stated, ())
    for subject, (outcome, amount) in enumerate(zip(traces[rule.outcome], stated, strict=False)):
        if outcome.value != possible.FALSE:
            found.update(dict.fromkeys(_said(words, table) for table in _tables(words.deciding, amount, subject)))
    return tuple(found)


def _tables(deciding: DecidingParts, trace: Trace, subject: int) -> Iterator[Trace]:
    """The tables below a trace, through the names in it, each once."""

    def below(at: tuple[Trace, int]) -> list[tuple[Trace, int]]:
        part, whose = at
        if isinstance(part.expr, Items):
            return [(one, member) for member, one in deciding.of_items(part, whose)]
        if isinstance(part.expr, Ref):
            return [(deciding.target(part, whose), whose)]
        return [(one, whose) for one in part.children]

    for part, _ in each_once([(trace, subject)], below, lambda at: id(at[0])):
        if isinstance(part.expr, Gather) and isinstance(part.expr.type, Day):
            yield part


def _said(words: TraceWords, table: Trace) -> Bilingual:
    """What was kept, after the member whose table it is."""
    said = _kept(words, table)
    return said if table.member is None else sentence("named", name=table.member, value=said)


def _kept(words: TraceWords, table: Trace) -> Bilingual:
    rows, default = traced_rows(table)
    kept, maybe = kept_rows(table), [at for at, (_, value) in enumerate(rows) if value is not None]
    if default is not None and kept == [len(rows)]:
        return sentence("no_row", rows=words.value(default.expr.type, default.value))
    told = semicolons(_row(words, *rows[at]) for at in kept or maybe)
    return sentence("latest_row" if kept else "open_row", rows=told)


def _row(words: TraceWords, test: Trace, value: Trace | None) -> Bilingual:
    """A row's condition, with what it gives."""
    asked = words.worded(test, False, None)
    assert value is not None, test
    gives = words.value(value.expr.type, value.value)
    return sentence("row" if test.value == possible.TRUE else "row_to_be_checked", asked=asked, gives=gives)
