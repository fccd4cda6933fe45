"""How a benefit is obtained, as a version of a policy says it.

In: built by `documents.model_builder`. Out: data only. Called by the checker and the formatter.
"""

from __future__ import annotations

from dataclasses import dataclass

from fupin_policy.core.policies import Channel
from fupin_policy.documents.parts import ExpressionDoc, TextDoc


@dataclass(frozen=True, slots=True)
class BroughtDoc:
    """A document to bring, in both languages, and where only, if it is not always needed."""

    zh: str
    en: str
    when: ExpressionDoc | None = None


@dataclass(frozen=True, slots=True)
class ObtainDoc:
    """How a policy's benefit is obtained."""

    how: Channel
    where: TextDoc | None
    documents: tuple[BroughtDoc, ...]
    days: int | None
    working_days: int | None
    phone: str | None
