"""Gaps and overlaps of tables, against a plain look at every point; and that many rows take little time."""

from __future__ import annotations

import time
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_policy.check import table_coverage
from fupin_policy.check.table_coverage import MAX_NAMED, cover
from fupin_policy.core.possible import Interval

INTERVAL = st.tuples(st.integers(-2, 9), st.integers(0, 4)).map(lambda pair: (pair[0], pair[0] + pair[1]))
Table = tuple[list[Interval], list[tuple[tuple[Interval, ...], ...]]]
REGION = st.lists(INTERVAL, min_size=1, max_size=2).map(tuple)


def tables(columns: int) -> st.SearchStrategy[Table]:
    """Domains of columns, and rows with a region for each."""
    domains = st.lists(st.integers(0, 9).map(lambda high: (0, high)), min_size=columns, max_size=columns)
    rows = st.lists(st.tuples(*[REGION] * columns), min_size=1, max_size=5)
    return st.tuples(domains, rows)


def held(domains: list[Interval], rows: list[tuple[tuple[Interval, ...], ...]]) -> list[set[tuple[int, ...]]]:
    """For each row the boxes that it holds, each by its least point; columns are cut where a row begins or ends."""
    cuts = []
    for at, (low, high) in enumerate(domains):
        ends = {end for row in rows for first, last in row[at] for end in (first, last + 1)}
        cuts.append(sorted({low} | {end for end in ends if low < end <= high}))
    return [
        set(
            product(
                *(
                    [start for start in starts if any(low <= start <= high for low, high in region)]
                    for starts, region in zip(cuts, row, strict=True)
                )
            )
        )
        for row in rows
    ]


@pytest.mark.fault("E9")
@given(st.integers(1, 3).flatmap(tables))
def test_gaps_and_overlaps_are_those_of_the_points(table: Table) -> None:
    domains, rows = table
    found = cover(domains, rows)
    assert found is not None
    free: set[tuple[int, ...]] = set()
    doubly: set[tuple[int, int]] = set()
    for point in product(*(range(low, high + 1) for low, high in domains)):
        allowing = [
            number
            for number, row in enumerate(rows)
            if all(any(low <= at <= high for low, high in region) for region, at in zip(row, point, strict=True))
        ]
        if not allowing:
            free.add(point)
        doubly.update(combinations(allowing, 2))
    shown = [set(product(*(range(low, high + 1) for low, high in box))) for box in found.gaps]
    assert set().union(*shown) == free
    assert sum(len(box) for box in shown) == len(free)
    assert {(one, two) for one, two, _ in found.overlaps} == doubly
    for one, two, box in found.overlaps:
        for number in (one, two):
            assert all(
                any(low <= first and last <= high for low, high in region)
                for region, (first, last) in zip(rows[number], box, strict=True)
            )


@given(st.integers(1, 2).flatmap(tables), st.integers(0, 40))
def test_what_is_not_looked_through_has_no_gaps_to_tell(table: Table, most: int) -> None:
    """However little is looked at, the overlaps told are overlaps; and all is told where it suffices."""
    domains, rows = table
    whole = cover(domains, rows)
    assert whole is not None
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(table_coverage, "MAX_LOOKED", most)
        found = cover(domains, rows)
    looked = sum(map(len, held(domains, rows)))
    assert found is not None
    if looked <= most:
        assert found == whole
    else:
        assert found.gaps == () and set(found.overlaps) <= set(whole.overlaps)


def test_an_overlapping_row_is_named_with_eight_before_it() -> None:
    alone = [(((at, at),),) for at in range(MAX_NAMED + 4)]
    wide = (((0, MAX_NAMED + 3),),)
    for rows in ([*alone, wide], [wide] * (MAX_NAMED + 5)):
        found = cover([(0, 99)], rows)
        assert found is not None
        assert sum(two == len(rows) - 1 for _, two, _ in found.overlaps) == MAX_NAMED == 8


@pytest.mark.fault("E9")
def test_ten_thousand_rows_are_quick() -> None:
    began = time.process_time()
    found = cover([(0, 10**7)], [(((10 * n, 10 * n + 8),),) for n in range(10_000)])
    assert found is not None and len(found.gaps) == 10_000 and found.overlaps == ()
    assert time.process_time() - began < 1


@pytest.mark.fault("E9")
def test_many_rows_that_all_overlap_are_bounded() -> None:
    everything = [(((0, 10**7),),)] * 1000
    began = time.process_time()
    found = cover([(0, 10**7)], [(((10 * n, 10 * n + 9),),) for n in range(10_000)] + everything)
    assert found is not None and found.overlaps and len(found.overlaps) <= 1000 * MAX_NAMED
    assert time.process_time() - began < 4
