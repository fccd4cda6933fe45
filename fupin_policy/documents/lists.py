"""Lists: what a household or a member has several of, as the files say it.

In: built by `model_builder`. Out: a class for such an entry. Called by the checker.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from fupin_policy.diagnostics import Span
from fupin_policy.documents.parts import BilingualDoc, TextDoc


@dataclass(frozen=True, slots=True)
class EmptyDoc:
    """That a list is empty where it is not given, and why."""

    span: Span
    why: BilingualDoc


@dataclass(frozen=True, slots=True)
class ListDoc:
    """A list of things that a household or each member has; `order` names facts of its items."""

    name: TextDoc
    label: TextDoc
    of: Literal["household", "member"]
    most: Annotated[int, range(1, 1001)]
    label_en: str | None = None
    absent: EmptyDoc | None = None
    order: tuple[TextDoc, ...] = ()
