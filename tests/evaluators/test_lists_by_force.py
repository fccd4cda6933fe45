"""Lists by brute force: what is answered of a list that is known in part contains what every such list gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations_with_replacement, product
from typing import Any, cast

import of_lists
import pytest
from checked_ruleset import BASE, policy, written
from hypothesis import given, settings
from hypothesis import strategies as st

from fupin_policy import Ruleset, load
from fupin_policy.core import possible
from fupin_policy.core.days import to_day
from fupin_policy.core.identifiers import InputId
from fupin_policy.core.traces import Findings
from fupin_policy.evaluators import affine
from fupin_policy.evaluators.affine_bounds import AffineBound
from fupin_policy.evaluators.affine_bounds import known as constant_of
from fupin_policy.testing import completions, households

DAY = "2019-06-01"
WHEN = to_day(of_lists.LAST)
FACTS = (
    BASE["facts.yaml"]
    + """\
  - {name: ready, label: 已备, for: things, type: truth}
  - {name: size, label: 大小, for: things, type: number, range: -1..1}
  - {name: limit, label: 限额, for: household, type: number, range: 0..1}
lists:
  - {name: things, label: 东西, of: household, most: 2}
"""
)
VALUES = {
    "some": "有(东西：已备)",
    "every": "非 有(东西：非 已备)",
    "count": "个数(东西：大小 >= 限额)",
    "total": "合计(东西：大小, 已备)",
    "least": "最小(东西：大小, 已备 否则 限额)",
    "greatest": "最大(东西：大小 × 2 否则 -2)",
    "pairs": "合计(东西：个数(东西：大小 < 本项.大小))",
    "seconds": "个数(东西：有(东西：本项.已备 且 非 已备))",
    "terms": "合计(东西：以前)",
}
BEFORE = "合计(东西：大小, 大小 < 本项.大小)"
TERMS = f"kind: terms\nterms:\n  - {{name: before, label: 以前, for: things, value: '{BEFORE}'}}\n" + "".join(
    f"  - {{name: {name}, label: 值{name}, for: household, output: true, value: '{value}'}}\n"
    for name, value in VALUES.items()
)

COSTS = st.tuples(st.integers(0, 900_000), st.dates(date(1950, 1, 1), of_lists.LAST))
TRUTHS: Sequence[Any] = (True, False, None)
SIZES: Sequence[Any] = (-1, 0, 1, None, {"min": 0})
ITEMS = st.fixed_dictionaries({"ready": st.sampled_from(TRUTHS), "size": st.sampled_from(SIZES)})
Item = Mapping[str, Any]


@pytest.fixture(scope="module")
def things(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    folder = tmp_path_factory.mktemp("things")
    return load(written(folder, TERMS, policy("值some"), facts=FACTS), cache=False)


def found(ruleset: Ruleset, listed: Any, limit: Any = 0) -> Findings:
    household = {"id": "h", "members": [{"id": "m"}], "限额": limit, "东西": listed}
    read, day = ruleset.read(household, DAY)
    return ruleset.findings(read, day)


def exact_items() -> list[Item]:
    return [{"ready": ready, "size": size} for ready, size in product((True, False), (-1, 0, 1))]


def exact_of(item: Item) -> list[Item]:
    """The exact items that a known one may be."""
    sizes = [0, 1] if item["size"] == {"min": 0} else [-1, 0, 1] if item["size"] is None else [item["size"]]
    truths = [True, False] if item["ready"] is None else [item["ready"]]
    return [{"ready": ready, "size": size} for ready, size in product(truths, sizes)]


def lists_within(listed: Any) -> Iterator[list[Item]]:
    """Every list of exact items that something given of a list allows."""
    known = listed["at_least"] if isinstance(listed, dict) else listed or []
    further = 0 if isinstance(listed, list) else 2 - len(known)
    others = [some for count in range(further + 1) for some in combinations_with_replacement(exact_items(), count)]
    for own in product(*map(exact_of, known)):
        for some in others:
            yield [*own, *some]


def holds_within(ruleset: Ruleset, listed: Any) -> None:
    types = [one.type for one in ruleset.program.further]
    for limit in (None, 0, 1):
        wide = found(ruleset, listed, limit)
        for one, bound in product(lists_within(listed), (0, 1) if limit is None else (limit,)):
            narrow = found(ruleset, one, bound)
            assert wide.outcomes[0][0] in (possible.UNKNOWN, narrow.outcomes[0][0])
            for type_, (value,), (bounds,) in zip(types, narrow.further, wide.further, strict=True):
                assert possible.leq(type_, value, bounds), (listed, one, type_)
                assert possible.is_singleton(type_, value)


@pytest.mark.parametrize("listed", [None, {"at_least": []}, []])
def test_a_list_of_which_nothing_is_known_contains_every_list(things: Ruleset, listed: Any) -> None:
    holds_within(things, listed)


@settings(max_examples=25, deadline=None)
@given(
    items=st.lists(
        st.fixed_dictionaries({"ready": st.sampled_from(TRUTHS), "size": st.sampled_from(SIZES)}), max_size=2
    )
)
def test_what_is_known_in_part_contains_what_it_may_be(things: Ruleset, items: list[Item]) -> None:
    holds_within(things, items)
    holds_within(things, {"at_least": items})


@settings(max_examples=40, deadline=None)
@given(items=st.lists(st.sampled_from(exact_items()), max_size=2))
def test_exact_lists_are_what_python_makes_of_them_in_any_order(things: Ruleset, items: list[Item]) -> None:
    sizes, ready = [one["size"] for one in items], [one["size"] for one in items if one["ready"]]
    kept = [one["ready"] for one in items]
    smaller = [sum(1 for size in sizes if size < own) for own in sizes]
    expected = {
        "some": any(kept),
        "every": all(kept),
        "count": sum(size >= 0 for size in sizes),
        "total": sum(ready),
        "least": min(ready, default=0),
        "greatest": max((2 * size for size in sizes), default=-2),
        "pairs": sum(smaller),
        "seconds": 0 if all(kept) else sum(kept),
        "terms": sum(size for own in sizes for size in sizes if size < own),
    }
    names = [one.id for one in things.program.further]
    both = [found(things, given).further for given in (items, items[::-1])]
    assert both[0] == both[1]
    for name, (value,) in zip(names, both[0], strict=True):
        told = value == possible.TRUE if isinstance(value, int) else value[0]
        assert told == expected[name], name


def test_not_given_is_any_number_and_never_asked_whether_it_is_known(things: Ruleset) -> None:
    values = dict(zip([one.id for one in things.program.further], found(things, None).further, strict=True))
    assert values["some"] == (possible.UNKNOWN,)
    assert values["count"] == ((0, 2),)


@settings(max_examples=60, deadline=None)
@given(costs=st.lists(COSTS, max_size=4, unique_by=lambda one: one[1]))
def test_what_is_paid_up_to_a_cap_adds_up_to_the_capped_sum(listy: Ruleset, costs: list[tuple[int, Any]]) -> None:
    """Σ 实付 = 较小(封顶, Σ 额), where no two bills have the same place in the order."""
    bills = [of_lists.bill(f"{cost / 100:.2f}", day.isoformat()) for cost, day in costs]
    household = {"id": "h", "members": [{"id": "m", "bills": bills}], "赡养人": []}
    (paid,) = [one for one in listy.evaluate(household, DAY).figures if one.figure.name == "all_paid"]
    most = min(500_000, sum(cost for cost, _ in costs))
    assert paid.values[0].value == (most, most)


@pytest.fixture(scope="module")
def listy(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return of_lists.rules(tmp_path_factory.mktemp("listy"))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_drawn_households_complete_within_what_is_answered(listy: Ruleset, data: st.DataObject) -> None:
    """Sound, over what `testing` draws: lists known in part with items known in part, and lists within lists."""
    household = data.draw(households(listy, of_lists.LAST))
    whole = data.draw(completions(listy, household, of_lists.LAST))
    types = [one.type for one in listy.program.further]
    wide, narrow = (listy.findings(listy.read(one, DAY)[0], WHEN) for one in (household, whole))
    assert wide.outcomes[0][0] in (possible.UNKNOWN, narrow.outcomes[0][0])
    for type_, bounds, values in zip(types, wide.further, narrow.further, strict=True):
        assert all(possible.leq(type_, one, other) for one, other in zip(values, bounds, strict=True))


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_suppositions_and_affine_bounds_are_the_interpreters(listy: Ruleset, data: st.DataObject) -> None:
    read, day = listy.read(data.draw(households(listy, of_lists.LAST)), DAY)
    found, sheet = listy.findings(read, day), listy.worksheet(read, day)
    further = [one.definition for one in listy.program.further]
    assert tuple(sheet.values(name) for name in further) == found.further
    snapshot = listy.snapshot(DAY)
    scope = affine.scope_of(listy.program, read, day, affine.Running(InputId("income"), None), {})
    bounds = affine.run(scope, snapshot.definitions, (0, 0)).defined
    for name, values in zip(further, found.further, strict=True):
        for pair, value in zip(bounds[name], values, strict=True):
            assert (
                pair[0] if isinstance(value, int) else tuple(constant_of(cast(AffineBound, end)) for end in pair)
            ) == value
