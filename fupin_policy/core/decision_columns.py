"""Decisions as columns of plain values with their types, a row for each, of which tables are made.

In: decisions, and whose they are. Out: columns. Called by `evaluation` and `decision`.
Names and types are those of a batch's rows, where that has them: amounts are whole smallest units (分).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.decision import Amount, Decision
from fupin_policy.files.value_tables import ValueColumn


def decision_columns(
    decisions: Sequence[Decision], household: str | None = None, as_of: date | None = None
) -> tuple[ValueColumn, ...]:
    """The columns of some decisions; with `household` and `as_of` in front where they are said."""
    amounts = [one.amount for one in decisions]

    def each(read: Callable[[Decision], object]) -> list[object]:
        return [read(one) for one in decisions]

    def money(read: Callable[[Amount], object]) -> list[object]:
        return [None if one is None else read(one) for one in amounts]

    return (
        *_whose(household, as_of, len(decisions)),
        ValueColumn("policy", "text", each(lambda one: one.policy)),
        ValueColumn("title", "text", each(lambda one: one.title.zh)),
        ValueColumn("title_en", "text", each(lambda one: one.title.en)),
        ValueColumn("status", "text", each(lambda one: one.status.value)),
        ValueColumn("force", "text", each(lambda one: one.force)),
        ValueColumn("amount_min", "integer", money(lambda one: one.low)),
        ValueColumn("amount_max", "integer", money(lambda one: one.high)),
        ValueColumn("decimals", "integer", money(lambda one: one.decimals)),
        ValueColumn("currency", "text", money(lambda one: one.currency)),
        ValueColumn("per", "text", money(lambda one: one.per)),
        ValueColumn("provisional", "truth", each(lambda one: one.provisional)),
        ValueColumn("beneficiaries", "texts", each(lambda one: list(one.beneficiaries))),
        ValueColumn("possible_beneficiaries", "texts", each(lambda one: list(one.possible_beneficiaries))),
        ValueColumn("lead", "texts", each(lambda one: _names(one.lead))),
        ValueColumn("cooperating", "texts", each(lambda one: _names(one.cooperating))),
        ValueColumn("missing", "texts", each(lambda one: [fact.text for fact in one.missing])),
        ValueColumn("assumed", "texts", each(lambda one: [fact.text for fact in one.assumed])),
    )


def _whose(household: str | None, as_of: date | None, count: int) -> Iterator[ValueColumn]:
    if household is not None:
        yield ValueColumn("household", "text", [household] * count)
    if as_of is not None:
        yield ValueColumn("as_of", "day", [as_of] * count)


def _names(bodies: Sequence[Bilingual]) -> list[Any]:
    return [one.zh for one in bodies]
