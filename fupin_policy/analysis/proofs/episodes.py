"""What a definition rests on, and the stretches of time over which all of that stays the same.

In: a program. Out: for each definition its episodes; the facts that a policy reads.
Called by `prove` and `differences`, which ask once an episode.
"""

from __future__ import annotations

from dataclasses import dataclass

from fupin_policy.core.expressions import Expr, Ref, walk
from fupin_policy.core.program import Program, Validity
from fupin_policy.core.snapshot import Snapshot, breakpoints, snapshot


@dataclass(frozen=True, slots=True)
class Episode:
    """A stretch of time, the snapshot at its start, and a sign that is the same for definitions of equal meaning."""

    within: Validity
    snapshot: Snapshot
    sign: int


@dataclass(slots=True)
class Signs:
    """Numbers for definitions with all that they rest on: equal meaning by text and types, equal number."""

    _numbers: dict[tuple[Expr, tuple[int, ...]], int]

    @classmethod
    def new(cls) -> Signs:
        """No numbers given yet."""
        return cls({})

    def of(self, found: Snapshot) -> dict[str, int]:
        """The number of each definition of a snapshot."""
        signs: dict[str, int] = {}
        for dated in found.definitions:
            rests_on = tuple(signs[node.definition] for node in walk(dated.expr) if isinstance(node, Ref))
            signs[dated.id] = self._numbers.setdefault((dated.expr, rests_on), len(self._numbers))
        return signs


def episodes(program: Program, signs: Signs) -> dict[str, tuple[Episode, ...]]:
    """Each definition's episodes, in order of time; together they are the program's cover."""
    found: dict[str, list[Episode]] = {}
    for day in breakpoints(program):
        dated = snapshot(program, day)
        for definition, sign in signs.of(dated).items():
            earlier = found.setdefault(definition, [])
            if earlier and earlier[-1].sign == sign:
                within = Validity(earlier[-1].within.start, dated.validity.end)
                earlier[-1] = Episode(within, earlier[-1].snapshot, sign)
            else:
                earlier.append(Episode(dated.validity, dated, sign))
    return {definition: tuple(those) for definition, those in found.items()}
