"""One thing that may be written at the cursor, as it is offered.

In: nothing. Out: data only. Made by `completion` and `expression_completion`, shown by `server`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ProposalKind = Literal[
    "key", "choice", "fact", "term", "parameter", "code", "unit", "policy", "department", "clause", "name", "function",
    "operator", "snippet",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is shown, what is written for it, and what it means; a lower `rank` comes first."""

    label: str
    insert: str
    kind: ProposalKind
    detail: str = ""
    about: str = ""
    rank: int = 5
    also: tuple[str, ...] = ()
    """Other words by which it is found."""
    snippet: bool = False


@dataclass(frozen=True, slots=True)
class Proposals:
    """What is offered, in order, for the stretch of the text that it replaces."""

    items: tuple[Proposal, ...]
    start: int
    end: int
