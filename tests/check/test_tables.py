"""Decision tables against enumeration: gaps, overlaps, what a row gives, and what slices add up to."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import World, ends, exact, world

from fupin_policy.check.table_coverage import MAX_BOXES, Cover, cover, gaps_of
from fupin_policy.core.expressions import Cases, Expr, Never
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.diagnostics import RulesetError

FACTS = """- {name: a, label: 甲, for: household, type: number, range: 0..6}
- {name: m, label: 钱, for: household, type: number, unit: 元, decimals: 1, range: -0.5..1.5}
- {name: t, label: 属实, for: household, type: truth}
- {name: g, label: 等级, for: household, type: code, codes: grade}
- {name: d, label: 某日, for: household, type: date, range: 2019-01-01..2019-01-06}
"""
LISTS = """kind: facts
code_lists:
- {name: grade, codes: [{code: "1", name: one, label: 一级}, {code: "2", name: two, label: 二级},
   {code: "3", name: three, label: 三级}]}
"""


def made(value: str) -> World:
    """A world with a household's term 表 of this value, written as YAML."""
    term = f"kind: terms\nterms:\n- name: table\n  label: 表\n  for: household\n  value: {value}\n"
    return world(FACTS, more={"lists.yaml": LISTS, "terms.yaml": term})


def table(world_: World) -> Expr:
    """The expression of that term."""
    (found,) = (one for one in world_.program.definitions if one.id == DefinitionId("term", "table"))
    return found.versions[0][1]


# -- gaps and overlaps ------------------------------------------------------------------------------------------------

intervals = st.tuples(st.integers(-1, 7), st.integers(-1, 7)).map(lambda ends_: (min(ends_), max(ends_)))
regions = st.lists(intervals, min_size=1, max_size=2).map(tuple)


def points(boxes: Any) -> set[tuple[int, ...]]:
    """All points of some boxes."""
    return {point for box in boxes for point in product(*(range(low, high + 1) for low, high in box))}


def allowed(domains: Any, row: Any) -> set[tuple[int, ...]]:
    """Every point of the domains that a row allows."""
    each = [
        [at for at in range(low, high + 1) if any(first <= at <= last for first, last in region)]
        for region, (low, high) in zip(row, domains, strict=True)
    ]
    return set(product(*each))


@settings(deadline=None)
@given(st.data(), st.integers(1, 3))
def test_gaps_and_overlaps_are_those_of_every_single_point(data: st.DataObject, columns: int) -> None:
    domains = [data.draw(st.sampled_from([(0, 5), (0, 1), (2, 4), (0, 0)])) for _ in range(columns)]
    rows = data.draw(st.lists(st.tuples(*[regions] * columns), max_size=4))
    found = cover(domains, rows)
    assert isinstance(found, Cover)
    space = set(product(*(range(low, high + 1) for low, high in domains)))
    sets = [allowed(domains, row) for row in rows]
    assert points(found.gaps) == space - set().union(*sets)
    assert sum(len(points([box])) for box in found.gaps) == len(points(found.gaps))
    pairs = {(i, j) for i in range(len(rows)) for j in range(i) if sets[i] & sets[j]}
    assert {(second, first) for first, second, _ in found.overlaps} == pairs
    for first, second, box in found.overlaps:
        assert points([box]) <= sets[first] & sets[second] and points([box])


def test_gaps_that_meet_are_told_as_one() -> None:
    found = cover([(0, 9)], [[((3, 3),)], [((3, 3),)]])
    assert found == Cover((((0, 2),), ((4, 9),)), ((0, 1, ((3, 3),)),))
    found = cover([(0, 1), (0, 9)], [[((0, 0),), ((2, 4),)], [((1, 1),), ((0, 9),)]])
    assert found is not None and found.gaps == (((0, 0), (0, 1)), ((0, 0), (5, 9)))


