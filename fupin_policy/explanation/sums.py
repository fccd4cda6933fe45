"""An amount or a figure as a sum: lines of printed figures, each of which can be worked out again by hand.

In: nothing. Out: data only, and its JSON. Made by `sum_finder`, laid out by `sum_text`.
Lines stand in the order in which one would work them out; the last one has what is explained as its result.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.expressions import Rounding
from fupin_policy.core.json_data import json_of, json_parts
from fupin_policy.explanation.used_parameter import ParameterUse
from fupin_policy.prose.ratios import fraction_text
from fupin_policy.prose.sentences import sentence

_Operator = Literal["add", "negate", "multiply", "divide", "round", "least", "greatest", "either", "within"]
"""`round` is to the nearest multiple of its step; `either` is one of its parts, it is open which; `within` is its part
where it lies between two ends, beyond which the nearer one is taken."""

BoundedBy = Literal["condition", "together"]
"""Why a number lies between narrower ends than its figures make: the condition under which it counts leaves no more, or
the figures hang together, so that their ends do not fall together."""


@dataclass(frozen=True, slots=True)
class SumItem:
    """An item of a list: the list's name, what that is called, and which item it is; None for further ones."""

    list: str
    words: Bilingual
    number: int | None

    @property
    def alone(self) -> Bilingual:
        """Which item it is, where it is clear of which list."""
        if self.number is None:
            return sentence("a_further_item")
        return sentence("item", number=self.number)

    @property
    def said(self) -> Bilingual:
        """Which item it is, of which list."""
        return sentence("item_of_list", list=self.words, item=self.alone)

    def as_json(self) -> dict[str, Any]:
        """The item as plain data."""
        return json_parts(self, "list", "number")


@dataclass(frozen=True, slots=True)
class Operand:
    """A number that stands in a line, between two ends which are the same where it is known.

    `digits` are these as printed, `text` the same with the unit. What was written as a number has no name; `remarks`
    say more of it, such as the row of a table for which it stands.
    """

    low: Fraction
    high: Fraction
    digits: str
    text: Bilingual
    unit: Bilingual
    name: Bilingual | None = None
    member: str | None = None
    remarks: tuple[Bilingual, ...] = ()
    parameter: ParameterUse | None = None
    item: SumItem | None = None

    def as_json(self) -> dict[str, Any]:
        """The number as plain data: both ends as decimals, or as fractions where these have no end."""
        ends = {"min": fraction_text(self.low), "max": fraction_text(self.high)}
        own = {} if self.item is None else {"item": self.item.as_json()}
        return {**ends, **json_parts(self, "unit", "name", "member", "remarks", "parameter"), **own}


@dataclass(frozen=True, slots=True)
class Operation:
    """What is done with numbers in a line.

    `rounding` and `step` are those of `round`, the ends `least` and `most`, where they matter, and `by` of `within`.
    """

    operator: _Operator
    parts: tuple[Working, ...]
    rounding: Rounding | None = None
    step: Operand | None = None
    least: Operand | None = None
    most: Operand | None = None
    by: BoundedBy | None = None

    def as_json(self) -> dict[str, Any]:
        """The operation as plain data."""
        how = {} if self.rounding is None else {"rounding": self.rounding.value}
        ends = {"step": self.step, "min": self.least, "max": self.most}
        told = {key: fraction_text(end.low) for key, end in ends.items() if end is not None}
        by = {} if self.by is None else {"by": self.by}
        return {"op": self.operator, "parts": json_of(self.parts), **how, **told, **by}


Working = Operand | Operation
"""How a number is worked out."""


@dataclass(frozen=True, slots=True)
class SumLine:
    """A named number with how it is worked out: for `member` or `item`, if of one; `why` says which rows apply.

    `definition` is whose value it is; None for a part of one, such as a row of a table.
    """

    name: Bilingual
    member: str | None
    working: Working
    result: Operand
    why: tuple[Bilingual, ...] = ()
    definition: str | None = None
    item: SumItem | None = None

    def as_json(self) -> dict[str, Any]:
        """The line as plain data."""
        own = {} if self.item is None else {"item": self.item.as_json()}
        return {**json_parts(self, "name", "member", "definition", "working", "result", "why"), **own}


@dataclass(frozen=True, slots=True)
class Calculation:
    """The lines, of which there are `earlier` more before the first where they are too many to be told."""

    lines: tuple[SumLine, ...]
    earlier: int = 0

    def as_json(self) -> dict[str, Any]:
        """The sum as plain data."""
        return json_parts(self, "earlier", "lines")
