"""A ruleset that extends another, in whatever takes a ruleset: examples, records, pages, differences."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from overlay_folders import HOUSEHOLD, LESSON, entries_of, overlay, write

from fupin_policy import load
from fupin_policy.analysis.audit import append, verify
from fupin_policy.analysis.examples import of_base, run_examples
from fupin_policy.check.formatter import format_folder
from fupin_policy.cli.main import main as fupin
from fupin_policy.reports.site.site import pages

RAISED = """parameters:
  - name: old_age_60
    values: [{valid: 2020-01-01..2020-06-30, value: 100, status: example, source: lesson-figures}]
"""


class TestUse:
    """Whatever takes a ruleset takes one that extends another."""

    def test_on_the_days_of_a_value_it_stands_alone(self, tmp_path: Path) -> None:
        ruleset = load(overlay(tmp_path / "o", LESSON, parameters=RAISED), cache=False)

        def amount(day: str) -> str:
            found = ruleset.evaluate(HOUSEHOLD, day)["elderly.old_age_allowance"].amount
            assert found is not None
            return found.text(found.low)

        days = {"2019-12-31": "80.00", "2020-01-01": "100.00", "2020-06-30": "100.00", "2020-07-01": "80.00"}
        assert {day: amount(day) for day in days} == days
        assert ruleset.evaluate(HOUSEHOLD, "2020-01-01") == ruleset.interpret(HOUSEHOLD, "2020-01-01")

    def test_the_cache_sees_the_base(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        head, whole = entries_of(LESSON)
        base = write(tmp_path / "base", head, whole)
        folder = overlay(tmp_path / "o", "../base")
        before = load(folder).digest
        assert load(folder).digest == before
        text = (base / "parameters.yaml").read_text(encoding="utf-8")
        (base / "parameters.yaml").write_text(text.replace("value: 80", "value: 81"), encoding="utf-8")
        assert load(folder).digest != before

    def test_comments_and_files_count_for_nothing(self, tmp_path: Path) -> None:
        head, whole = entries_of(LESSON)
        folder = write(tmp_path / "one", head, whole)
        assert load(folder, cache=False).digest == load(LESSON, cache=False).digest
        (folder / "terms.yaml").rename(folder / "zz.yaml")
        (folder / "zz.yaml").write_text("# 说明\n" + (folder / "zz.yaml").read_text(encoding="utf-8"), encoding="utf-8")
        assert load(folder, cache=False).digest == load(LESSON, cache=False).digest

    def test_an_example_of_the_base_differs(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        text = RAISED.replace("2020-01-01..2020-06-30", "2019-01-01..")
        folder = overlay(tmp_path / "o", LESSON, parameters=text)
        failures, differ = of_base(folder, run_examples(folder)[1])
        assert failures == () and {one.code for one in differ} == {"E402"}
        assert fupin(["test", str(folder)]) == 0
        assert "与上级规则集不同" in capsys.readouterr().out
        assert fupin(["test", str(folder), "--format", "json"]) == 0
        assert len(json.loads(capsys.readouterr().out)["differs"]) == len(differ)
        # and so it does two levels up
        above = overlay(tmp_path / "above", "../o")
        assert of_base(above, run_examples(above)[1]) == ((), differ)

    def test_an_example_of_its_own_fails(self, tmp_path: Path) -> None:
        example = "{name: 错的, as_of: 2019-06-30, household: {享受低保: 是, members: [{id: m}]}, expect: ineligible}"
        text = f"policies: [{{id: health.medical_aid, examples: [{example}]}}]"
        folder = overlay(tmp_path / "o", LESSON, policies=text)
        failures, differ = of_base(folder, run_examples(folder)[1])
        assert [one.code for one in failures] == ["E402"] and differ == ()

    def test_only_its_own_files_are_formatted(self, tmp_path: Path) -> None:
        head, whole = entries_of(LESSON)
        whole["terms"][0]["value"] = "周岁数( 出生日期 )"
        base = write(tmp_path / "base", head, whole)
        text = "terms: [{name: old, label: 年老, for: member, value: 年龄>=60}]"
        folder = overlay(tmp_path / "o", "../base", terms=text)
        assert format_folder(folder, None, write=True) == [folder / "terms.yaml"]
        assert "周岁数( 出生日期 )" in (base / "terms.yaml").read_text(encoding="utf-8")

    def test_a_record_names_each_file(self, tmp_path: Path) -> None:
        folder = overlay(tmp_path / "o", LESSON, parameters=RAISED)
        ruleset = load(folder, cache=False)
        record = tmp_path / "record.jsonl"
        append(record, ruleset, [HOUSEHOLD, {**HOUSEHOLD, "id": "i"}], "2019-06-30")
        first, second = (json.loads(line) for line in record.read_text(encoding="utf-8").splitlines())
        files = {(one["below"], one["file"]) for one in first["ruleset"]["files"]}
        assert {(0, "parameters.yaml"), (0, "ruleset.yaml"), (1, "parameters.yaml")} <= files
        assert "files" not in second["ruleset"] and second["ruleset"]["digest"] == ruleset.digest
        assert verify(record, ruleset).problems == ()

    def test_pages(self, tmp_path: Path) -> None:
        found = pages(overlay(tmp_path / "o", LESSON, policies="policies: [{id: health.medical_aid, remove: true}]"))
        assert "policies/elderly.old_age_allowance.md" in found and "policies/health.medical_aid.md" not in found

    def test_what_differs_from_the_base(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        folder = overlay(tmp_path / "o", LESSON, parameters=RAISED)
        assert fupin(["diff", str(LESSON), str(folder)]) == 1
        assert "高龄津贴" in capsys.readouterr().out

    def test_a_revision_has_the_base_of_its_time(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        head, whole = entries_of(LESSON)
        base = write(tmp_path / "base", head, whole)
        folder = overlay(tmp_path / "o", "../base")
        for command in (
            ["init", "-q"],
            ["add", "."],
            ["-c", "user.name=n", "-c", "user.email=e", "commit", "-qm", "m"],
        ):
            subprocess.run(["git", "-C", str(tmp_path), *command], check=True)
        assert fupin(["diff", "HEAD", str(folder), "--ruleset", str(folder)]) == 0
        text = (base / "parameters.yaml").read_text(encoding="utf-8")
        (base / "parameters.yaml").write_text(text.replace("value: 80", "value: 81"), encoding="utf-8")
        assert fupin(["diff", "HEAD", str(folder), "--ruleset", str(folder)]) == 1
        capsys.readouterr()

    def test_a_registry_is_invented_by_the_base_s_population(self, tmp_path: Path) -> None:
        folder = overlay(tmp_path / "o", "shipped")
        assert (
            fupin(["synth", "--households", "3", "--seed", "1", "-o", str(tmp_path / "r"), "--ruleset", str(folder)])
            == 0
        )