def test_a_table_is_not_looked_at_where_it_has_too_many_boxes() -> None:
    cells = tuple((at, at) for at in range(0, 100, 2))
    assert cover([(0, 99)] * 3, [[cells] * 3]) is None
    assert cover([(0, 99)] * 2, [[cells] * 2]) is not None
    assert 100**2 <= MAX_BOXES < 100**3


# -- what a row gives -------------------------------------------------------------------------------------------------

ROWS: list[tuple[str, Any]] = [
    ("{by: 甲, rows: [[..2, 10], [3, 20], ['4..<6', 30]], otherwise: 0}",
     lambda 甲, 钱, 属实, 等级, 某日: 10 if 甲 <= 2 else 20 if 甲 == 3 else 30 if 甲 < 6 else 0),
    ("{by: 甲, rows: [[[0, 2, 4], 1], [[1, 3, 5, 6], 2]]}",
     lambda 甲, 钱, 属实, 等级, 某日: 2 if 甲 in (1, 3, 5, 6) else 1),
    ("{by: [甲, 属实], rows: [[..3, 是, 1], [任意, 否, 2], [4.., 是, 3]]}",
     lambda 甲, 钱, 属实, 等级, 某日: 2 if not 属实 else 1 if 甲 <= 3 else 3),
    ("{by: 等级, rows: [[一级, 1], [[二级, 三级], 2]]}",
     lambda 甲, 钱, 属实, 等级, 某日: 1 if 等级 == 0 else 2),
    ("{by: [等级, 甲], rows: [[一级, 0..3, 1], [[一级, 二级], '4..', 2]], otherwise: 9}",
     lambda 甲, 钱, 属实, 等级, 某日: 1 if 等级 == 0 and 甲 <= 3 else 2 if 等级 < 2 and 甲 >= 4 else 9),
    ("{by: 钱, rows: [['..<0元', 1], ['0元..<0.35元', 2], ['0.35元..', 3]]}",
     lambda 甲, 钱, 属实, 等级, 某日: 1 if 钱 < 0 else 2 if 钱 < Fraction("0.35") else 3),
    ("{by: 钱, rows: [['..0.35元', 1], ['0.36元..', 2]]}",
     lambda 甲, 钱, 属实, 等级, 某日: 1 if 钱 <= Fraction("0.35") else 2),
    ("{by: 钱, rows: [[5角, 1]], otherwise: 2}",
     lambda 甲, 钱, 属实, 等级, 某日: 1 if 钱 == Fraction(1, 2) else 2),
    ("{by: 钱, rows: [[0.35元, 1], ['1元..', 3]], otherwise: 2}",
     lambda 甲, 钱, 属实, 等级, 某日: 3 if 钱 >= 1 else 2),
    ("{by: 属实, rows: [[是, 5]], otherwise: 6}",
     lambda 甲, 钱, 属实, 等级, 某日: 5 if 属实 else 6),
    ("{by: [属实, 甲], rows: [[否, ..3, 5]], otherwise: 6}",
     lambda 甲, 钱, 属实, 等级, 某日: 5 if not 属实 and 甲 <= 3 else 6),
    ("{by: 属实, rows: [[是, 5], [否, 6]]}",
     lambda 甲, 钱, 属实, 等级, 某日: 5 if 属实 else 6),
    ("{by: 某日, rows: [[..2019-01-02, 1], ['2019-01-03..<2019-01-05', 2], [2019-01-05.., 3]]}",
     lambda 甲, 钱, 属实, 等级, 某日: 1 if 某日 <= 17898 else 2 if 某日 < 17901 else 3),
    ("{by: 甲, rows: [[..2, 1.5], [3.., 2]]}",
     lambda 甲, 钱, 属实, 等级, 某日: Fraction(3, 2) if 甲 <= 2 else 2),
    ("{by: 甲 + 1, rows: [[..3, 甲], [4.., 甲 × 2]]}",
     lambda 甲, 钱, 属实, 等级, 某日: 甲 if 甲 <= 2 else 甲 * 2),
]  # fmt: skip
FACT_VALUES: dict[str, list[Any]] = {
    "甲": list(range(7)),
    "钱": [Fraction(n, 10) for n in range(-5, 16)],
    "属实": [False, True],
    "等级": [0, 1, 2],
    "某日": list(range(17897, 17903)),
}


