"""Checks of data as files declare them: conditions that must hold where the data of a household can be right.

In: built by `documents.model_builder`. Out: data only; `documents` makes a term of each, and the checker a figure.
"""

from __future__ import annotations

from dataclasses import dataclass

from fupin_policy.core.expressions import Level
from fupin_policy.core.outputs import CheckSeverity
from fupin_policy.documents.parts import BilingualDoc, ExpressionDoc, TextDoc


@dataclass(frozen=True, slots=True)
class DataCheckDoc:
    """A condition, what becomes of a household for which it does not hold, and what is told then."""

    name: TextDoc
    label: TextDoc
    label_en: str | None
    level: Level
    must: ExpressionDoc
    severity: CheckSeverity
    words: BilingualDoc
    basis: tuple[TextDoc, ...] = ()
