"""Whether the rows of a table leave gaps or overlap.

In: each column's domain and each row's regions, as intervals of integers. Out: gaps and overlaps, as intervals.
Called by `decision_tables`. Codes are intervals of positions in their list; a truth is 0 or 1.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

ClosedInterval = tuple[int, int]
"""Closed at both ends."""
Region = tuple[ClosedInterval, ...]
"""A union of intervals: what one cell allows."""
Cuboid = tuple[ClosedInterval, ...]
"""One interval a column."""

MAX_BOXES = 200_000
MAX_NAMED = 8
"""With how many rows before it an overlapping row is named."""
MAX_LOOKED = 5 * MAX_BOXES
"""How many boxes of rows are looked at: more than there are boxes only where rows overlap."""


@dataclass(frozen=True, slots=True)
class Cover:
    """What was found: the boxes that no row allows, and for each overlapping pair of rows a box that both allow."""

    gaps: tuple[Cuboid, ...]
    overlaps: tuple[tuple[int, int, Cuboid], ...]


def gaps_of(domains: Sequence[ClosedInterval], rows: Sequence[Sequence[Region]]) -> tuple[Cuboid, ...] | None:
    """The boxes that no row allows, where rows may overlap; None where there are too many to look at."""
    columns = _columns(domains, rows)
    if columns is None:
        return None
    covered: set[tuple[int, ...]] = set()
    looked = 0
    for allowed in _allowed(domains, columns, rows):
        looked += prod(map(len, allowed))
        if looked > MAX_LOOKED:
            return None
        covered.update(product(*allowed))
    return _gaps(columns, covered)


def cover(domains: Sequence[ClosedInterval], rows: Sequence[Sequence[Region]]) -> Cover | None:
    """Look at every elementary box of the table; None where there are too many.

    Each box is marked by the rows that allow it, so the work grows with the boxes, not with pairs of rows. Where very
    many rows overlap, each is named with some of those before it.
    """
    columns = _columns(domains, rows)
    if columns is None:
        return None
    marked: dict[tuple[int, ...], list[int]] = {}
    pairs: list[tuple[int, int]] = []
    looked = 0
    for number, allowed in enumerate(_allowed(domains, columns, rows)):
        met: set[int] = set()
        for box in product(*allowed):
            looked += 1
            before = marked.setdefault(box, [])
            met.update(before)
            if len(before) < MAX_NAMED:
                before.append(number)
            if len(met) >= MAX_NAMED:
                break
        pairs += [(other, number) for other in met]
        if looked > MAX_LOOKED:
            break
    overlaps = [(one, two, shared) for one, two in sorted(pairs) if (shared := _shared(rows[one], rows[two], domains))]
    if looked > MAX_LOOKED:  # then some overlap, which is to be mended before gaps can be told
        return Cover((), tuple(overlaps))
    return Cover(_gaps(columns, marked), tuple(overlaps))


def _columns(domains: Sequence[ClosedInterval], rows: Sequence[Sequence[Region]]) -> list[list[ClosedInterval]] | None:
    """Each column cut where a row begins or ends; None where that makes too many boxes."""
    columns = [_segments(domain, [row[i] for row in rows]) for i, domain in enumerate(domains)]
    return None if prod(len(column) for column in columns) > MAX_BOXES else columns


def _allowed(
    domains: Sequence[ClosedInterval], columns: Sequence[Sequence[ClosedInterval]], rows: Sequence[Sequence[Region]]
) -> Iterator[list[list[int]]]:
    """For each row the segments of each column that it allows."""
    starts = [[low for low, _ in column] for column in columns]
    for row in rows:
        yield [_within(region, cuts, domain) for region, cuts, domain in zip(row, starts, domains, strict=True)]


def _gaps(columns: Sequence[Sequence[ClosedInterval]], marked: Container[tuple[int, ...]]) -> tuple[Cuboid, ...]:
    """The boxes that are not marked."""
    every = product(*(range(len(column)) for column in columns))
    return tuple(
        _merged(
            [tuple(column[i] for column, i in zip(columns, box, strict=True)) for box in every if box not in marked]
        )
    )


def _within(region: Region, starts: Sequence[int], domain: ClosedInterval) -> list[int]:
    """The positions of a column's segments that a region holds; each segment lies wholly inside or outside."""
    found: dict[int, None] = {}
    for low, high in region:
        first, last = max(low, domain[0]), min(high, domain[1])
        if first <= last:
            found.update(dict.fromkeys(range(bisect_left(starts, first), bisect_right(starts, last))))
    return list(found)


def _segments(domain: ClosedInterval, regions: Sequence[Region]) -> list[ClosedInterval]:
    """The domain cut wherever some region begins or ends."""
    low, high = domain
    starts = {low}
    for region in regions:
        for first, last in region:
            starts |= {start for start in (first, last + 1) if low < start <= high}
    ordered = sorted(starts)
    return list(zip(ordered, [*(start - 1 for start in ordered[1:]), high], strict=True))


def _shared(a: Sequence[Region], b: Sequence[Region], domains: Sequence[ClosedInterval]) -> Cuboid | None:
    """A box that two rows both allow, within the domains."""
    box = []
    for one, other, (low, high) in zip(a, b, domains, strict=True):
        met = [
            (max(first, start, low), min(last, end, high))
            for first, last in one
            for start, end in other
            if max(first, start, low) <= min(last, end, high)
        ]
        if not met:
            return None
        box.append(met[0])
    return tuple(box)


def _merged(boxes: list[Cuboid]) -> list[Cuboid]:
    """Boxes that meet in the last column, and are the same in the others, as one."""
    merged: list[Cuboid] = []
    for box in boxes:
        if merged and merged[-1][:-1] == box[:-1] and merged[-1][-1][1] + 1 == box[-1][0]:
            merged[-1] = (*box[:-1], (merged[-1][-1][0], box[-1][1]))
        else:
            merged.append(box)
    return merged
