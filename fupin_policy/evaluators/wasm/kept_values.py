"""What is kept in the scratch area from one loop to another: a value for each member or item, or what was gathered.

In: operands. Out: arrays in the scratch area, by operand. Called by `writer`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fupin_policy.evaluators.wasm.aggregates import Gathered
from fupin_policy.evaluators.wasm.body import Machine
from fupin_policy.evaluators.wasm.nests import Nest


@dataclass(frozen=True, slots=True)
class ScratchArray:
    """An array in the scratch area, with an entry for each turn of a nest's innermost loop."""

    kind: Machine
    start: int
    nest: Nest


@dataclass(frozen=True, slots=True)
class KeptValue:
    """A definition's value that is kept: of each end an operand that is the same for all, or an array."""

    low: str | ScratchArray
    high: str | ScratchArray
    exact: bool


@dataclass(frozen=True, slots=True)
class KeptGathered:
    """What was gathered for each owner, and by operand the arrays in which that is kept."""

    of: Gathered
    kept: Mapping[str, ScratchArray]

    @property
    def ends(self) -> tuple[str, str, str, str]:
        """The operands."""
        return (self.of.low, self.of.high, self.of.surely_any, self.of.if_sure)
