"""What can be wrong with an overlay, or with the folder that it extends."""

from __future__ import annotations

from pathlib import Path

import pytest
from overlay_folders import LESSON, checked, entries_of, overlay, told, write

from fupin_policy import load
from fupin_policy.diagnostics import RulesetError


class TestMistakes:
    """What an overlay can do wrongly is said at the line that does it."""

    def test_the_same_id_is_a_replacement_only_where_it_says_so(self, tmp_path: Path) -> None:
        text = "terms: [{name: age, label: 年龄, for: member, value: 满月数(出生日期)}]"
        assert told(overlay(tmp_path / "o", LESSON, terms=text)) == [("Y133", "age", None)]

    @pytest.mark.parametrize("mark", ["remove", "replace"])
    def test_a_mark_is_on_or_off(self, tmp_path: Path, mark: str) -> None:
        rest = ", label: 年龄, for: member, value: 满月数(出生日期)" if mark == "replace" else ""
        text = f"terms: [{{name: age{rest}, {mark}: 要}}]"
        assert told(overlay(tmp_path / "o", LESSON, terms=text))[0] == ("Y203", "要", None)

    def test_a_name_alone_changes_nothing(self, tmp_path: Path) -> None:
        assert told(overlay(tmp_path / "o", LESSON, terms="terms: [{name: age}]")) == [("Y133", "age", None)]

    @pytest.mark.parametrize("mark", ["remove", "replace"])
    def test_what_is_not_there_is_neither_removed_nor_replaced(self, tmp_path: Path, mark: str) -> None:
        rest = ", label: 重残, for: member, value: 是" if mark == "replace" else ""
        text = f"terms: [{{name: severely_disable, {mark}: true{rest}}}]"
        _, found = checked(overlay(tmp_path / "o", LESSON, terms=text))
        assert [(one.code, one.suggestion) for one in found] == [("Y132", "severely_disabled")]

    def test_a_ruleset_that_extends_none_replaces_nothing(self, tmp_path: Path) -> None:
        head, whole = entries_of(LESSON)
        terms = [{**term, "replace": True} for term in whole["terms"]]
        folder = write(tmp_path / "o", head, {**whole, "terms": terms})
        assert [code for code, *_ in told(folder)] == ["Y132", "Y132"]

    def test_what_is_removed_says_nothing_else(self, tmp_path: Path) -> None:
        text = "policies: [{id: health.medical_aid, remove: true, for: household}]"
        assert told(overlay(tmp_path / "o", LESSON, policies=text)) == [("Y134", "health.medical_aid", None)]

    @pytest.mark.parametrize("second", ["values", "replace", "remove"])
    @pytest.mark.parametrize("first", ["values", "replace"])
    def test_an_entry_is_changed_once_in_one_ruleset(self, tmp_path: Path, first: str, second: str) -> None:
        days = "values: [{valid: 2020-01-01.., value: 90, status: example, source: lesson-figures}]"
        said = {
            "values": days,
            "replace": f"replace: true, label: 津贴_60至79岁, unit: 元, range: 0..900, {days}",
            "remove": "remove: true",
        }
        folder = overlay(tmp_path / "o", LESSON, parameters=f"parameters: [{{name: old_age_60, {said[first]}}}]")
        more = f"kind: parameters\nparameters: [{{name: old_age_60, {said[second]}}}]"
        (folder / "second.yaml").write_text(more, encoding="utf-8")
        assert [(code, text) for code, text, _ in told(folder)] == [("Y135", "old_age_60")]
        # each of two rulesets, one over the other, may change it
        (folder / "second.yaml").unlink()
        above = overlay(tmp_path / "above", folder)
        (above / "second.yaml").write_text(more, encoding="utf-8")
        assert "Y135" not in [code for code, *_ in told(above)]

    def test_what_is_used_elsewhere_and_removed_is_missed_at_its_use(self, tmp_path: Path) -> None:
        folder = overlay(tmp_path / "o", LESSON, terms="terms: [{name: severely_disabled, remove: true}]")
        assert told(folder) == [("N101", "重度残疾", "severely_disabled")]
        _, (found,) = checked(folder)
        assert "lesson/policies.yaml:47" in found.place and found.as_json()["cause"] == f"{folder}/terms.yaml:2:16"
        assert f"起因 / cause: {folder}/terms.yaml:2:16: terms: [{{name: severely_disabled" in str(
            RulesetError([found])
        )

    def test_what_is_replaced_by_another_type_is_wrong_at_its_use(self, tmp_path: Path) -> None:
        text = "facts: [{name: medical_cost, label: 医疗费用, for: household, type: truth, replace: true}]"
        (found,) = told(overlay(tmp_path / "o", LESSON, facts=text))
        assert found[2] == "medical_cost"

    def test_a_fault_of_the_overlay_itself_has_no_cause(self, tmp_path: Path) -> None:
        text = "terms: [{name: age, label: 年龄, for: member, value: 岁数, replace: true}]"
        assert [(code, cause) for code, _, cause in told(overlay(tmp_path / "o", LESSON, terms=text))] == [
            ("N101", None)
        ]

    def test_values_that_overlap_within_the_overlay_are_reported(self, tmp_path: Path) -> None:
        days = "{valid: 2019-01-01.., value: 90, status: example, source: lesson-figures}"
        text = f"parameters: [{{name: old_age_60, values: [{days}, {days}]}}]"
        assert [code for code, *_ in told(overlay(tmp_path / "o", LESSON, parameters=text))] == ["D101"]


