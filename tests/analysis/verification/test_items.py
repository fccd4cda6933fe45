"""Of rules about lists the solver finds what looking at every household finds; and says how far it looked."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations_with_replacement, product
from pathlib import Path
from typing import Any

import of_lists
import pytest
from checked_ruleset import BASE, policy, written
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fupin_policy import Ruleset, load
from fupin_policy.analysis.verification.differences import differences
from fupin_policy.analysis.verification.findings import Finding, ListBound
from fupin_policy.analysis.verification.prove import prove
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.decision import Status
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.reports.findings_text import differences_text, finding_json, finding_text

DAY = "2019-06-01"
FACTS = (
    BASE["facts.yaml"]
    + """\
  - {name: ready, label: 已备, for: things, type: truth}
  - {name: size, label: 大小, for: things, type: number, range: -1..1}
  - {name: limit, label: 限额, for: household, type: number, range: 0..1}
lists:
  - {name: things, label: 东西, of: OF, most: MOST}
"""
)
ATOMS = (
    "有(东西：已备)",
    "有(东西：已备 且 大小 > 限额)",
    "有(东西：已备 或 非 已备)",
    "个数(东西) >= 2",
    "个数(东西) >= 3",
    "个数(东西：大小 >= 限额) = 1",
    "合计(东西：大小, 已备) > 限额",
    "合计(东西：大小) > 2",
    "最小(东西：大小, 已备 否则 限额) < 0",
    "最大(东西：大小 否则 -1) >= 限额",
    "有(东西：有(东西：大小 < 本项.大小))",
    "合计(东西：个数(东西：大小 = 本项.大小)) = 2",
    "限额 = 1",
)
CONDITIONS = st.recursive(
    st.sampled_from(ATOMS),
    lambda below: st.tuples(below, st.sampled_from(("且", "或", "且 非")), below).map(" ".join).map("({})".format),
    max_leaves=3,
)
SLOW = settings(max_examples=settings().max_examples // 5, deadline=None, suppress_health_check=list(HealthCheck))


def rules(folder: Path, when: str, most: int = 2, of: str = "household") -> Ruleset:
    folder.mkdir(exist_ok=True)
    facts = FACTS.replace("OF", of).replace("MOST", str(most))
    return load(written(folder, policy(f'"{when}"'), facts=facts), cache=False)


def every_household() -> Iterator[dict[str, Any]]:
    things = [{"ready": ready, "size": size} for ready, size in product((True, False), (-1, 0, 1))]
    for limit, count in product((0, 1), (0, 1, 2)):
        for some in combinations_with_replacement(things, count):
            yield {"id": "h", "members": [{"id": "m"}], "限额": limit, "东西": list(some)}


def applies(ruleset: Ruleset, household: Any) -> bool:
    return ruleset.evaluate(household, DAY).decisions[0].status is Status.ELIGIBLE


def of_whole(found: tuple[Finding, ...]) -> list[str]:
    return [one.code for one in found if one.about == DefinitionId("when", "p") and one.code in ("V101", "V102")]


@SLOW
@given(one=CONDITIONS, other=CONDITIONS)
def test_what_always_or_never_holds_or_differs(tmp_path_factory: pytest.TempPathFactory, one: str, other: str) -> None:
    folder = tmp_path_factory.mktemp("lists")
    first, second = rules(folder / "a", one), rules(folder / "b", other)
    told = [[applies(ruleset, household) for household in every_household()] for ruleset in (first, second)]
    for ruleset, holds in zip((first, second), told, strict=True):
        expected = ["V102"] if all(holds) else [] if any(holds) else ["V101"]
        assert of_whole(prove(ruleset.program)) == expected
    found = differences(first.program, second.program)
    assert [one.verdict for one in found if one.verdict != "same"] == (["differs"] if told[0] != told[1] else [])
    for stretch in (stretch for one in found for stretch in one.stretches if stretch.verdict == "differs"):
        assert stretch.before is not None and stretch.after is not None
        assert stretch.before.household == stretch.after.household
        assert applies(first, stretch.before.household) != applies(second, stretch.before.household)


def parts_found(tmp_path: Path, when: str, most: int = 2, of: str = "household") -> list[tuple[str, str]]:
    found = prove(rules(tmp_path / "rules", when, most, of).program)
    return [(one.code, "" if one.span is None else one.span.text) for one in found]


class TestParts:
    def test_a_part_that_decides_of_no_item(self, tmp_path: Path) -> None:
        assert parts_found(tmp_path, "有(东西：已备 且 大小 > 0 且 大小 > -1)") == [("V105", "大小 > -1")]

    def test_each_part_decides_of_some_item(self, tmp_path: Path) -> None:
        assert parts_found(tmp_path, "有(东西：已备 且 大小 > 0)") == []

    def test_a_part_about_two_items(self, tmp_path: Path) -> None:
        assert parts_found(tmp_path, "有(东西：有(东西：大小 < 本项.大小 且 大小 <= 本项.大小))") == [
            ("V105", "大小 <= 本项.大小")
        ]
        assert parts_found(tmp_path, "有(东西：有(东西：大小 < 本项.大小 且 已备))") == []

    def test_a_part_about_two_members(self, tmp_path: Path) -> None:
        assert parts_found(tmp_path, "有(成员：有(成员：出生日期 < 本项.出生日期 且 出生日期 <= 本项.出生日期))") == [
            ("V105", "出生日期 <= 本项.出生日期")
        ]

    def test_items_of_members(self, tmp_path: Path) -> None:
        when = "有(成员：有(东西：已备 且 大小 > 0 且 大小 > -1))"
        assert parts_found(tmp_path, when, of="member") == [("V105", "大小 > -1")]
        assert parts_found(tmp_path, "有(成员：个数(东西) = 2 且 收入 > 0元)", of="member") == []


class TestLongLists:
    """How many items are looked at, and that nothing is said of more."""

    def test_a_list_is_looked_at_as_far_as_something_is_found(self, tmp_path: Path) -> None:
        assert parts_found(tmp_path, "个数(东西) >= 5", most=20) == []

    def test_nothing_is_proved_of_longer_lists(self, tmp_path: Path) -> None:
        (found,) = prove(rules(tmp_path / "rules", "个数(东西) >= 9", most=20).program)
        assert found.code == "V101" and found.bounded == (ListBound("things", Bilingual("东西", "things"), 8, 20),)
        assert "只看了「东西」不超过 8 项的户，可以有 20 项" in finding_text(found, "zh")
        assert "looked at up to 8 items" in finding_text(found, "en")
        assert finding_json(found)["bounded"] == [{"list": "things", "looked": 8, "most": 20}]

    def test_where_all_items_are_looked_at_nothing_is_left_out(self, tmp_path: Path) -> None:
        (found,) = prove(rules(tmp_path / "rules", "个数(东西) >= 9", most=8).program)
        assert found.code == "V101" and not found.bounded and "只看了" not in finding_text(found, "zh")

    def test_rules_that_differ_for_longer_lists(self, tmp_path: Path) -> None:
        one, other, third = (
            rules(tmp_path / name, f"个数(东西) >= {least}", most=20).program
            for name, least in (("a", 5), ("b", 6), ("c", 9))
        )
        (found,) = differences(one, other)
        assert found.verdict == "differs"
        witness = found.stretches[0].before
        assert witness is not None and len(witness.household["things"]) == 5
        tenth = rules(tmp_path / "d", "个数(东西) >= 10", most=20).program
        (found,) = differences(third, tenth)
        assert found.verdict == "same" and found.stretches[0].bounded
        said = differences_text([found], third, tenth, "zh", 3)
        assert "可以有 20 项：项数更多的没有证明" in said and "每份明细 8 项以内" in said


def test_a_list_of_another_owner_cannot_be_compared(tmp_path: Path) -> None:
    one = rules(tmp_path / "a", "有(东西：已备)").program
    other = rules(tmp_path / "b", "有(成员：有(东西：已备))", of="member").program
    assert [found.verdict for found in differences(one, other)] == ["incomparable"]


def test_bills_in_order_are_shown_as_they_can_be_given(tmp_path: Path) -> None:
    """No two bills of a household that is shown stand at one place: it could not be read."""
    one, other = tmp_path / "a", tmp_path / "b"
    when = "有(成员：有(就医记录：实付 {} 额))"
    first, second = (
        load(written(folder, of_lists.TERMS, policy(when.format(op)), facts=of_lists.FACTS), cache=False)
        for folder, op in ((one, "<"), (other, "<="))
    )
    found = {one.policy: one.verdict for one in differences(first.program, second.program)}
    assert found == {"p": "differs"}
    assert "V101" not in {one.code for one in prove(first.program)}
