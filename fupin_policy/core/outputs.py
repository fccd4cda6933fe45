"""What a program works out to be reported: one table of outputs, each a definition in a role.

In: policies and the terms that are figures. Out: `Output`s, in the order in which modules keep their columns. Called by
`Program`; every evaluator and host goes by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.expressions import Level
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.policies import Audience, Policy
from fupin_policy.core.registers import ClauseRef
from fupin_policy.core.types import Number, Truth, Type

OutputRole = Literal["outcome", "amount", "figure", "beneficiary", "lead", "audience", "document"]
"""What an output is: whether a policy applies, what it pays; the value of a term; whether a policy is for a member;
which bodies answer for it; whether a household is among an audience; whether a document must be brought."""


CheckSeverity = Literal["warn", "reject"]
"""What becomes of a household whose data cannot be right: it is decided with a warning, or not at all."""


@dataclass(frozen=True, slots=True)
class DataCheck:
    """That a figure, a truth, must hold where data are right; `words` are told of a household for which it does not."""

    severity: CheckSeverity
    words: Bilingual
    basis: tuple[ClauseRef, ...]


@dataclass(frozen=True, slots=True)
class FigureDecl:
    """A term that is reported beside the decisions; `due`: the day on which something falls due.

    A number is told in its declared unit, which is `10**power` of its type's and is called `unit` (None: plain).
    """

    name: str
    words: Bilingual
    level: Level
    type: Type
    unit: Bilingual | None = None
    power: int = 0
    due: bool = False
    check: DataCheck | None = None

    @property
    def definition(self) -> DefinitionId:
        """The definition of its value."""
        return DefinitionId("term", self.name)

    @property
    def decimals(self) -> int:
        """Decimals of a number in the declared unit; 0 for what is no number."""
        return self.type.scale + self.power if isinstance(self.type, Number) else 0


@dataclass(frozen=True, slots=True)
class Output:
    """A definition that is reported, and what of: `id` is a policy's, or a figure's name."""

    id: str
    definition: DefinitionId
    role: OutputRole
    level: Level
    type: Type

    @property
    def subject(self) -> tuple[str, str]:
        """What it belongs to: a policy's outcome and amount belong together."""
        return ("policy", self.id) if self.role in ("outcome", "amount") else (self.role, self.id)


def outputs_of(
    policies: Iterable[Policy],
    figures: Iterable[FigureDecl],
    audiences: Iterable[Audience],
    types: Mapping[DefinitionId, Type],
) -> tuple[Output, ...]:
    """Every output: each policy's outcome and amount, the figures, for whom of the members policies are, which bodies
    answer for them where that is by condition, which audiences a household is among, which documents must be brought.
    """
    found, policies = [], tuple(policies)
    for policy in policies:
        found.append(Output(policy.id, policy.outcome, "outcome", policy.level, types[policy.outcome]))
        if policy.has_amount:
            found.append(Output(policy.id, policy.payable, "amount", policy.level, types[policy.payable]))
    found += [Output(one.name, one.definition, "figure", one.level, one.type) for one in figures]
    found += [Output(one.id, one.beneficiary, "beneficiary", "member", Truth()) for one in policies if one.chooses]
    found += [Output(one.id, one.answering, "lead", one.level, types[one.answering]) for one in policies if one.answers]
    found += [Output(one.name, one.definition, "audience", "household", Truth()) for one in audiences]
    found += [Output(name.name, name, "document", one.level, Truth()) for one in policies for name in one.bringing]
    return tuple(found)


def questions(outputs: Iterable[Output]) -> tuple[tuple[Output, ...], ...]:
    """Outputs about each of which it is asked what is missing, those of one subject together: policies come first."""
    return tuple(tuple(some) for _, some in groupby(outputs, key=lambda one: one.subject))