class TestBases:
    """The folder that is extended."""

    @pytest.mark.parametrize("base", ["../nowhere", "ruleset.yaml", "postgresql://host/db", '"a\\0b"', "x" * 5000])
    def test_what_is_no_folder(self, tmp_path: Path, base: str) -> None:
        ((code, _, _),) = told(overlay(tmp_path / "o", base))
        assert code == "Y128"

    def test_a_folder_without_rules(self, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        assert told(overlay(tmp_path / "o", "../empty")) == [("Y128", "../empty", None)]

    def test_circles(self, tmp_path: Path) -> None:
        overlay(tmp_path / "one", "../two")
        overlay(tmp_path / "two", "../three")
        overlay(tmp_path / "three", "../one")
        assert [code for code, *_ in told(tmp_path / "one")] == ["Y129"]
        assert [code for code, *_ in told(overlay(tmp_path / "own", "."))] == ["Y129"]

    def test_circles_through_links(self, tmp_path: Path) -> None:
        overlay(tmp_path / "one", "../link")
        (tmp_path / "link").symlink_to(tmp_path / "one")
        assert [code for code, *_ in told(tmp_path / "one")] == ["Y129"]
        assert [code for code, *_ in told(tmp_path / "link")] == ["Y129"]
        (tmp_path / "self").symlink_to(tmp_path / "self")
        assert [code for code, *_ in told(overlay(tmp_path / "two", "../self"))] == ["Y128"]

    def test_one_within_the_other(self, tmp_path: Path) -> None:
        outer = overlay(tmp_path / "outer", "inner")
        overlay(outer / "inner", LESSON)
        assert [code for code, *_ in told(outer)] == ["Y130"]
        assert [code for code, *_ in told(overlay(tmp_path / "base" / "over", ".."))] == ["Y130"]

    def test_eight_levels_and_no_more(self, tmp_path: Path) -> None:
        below: Path | str = LESSON
        for number in range(9):
            overlay(tmp_path / str(number), below)
            below = f"../{number}"
        assert told(tmp_path / "7") == []
        assert [code for code, *_ in told(tmp_path / "8")] == ["Y131"]

    def test_the_base_has_its_own_faults(self, tmp_path: Path) -> None:
        base = overlay(tmp_path / "base", LESSON, terms="terms: [{name: age}]")
        assert told(overlay(tmp_path / "o", "../base")) == told(base)

    def test_the_one_that_comes_with_the_package(self, tmp_path: Path) -> None:
        folder = overlay(tmp_path / "o", "随附")
        assert len(load(folder, cache=False).policies) == len(load().policies)
        assert load(folder, cache=False).id == "county"
