"""A parameter's value as it is written: a number in its unit, a day, a code of a list, a truth.

In: a parameter's document and the type that it declares. Out: integers; what is wrong is reported.
Called by `parameters`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fupin_policy.check.assumptions import known_words
from fupin_policy.check.declarations import not_a, sense_of, with_unit
from fupin_policy.check.declared_range import DeclaredRange
from fupin_policy.check.numbers import to_scale
from fupin_policy.check.scope import code_words
from fupin_policy.check.units import Units, UnitSense
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import day_of, to_date, to_day
from fupin_policy.core.declarations import CodeList
from fupin_policy.core.types import Code, Day, ErrorType, Number, Type
from fupin_policy.diagnostics import Reporter
from fupin_policy.documents import model
from fupin_policy.documents.parts import TextDoc


@dataclass(frozen=True, slots=True)
class Literals:
    """Reads the values of one parameter."""

    doc: model.ParameterDoc
    units: Units
    lists: Mapping[str, CodeList]
    reporter: Reporter

    def holds(self, text: TextDoc, declared: Type) -> bool:
        """Whether a value is written as itself, not as a formula: codes and truths always are."""
        match declared:
            case Day():
                return day_of(text.text) is not None
            case Number(unit):
                return with_unit(text.text, UnitSense(unit, 0, Bilingual("", "")), self.units) is not None
            case _:
                return not isinstance(declared, ErrorType)

    def read(self, text: TextDoc, declared: Type) -> int | None:
        """A value as an integer of its type; None where something was reported."""
        match declared:
            case Day(low, high):
                day = day_of(text.text)
                if day is None:
                    not_a(text, "日期", "a date", self.reporter)
                    return None
                if not low <= to_day(day) <= high:
                    self.reporter.report("R310", text.span, value=text.text, low=to_date(low), high=to_date(high))
                    return None
                return to_day(day)
            case Number():
                return self._number(text, declared)
            case _:
                return self._chosen(text, declared)

    def _chosen(self, text: TextDoc, declared: Type) -> int | None:
        """A truth's bits, or a code's bit."""
        known, wanted, wanted_en = known_words(declared, self.lists)
        if text.text not in known and isinstance(declared, Code):
            codes = self.lists[declared.code_list].codes
            shown = [code.label for code in codes[:12]]
            words = {"name": text.text, "list": declared.code_list, "known": shown}
            self.reporter.report(
                "N102", text.span, suggestion=self.reporter.suggest(text.text, code_words(codes)), **words
            )
        elif text.text not in known:
            not_a(text, wanted, wanted_en, self.reporter)
        return known.get(text.text)

    def _number(self, text: TextDoc, declared: Number) -> int | None:
        own = sense_of(self.doc.unit, self.units)
        assert own is not None
        found = with_unit(text.text, own, self.units)
        if found is None:
            example = f"80{'' if self.doc.unit is None else self.doc.unit.text}"
            not_a(text, f"数字（例如 {example}）", f"a number (as {example})", self.reporter)
            return None
        digits, power = found
        value = to_scale(digits, declared.scale, power)
        if value is None:
            self.reporter.report("T222", text.span, value=text.text, decimals=declared.scale + own.power)
        elif not declared.low <= value <= declared.high:
            DeclaredRange(self.doc, declared, self.units).outside(text, digits, self.reporter)
            return None
        return value
