"""Targets and duties: what bodies must bring about, and what they must do.

In: documents and what is declared. Out: CORE's targets and duties. Called by `program`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fupin_policy.check.citations import clause
from fupin_policy.check.declarations import not_a, validity, words
from fupin_policy.check.organisations import Organisations
from fupin_policy.core.days import to_day
from fupin_policy.core.registers import ClauseRef, Duty, SourceDecl, Target
from fupin_policy.diagnostics import Reporter
from fupin_policy.documents import model
from fupin_policy.documents.parts import TextDoc

_MonthDay = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Registrar:
    """Reads references to clauses and departments."""

    bodies: Organisations
    sources: Mapping[str, SourceDecl]
    reporter: Reporter
    incomplete: frozenset[str]
    """Kinds of documents in which something could not be read."""

    def basis(self, names: Sequence[TextDoc]) -> tuple[ClauseRef, ...]:
        """The clauses that something rests on."""
        return tuple(clause(name, self.sources, self.bodies.broken, self.reporter) for name in names)

    def answering(
        self, lead: Sequence[TextDoc], cooperating: Sequence[TextDoc], basis: Sequence[ClauseRef]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Who leads and who cooperates: as stated, or else as the first clause lists them."""
        if lead or cooperating or not basis:
            return self.bodies.all(lead), self.bodies.all(cooperating)
        source = self.sources.get(basis[0].source)
        found = None if source is None else source.clauses.get(basis[0].clause)
        return ((), ()) if found is None else (found.lead, found.cooperating)

    def target(self, doc: model.TargetDoc) -> Target:
        """A target; its conditions are typed as definitions."""
        basis = self.basis(doc.basis)
        lead, cooperating = self.answering(doc.lead, doc.cooperating, basis)
        return Target(
            doc.id.text,
            words(doc.title),
            doc.level,
            doc.keep,
            None if doc.by is None else to_day(doc.by),
            doc.each,
            validity(doc.valid),
            lead,
            cooperating,
            doc.function,
            basis,
            None if doc.note is None else words(doc.note),
        )

    def duty(self, doc: model.DutyDoc) -> Duty:
        """A duty."""
        basis = self.basis(doc.basis)
        lead, cooperating = self.answering(doc.lead, doc.cooperating, basis)
        return Duty(
            doc.id.text,
            words(doc.title),
            None if doc.whom is None else words(doc.whom),
            validity(doc.valid),
            None if doc.by is None else to_day(doc.by),
            doc.each,
            None if doc.within is None else self._within(doc.within),
            lead,
            cooperating,
            doc.function,
            basis,
            None if doc.note is None else words(doc.note),
        )

    def _within(self, given: TextDoc) -> tuple[_MonthDay, _MonthDay] | None:
        low, _, high = given.text.partition("..")
        first, last = _month_day(low), _month_day(high or low)
        if first is None or last is None or first > last:
            not_a(given, "一年中的日子（如 04-01..06-30）", "days of a year (as 04-01..06-30)", self.reporter)
            return None
        return first, last


def _month_day(text: str) -> _MonthDay | None:
    try:
        found = date.fromisoformat(f"2020-{text.strip()}")
    except ValueError:
        return None
    return found.month, found.day
