"""Whether the rows of a table leave gaps or overlap.

In: each column's domain and each row's regions, as intervals of integers. Out: gaps and overlaps, as intervals.
Called by `tables`. Codes are intervals of positions in their list; a truth is 0 or 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import prod

Interval = tuple[int, int]
"""Closed at both ends."""
Region = tuple[Interval, ...]
"""A union of intervals: what one cell allows."""
Box = tuple[Interval, ...]
"""One interval a column."""

MOST_BOXES = 200_000


@dataclass(frozen=True, slots=True)
class Cover:
    """What was found: the boxes that no row allows, and for each overlapping pair of rows a box that both allow."""

    gaps: tuple[Box, ...]
    overlaps: tuple[tuple[int, int, Box], ...]


def cover(domains: Sequence[Interval], rows: Sequence[Sequence[Region]]) -> Cover | None:
    """Look at every elementary box of the table; None where there are too many."""
    columns = [_segments(domain, [row[i] for row in rows]) for i, domain in enumerate(domains)]
    if prod(len(column) for column in columns) > MOST_BOXES:
        return None
    gaps = [box for box in product(*columns) if not any(_allows(row, box) for row in rows)]
    overlaps = [
        (first, second, shared)
        for (first, a), (second, b) in combinations(enumerate(rows), 2)
        if (shared := _shared(a, b, domains)) is not None
    ]
    return Cover(tuple(_merged(gaps)), tuple(overlaps))


def _segments(domain: Interval, regions: Sequence[Region]) -> list[Interval]:
    """The domain cut wherever some region begins or ends."""
    low, high = domain
    starts = {low}
    for region in regions:
        for first, last in region:
            starts |= {start for start in (first, last + 1) if low < start <= high}
    ordered = sorted(starts)
    return list(zip(ordered, [*(start - 1 for start in ordered[1:]), high], strict=True))


def _allows(row: Sequence[Region], box: Box) -> bool:
    return all(
        any(first <= low and high <= last for first, last in region)
        for region, (low, high) in zip(row, box, strict=True)
    )


def _shared(a: Sequence[Region], b: Sequence[Region], domains: Sequence[Interval]) -> Box | None:
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


def _merged(boxes: list[Box]) -> list[Box]:
    """Boxes that meet in the last column, and are the same in the others, as one."""
    merged: list[Box] = []
    for box in boxes:
        if merged and merged[-1][:-1] == box[:-1] and merged[-1][-1][1] + 1 == box[-1][0]:
            merged[-1] = (*box[:-1], (merged[-1][-1][0], box[-1][1]))
        else:
            merged.append(box)
    return merged