@pytest.mark.parametrize(("value", "oracle"), ROWS, ids=[text for text, _ in ROWS])
def test_a_table_gives_the_value_of_the_row_that_fits(value: str, oracle: Any) -> None:
    here = made(value)
    expr = table(here)
    assert isinstance(expr, Cases) and isinstance(expr.otherwise, Never)
    used = [name for name in FACT_VALUES if name in value]
    found = set()
    for values in product(*(FACT_VALUES[name] for name in used)):
        given_ = {name: FACT_VALUES[name][0] for name in FACT_VALUES} | dict(zip(used, values, strict=True))
        number = exact(expr, here.evaluated(expr, given_))
        assert number == oracle(**given_), given_
        found.add(number)
    low, high = ends(expr)
    assert low <= min(found) and max(found) <= high


KEPT: list[tuple[str, Any]] = [
    ("{keep: highest, by: 甲, rows: [[..3, 甲], ['2..5', 4], [6, 1]]}",
     lambda 甲, 属实, 等级: max([甲] * (甲 <= 3) + [4] * (2 <= 甲 <= 5) + [1] * (甲 == 6))),
    ("{keep: all, by: [甲, 属实], rows: [[..3, 是, 10], [任意, 否, 20], ['2..', 任意, 30]], otherwise: 7}",
     lambda 甲, 属实, 等级: (10 * (甲 <= 3 and 属实) + 20 * (not 属实) + 30 * (甲 >= 2))),
    ("{keep: first, by: 甲, rows: [[..3, 10], ['2..5', 20]], otherwise: 30}",
     lambda 甲, 属实, 等级: 10 if 甲 <= 3 else 20 if 甲 <= 5 else 30),
    ("{keep: highest, rows: [{when: 属实, then: 甲}, {when: 等级 = 一级, then: 3}], otherwise: -1}",
     lambda 甲, 属实, 等级: max([甲] * 属实 + [3] * (等级 == 0), default=-1)),
    ("{keep: all, rows: [{when: 属实, then: 甲 - 3}, {when: 甲 > 1, then: 1.5}], otherwise: 100}",
     lambda 甲, 属实, 等级: sum(taken) if (taken := [甲 - 3] * 属实 + [Fraction(3, 2)] * (甲 > 1)) else 100),
    ("{keep: first, by: 等级, rows: [[[一级, 二级], 1], {when: 属实, then: 2}, [任意, 3]], otherwise: 0}",
     lambda 甲, 属实, 等级: 1 if 等级 < 2 else 2 if 属实 else 3),
    ("{keep: all, by: 等级, rows: [[[一级, 二级], 1], {when: 属实, then: 2}, [任意, 3]], otherwise: 0}",
     lambda 甲, 属实, 等级: (等级 < 2) + 2 * 属实 + 3),
]  # fmt: skip


@pytest.mark.parametrize(("value", "oracle"), KEPT, ids=[text for text, _ in KEPT])
def test_a_table_keeps_what_it_says_of_the_rows_that_fit(value: str, oracle: Any) -> None:
    here = made(value)
    expr = table(here)
    found = set()
    for values in product(range(7), [False, True], [0, 1, 2]):
        given_ = dict(zip(("甲", "属实", "等级"), values, strict=True))
        number = exact(expr, here.evaluated(expr, given_ | {"钱": 0, "某日": 17897}))
        assert number == oracle(**given_), given_
        found.add(number)
    low, high = ends(expr)
    assert low <= min(found) and max(found) <= high


