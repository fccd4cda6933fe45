"""How many households and members there were, and what became of them.

In: nothing. Out: `Counts`, which add up. Called by `evaluate` for each chunk, by `bucket_decisions`, `run` and `spark`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of both tables, decided and rejected, and decisions made; how many rest on each assumption, `在校=否`.

    For how many households each check of data does not hold (`violated`), or cannot be checked.
    """

    households: int = 0
    members: int = 0
    households_rejected: int = 0
    members_rejected: int = 0
    decisions: int = 0
    assumed: Mapping[str, int] = field(default_factory=dict)
    violated: Mapping[str, int] = field(default_factory=dict)
    not_checkable: Mapping[str, int] = field(default_factory=dict)
    changes: Mapping[str, int] = field(default_factory=dict)
    """How many decisions are not as in the run before, by what became of them."""
    unused: Mapping[str, int] = field(default_factory=dict)
    """How many values were given of months or years that no rule looks at, by fact."""
    rows: Mapping[str, int] = field(default_factory=dict)
    rows_rejected: Mapping[str, int] = field(default_factory=dict)
    """Rows of the tables besides those of households and members, by table: read, and rejected."""
    derived: Mapping[str, int] = field(default_factory=dict)
    """Of how many households and members a number of identity tells a fact, by its label."""

    answered: Mapping[str, int] = field(default_factory=dict)
    replaced: Mapping[str, int] = field(default_factory=dict)
    """How many facts were filled in that people were asked for, by label; of these the registry had another value."""

    def __add__(self, other: Counts) -> Counts:
        added: dict[str, Any] = {name: getattr(self, name) + getattr(other, name) for name in NUMBERS}
        for name in NAMED_COUNTS:
            added[name] = dict(Counter(getattr(self, name)) + Counter(getattr(other, name)))
        return Counts(**added)


NAMED_COUNTS = (
    *("assumed", "violated", "not_checkable", "changes", "unused", "rows", "rows_rejected", "derived"),
    *("answered", "replaced"),
)
NUMBERS = tuple(one.name for one in fields(Counts) if one.name not in NAMED_COUNTS)
