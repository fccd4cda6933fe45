"""What a definition rests on, and the stretches of time over which all of that stays the same.

In: a program. Out: for each definition its pieces of time; the same joined over several, and gathered into episodes.
Called by `prove`, `money` and `differences`, which ask once an episode.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from fupin_policy.core.days import Validity
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.program import Program
from fupin_policy.core.snapshot import Snapshot, snapshots

MeaningHash = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of time, the snapshot at its start, and a sign that is the same for definitions of equal meaning."""

    within: Validity
    snapshot: Snapshot
    sign: MeaningHash


@dataclass(frozen=True, slots=True)
class Episode:
    """All stretches of time of one sign, in order, with the snapshot at the start of the first."""

    stretches: tuple[Validity, ...]
    snapshot: Snapshot


class BenefitId(NamedTuple):
    """What a policy gives, and how often."""

    policy: str


Meaning = DefinitionId | BenefitId
Pieces = Mapping[Meaning, tuple[Piece, ...]]
"""By what may change, in order of time; together they are the program's cover."""


@dataclass(slots=True)
class MeaningHasher:
    """Numbers for definitions with all that they rest on: equal meaning by text and types, equal number."""

    _numbers: dict[tuple[object, MeaningHash], int] = field(default_factory=dict)

    def of(self, found: Snapshot) -> dict[Meaning, int]:
        """The number of each definition of a snapshot, and of each policy's benefit."""
        signs: dict[Meaning, int] = {}
        for dated in found.definitions:
            below = tuple(signs[name] for name in found.dependencies.named(dated.id))
            signs[dated.id] = self._number(dated.expr, below)
        for rule in found.rules:
            signs[BenefitId(rule.policy.id)] = self._number(rule.version and rule.version.benefit, ())
        return signs

    def _number(self, what: object, rests_on: MeaningHash) -> int:
        return self._numbers.setdefault((what, rests_on), len(self._numbers))


def pieces(program: Program, signs: MeaningHasher) -> Pieces:
    """The pieces of time of each definition."""
    found: dict[Meaning, list[Piece]] = {}
    for dated in snapshots(program):
        for definition, sign in signs.of(dated).items():
            _add(found.setdefault(definition, []), Piece(dated.validity, dated, (sign,)))
    return {definition: tuple(those) for definition, those in found.items()}


def _add(those: list[Piece], piece: Piece) -> None:
    """One more piece at the end; of the same sign as the last, it is a part of that."""
    if those and those[-1].sign == piece.sign:
        last = those[-1]
        those[-1] = Piece(Validity(last.within.start, piece.within.end), last.snapshot, last.sign)
    else:
        those.append(piece)


def joint(found: Pieces, definitions: Sequence[Meaning]) -> tuple[Piece, ...]:
    """The pieces of time over which all of some definitions stay the same."""
    joined = found[definitions[0]]
    for name in definitions[1:]:
        joined = tuple(_meet(joined, found[name]))
    return joined


def _meet(first: Iterable[Piece], second: Iterable[Piece]) -> Iterable[Piece]:
    for one in first:
        for other in second:
            start, end = max(one.within.start, other.within.start), min(one.within.end, other.within.end)
            if start < end:
                later = one if one.within.start >= other.within.start else other
                yield Piece(Validity(start, end), later.snapshot, one.sign + other.sign)


def gathered(those: Iterable[Piece]) -> tuple[Episode, ...]:
    """Pieces of one sign together, so that what returns to what it was is asked about once."""
    found: dict[MeaningHash, list[Piece]] = {}
    for piece in those:
        found.setdefault(piece.sign, []).append(piece)
    return tuple(Episode(tuple(one.within for one in same), same[0].snapshot) for same in found.values())