def test_what_is_kept_of_rows_that_may_fit_is_just_what_can_be() -> None:
    here = made("{keep: highest, rows: [{when: 属实, then: 2}, {when: 甲 > 3, then: 5}], otherwise: 1}")
    expr = table(here)
    assert here.evaluated(expr, {"甲": (0, 3)}) == (1, 2)
    assert here.evaluated(expr, {"甲": (0, 6), "属实": True}) == (2, 5)
    assert here.evaluated(expr, {"甲": (4, 6)}) == (5, 5)
    other = made("{keep: all, by: 甲, rows: [[..3, 10], ['2..', 20]], otherwise: 99}")
    # what is otherwise counts only where it can be reached
    assert other.evaluated(table(other), {}) == (10, 30)
    latest = made("{keep: highest, by: 甲, rows: [[..3, 某日], ['2..', 2019-01-03]]}")
    assert latest.evaluated(table(latest), {"甲": 3, "某日": (17897, 17900)}) == (17899, 17900)


@settings(deadline=None)
@given(st.data(), st.integers(1, 3))
def test_gaps_between_rows_that_overlap_are_those_of_every_single_point(data: st.DataObject, columns: int) -> None:
    domains = [data.draw(st.sampled_from([(0, 5), (0, 1), (2, 4), (0, 0)])) for _ in range(columns)]
    rows = data.draw(st.lists(st.tuples(*[regions] * columns), max_size=12))
    found = gaps_of(domains, rows)
    assert found is not None
    space = set(product(*(range(low, high + 1) for low, high in domains)))
    assert points(found) == space - set().union(*(allowed(domains, row) for row in rows))


def test_a_table_of_which_the_row_is_not_known_gives_what_either_gives() -> None:
    here = made("{by: 甲, rows: [[..2, 10], [3, 20], [4.., 40]]}")
    expr = table(here)
    assert here.evaluated(expr, {"甲": (2, 3)}) == (10, 20)
    assert here.evaluated(expr, {"甲": (4, 6)}) == (40, 40)
    assert here.evaluated(expr, {}) == (10, 40)
    other = made("{by: 甲, rows: [[..2, 10], [3, 20]], otherwise: 40}")
    # what is otherwise counts only where it can be reached
    assert other.evaluated(table(other), {"甲": (2, 3)}) == (10, 20)
    assert other.evaluated(table(other), {"甲": (3, 5)}) == (20, 40)


def test_a_table_with_more_gaps_than_are_tested_one_by_one() -> None:
    """Above 64 gaps the rest is not tested any more; the values are the same."""
    facts = "".join(
        f"- {{name: {name}, label: {label}, for: household, type: number, range: 0..{high}}}\n"
        for name, label, high in (("x", "横", 70), ("y", "纵", 70))
    )
    rows = "".join(f", [{at}, {at}, {at + 1}]" for at in range(2, 62, 2))
    term = "kind: terms\nterms:\n- name: table\n  label: 表\n  for: household\n"
    term += f"  value: {{by: [横, 纵], rows: [[0, 0, 1]{rows}], otherwise: 99}}\n"
    here = world(facts, more={"terms.yaml": term})
    expr = table(here)
    assert isinstance(expr, Cases) and len(expr.branches) == 31 and not isinstance(expr.otherwise, Never)
    for x, beside in product(range(71), range(-1, 2)):
        y = min(70, max(0, x + beside))
        wanted = x + 1 if x == y and x % 2 == 0 and x < 62 else 99
        assert exact(expr, here.evaluated(expr, {"横": x, "纵": y})) == wanted, (x, y)


