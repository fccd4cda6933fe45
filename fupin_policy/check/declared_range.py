"""The range that a parameter declares, and values that leave it.

In: the parameter as it was read. Out: diagnostics at the values. Called by `parameters`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

from fupin_policy.check.declarations import sense_of
from fupin_policy.check.definition_sources import Make
from fupin_policy.check.numbers import decimal_text, to_scale
from fupin_policy.check.parameter_bounds import MOST, every_value
from fupin_policy.check.typing import Typer
from fupin_policy.check.units import Units
from fupin_policy.core.expressions import Const, Expr
from fupin_policy.core.types import PLAIN, Number
from fupin_policy.diagnostics import Reporter
from fupin_policy.documents.model import ParameterDoc
from fupin_policy.documents.parts import TextDoc


@dataclass(frozen=True, slots=True)
class DeclaredRange:
    """A parameter with the type that its unit, decimals and range give; all is told in its unit."""

    doc: ParameterDoc
    declared: Number
    units: Units

    @property
    def _power(self) -> int:
        own = sense_of(self.doc.unit, self.units)
        return 0 if own is None else own.power

    def kept(self, make: Make, text: TextDoc, typer: Typer) -> Expr:
        """What a formula makes; reported where it leaves the range for somebody on some day."""
        expr = make(typer)
        for _, _, (value,) in islice(every_value(typer, [expr]), MOST):
            match value:
                case Const(amount, Number(scale=scale)) if not self._holds(Fraction(amount, 10**scale)):
                    typer.wrong("R315", text.span, found=self._told(amount, scale), **self._ends())
                    break
        return expr

    def _holds(self, value: Fraction) -> bool:
        step = 10**self.declared.scale
        return Fraction(self.declared.low, step) <= value <= Fraction(self.declared.high, step)

    def outside(self, text: TextDoc, digits: str, reporter: Reporter) -> None:
        """Report a value outside the range."""
        unit = "" if self.doc.unit is None else self.doc.unit.text
        value = text.text if text.text.endswith(unit) else f"{text.text}{unit}"
        reporter.report("R310", text.span, suggestion=self._guess(digits), value=value, **self._ends())

    def _ends(self) -> dict[str, str]:
        scale = self.declared.scale
        return {"low": self._told(self.declared.low, scale), "high": self._told(self.declared.high, scale)}

    def _told(self, value: int, scale: int) -> str:
        return f"{decimal_text(value, scale + self._power)}{'' if self.doc.unit is None else self.doc.unit.text}"

    def _guess(self, digits: str) -> str | None:
        """What was perhaps meant: 5 (万元) where 50000 was written, 25% where 25."""
        power = 0 if self._power else -2 if self.declared.unit == PLAIN else None
        meant = None if power is None else to_scale(digits, self.declared.scale, power)
        if meant is None or not self.declared.low <= meant <= self.declared.high:
            return None
        return decimal_text(meant, self.declared.scale + self._power) if self._power else f"{digits}%"
