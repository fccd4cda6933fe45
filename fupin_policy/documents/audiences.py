"""Whom policies are for, and under what they are shown, as files declare it.

In: built by `documents.model_builder`. Out: data only. Called by the checker and the formatter.
"""

from __future__ import annotations

from dataclasses import dataclass

from fupin_policy.documents.parts import ExpressionDoc, TextDoc


@dataclass(frozen=True, slots=True)
class SectionDoc:
    """Under what policies are shown."""

    name: TextDoc
    label: TextDoc
    label_en: str | None


@dataclass(frozen=True, slots=True)
class AudienceDoc:
    """Whom policies are for: the households that meet a condition."""

    name: TextDoc
    label: TextDoc
    label_en: str | None
    when: ExpressionDoc