@pytest.mark.parametrize(("gaps", "tested"), [(64, True), (65, False)])
def test_up_to_sixty_four_gaps_are_tested_one_by_one(gaps: int, tested: bool) -> None:
    """Where they are, the rest counts only where it can be reached."""
    facts = f"- {{name: x, label: 横, for: household, type: number, range: 0..{2 * gaps}}}\n"
    rows = ", ".join(f"[{at}, {at}]" for at in range(0, 2 * gaps + 1, 2))
    term = "kind: terms\nterms:\n- name: table\n  label: 表\n  for: household\n"
    term += f"  value: {{by: [横], rows: [{rows}], otherwise: 999}}\n"
    here = world(facts, more={"terms.yaml": term})
    expr = table(here)
    assert isinstance(expr, Cases) and isinstance(expr.otherwise, Never) is tested
    assert len(expr.branches) == gaps + 1 + (gaps if tested else 0)
    assert [exact(expr, here.evaluated(expr, {"横": x})) for x in (0, 1, 2)] == [0, 999, 2]


def test_a_table_of_codes() -> None:
    term = (
        "kind: terms\nterms:\n- name: table\n  label: 表\n  for: household\n  type: code\n  codes: grade\n"
        "  value: {by: 甲, rows: [[..2, 一级], [3.., 三级]]}\n"
    )
    here = world(FACTS, more={"lists.yaml": LISTS, "terms.yaml": term})
    expr = table(here)
    assert [here.evaluated(expr, {"甲": n}) for n in range(7)] == [1, 1, 1, 4, 4, 4, 4]


# -- slices -----------------------------------------------------------------------------------------------------------

SLICES: list[tuple[str, list[tuple[Fraction, Fraction | None, Fraction]], Fraction | None]] = [
    ("rows: [[0元..0.5元, 10%], [0.5元.., 20%]]",
     [(Fraction(0), Fraction(1, 2), Fraction(1, 10)), (Fraction(1, 2), None, Fraction(1, 5))], None),
    ("rows: [[..0.3元, 0], [0.3元..1元, 50%], [1元.., 100%]]",
     [(Fraction(0), Fraction(3, 10), Fraction(0)), (Fraction(3, 10), Fraction(1), Fraction(1, 2)),
      (Fraction(1), None, Fraction(1))], None),
    ("rows: [[0元..1.5元, 33%]], rounding: 四舍五入到 分",
     [(Fraction(0), Fraction(3, 2), Fraction(33, 100))], Fraction(1, 100)),
    ("rows: [[0元.., 3]], rounding: 四舍五入到 元", [(Fraction(0), None, Fraction(3))], Fraction(1)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "parts", "step"), SLICES, ids=[text for text, *_ in SLICES])
def test_slices_add_up(
    text: str, parts: list[tuple[Fraction, Fraction | None, Fraction]], step: Fraction | None
) -> None:
    here = made(f"{{slices: {{of: '较大(钱, 0)', {text}}}}}")
    expr = table(here)
    found = set()
    for amount in FACT_VALUES["钱"]:
        base = max(Fraction(0), amount)
        total = sum((max(min(base, base if high is None else high) - low, 0) * rate for low, high, rate in parts), 0)
        if step is not None:
            total = (total / step + Fraction(1, 2)).__floor__() * step
        value = exact(expr, here.evaluated(expr, {"钱": amount}))
        assert value == total, amount
        found.add(value)
    low, high = ends(expr)
    assert low <= min(found) and max(found) <= high


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("[[0元..0.5元, 1], [0.5元.., 1]]", []),
        ("[[0元..0.5元, 1], [0.6元.., 1]]", ["R309"]),
        ("[[0元..0.5元, 1], [0.4元.., 1]]", ["R309"]),
        ("[[0元..0.5元, 1]]", ["R303"]),
        ("[[0元..1.4元, 1]]", ["R303"]),
        ("[[0元..1.5元, 1]]", []),
        ("[[0.1元.., 1]]", ["R309"]),
        ("[[0元.., 1], [0.5元.., 1]]", ["R309"]),
        ("[[-1元.., 1]]", []),
    ],
)
def test_slices_must_meet(rows: str, said: list[str]) -> None:
    try:
        made(f"{{slices: {{of: '较大(钱, 0)', rows: {rows}}}}}")
        found = []
    except (RulesetError, AssertionError) as error:
        found = ["R309" if "do not meet" in str(error) else "R303"]
    assert found == said
