"""A ruleset that extends another, against the one whole folder that both mean together."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from fupin_policy import load
from fupin_policy.analysis.audit import append, verify
from fupin_policy.analysis.examples import of_base, run_examples
from fupin_policy.check.formatter import format_folder
from fupin_policy.cli.main import main as fupin
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import Diagnostic, Reporter, RulesetError
from fupin_policy.documents.reader import read_node, to_python
from fupin_policy.evaluators.wasm import compile_program
from fupin_policy.reports.site.site import pages
from fupin_policy.ruleset import check_folder

LESSON = Path(__file__).parents[2] / "docs" / "examples" / "lesson"
HEAD = "kind: ruleset\nid: county\ntitle: {{zh: 某县, en: County}}\nextends: {}\n"
LISTS = ("code_lists", "facts", "terms", "parameters", "departments", "places", "sources", "policies")
DATED = {"parameters": "values", "policies": "versions"}

Entries = dict[str, list[dict[str, Any]]]


def entries_of(folder: Path) -> tuple[dict[str, Any], Entries]:
    """What a folder says, as plain values: the ruleset itself, and the entries of each list."""
    head: dict[str, Any] = {}
    found: Entries = {}
    for path in sorted(folder.glob("*.yaml")):
        node = read_node(str(path), path.read_bytes(), Reporter())
        assert node is not None
        said = to_python(node)
        if said["kind"] == "ruleset":
            head = said
        else:
            found.update({key: value for key, value in said.items() if isinstance(value, list)})
    return head, found


def write(folder: Path, head: dict[str, Any], entries: Entries) -> Path:
    folder.mkdir(parents=True)
    kinds = {"code_lists": "facts"}
    (folder / "ruleset.yaml").write_text(_yaml(head), encoding="utf-8")
    for key, some in entries.items():
        if some:
            said = {"kind": kinds.get(key, key), key: some}
            (folder / f"{key}.yaml").write_text(_yaml(said), encoding="utf-8")
    return folder


def _yaml(value: object) -> str:
    """A value as YAML, where it stands twice, too."""
    text: str = yaml.safe_dump(deepcopied(value), allow_unicode=True, sort_keys=False)
    return text


def deepcopied(value: object) -> object:
    match value:
        case dict():
            return {key: deepcopied(one) for key, one in value.items()}
        case list():
            return [deepcopied(one) for one in value]
        case _:
            return value


def overlay(folder: Path, base: Path | str, **files: str) -> Path:
    """A folder that extends another; `policies="…"` is a file."""
    folder.mkdir(parents=True)
    (folder / "ruleset.yaml").write_text(HEAD.format(base), encoding="utf-8")
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(f"kind: {name}\n{text}", encoding="utf-8")
    return folder


def checked(folder: Path) -> tuple[Program | None, list[Diagnostic]]:
    reporter = Reporter()
    try:
        return check_folder(folder, reporter), list(reporter.diagnostics)
    except RulesetError as error:
        return None, list(error.diagnostics)


def told(folder: Path) -> list[tuple[str, str, str | None]]:
    """Each problem: its code, the text at fault, its cause."""
    _, found = checked(folder)
    return [
        (one.code, "" if one.span is None else one.span.text, None if one.cause is None else one.cause.text)
        for one in found
    ]


def name(entry: dict[str, Any]) -> str:
    found = entry.get("id") or entry["name"]
    assert isinstance(found, str)
    return found


def named(entry: dict[str, Any], **rest: Any) -> dict[str, Any]:
    key = "id" if "id" in entry else "name"
    return {key: entry[key], **rest}


@st.composite
def parted(draw: st.DrawFn) -> tuple[Entries, Entries, Entries]:
    """A base and an overlay that mean the lesson's rules, and the whole of these, in any order."""
    _, whole = entries_of(LESSON)
    base: Entries = {key: [] for key in LISTS}
    over: Entries = {key: [] for key in LISTS}
    for key in LISTS:
        for entry in draw(st.permutations(whole[key])):
            match draw(st.sampled_from(["base", "over", "replaced", "dated"])):
                case "over":
                    over[key].append(entry)
                case "replaced":
                    base[key].append(draw(st.sampled_from([entry, named(entry), {**named(entry), "note": "旧"}])))
                    over[key].append({**entry, "replace": True})
                case "dated" if key in DATED:
                    earlier, later = _in_time(draw, entry[DATED[key]])
                    base[key].append({**entry, DATED[key]: earlier})
                    over[key].append(named(entry, **{DATED[key]: later}))
                case _:
                    base[key].append(entry)
        if draw(st.booleans()):
            gone = {**draw(st.sampled_from(whole[key])), "label": "旧的"}
            key_of = "id" if "id" in gone else "name"
            base[key].append({**gone, key_of: "gone"})
            over[key].append({key_of: "gone", "remove": True})
    return base, over, whole


def _in_time(draw: st.DrawFn, dated: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Dated entries of a base and of an overlay that mean these: on the overlay's days the base says otherwise."""
    number = draw(st.integers(0, len(dated) - 1))
    chosen, rest = dated[number], dated[:number] + dated[number + 1 :]
    stale = {**chosen, "value": 1} if "value" in chosen else {**chosen, "when": "享受低保"}
    if number and draw(st.booleans()):
        start, end = dated[number - 1]["valid"].split("..")[0], chosen["valid"].split("..")[1]
        rest[number - 1] = {**rest[number - 1], "valid": f"{start}..{end}"}
        return rest, [chosen]
    return [*rest, stale], [chosen]


@settings(max_examples=25, deadline=None)
@given(parted())
def test_base_and_overlay_are_the_whole_folder(
    tmp_path_factory: pytest.TempPathFactory, parts: tuple[Entries, Entries, Entries]
) -> None:
    base, over, whole = parts
    head, _ = entries_of(LESSON)
    folder = tmp_path_factory.mktemp("law")
    write(folder / "base", {**head, "id": "below", "covers": "2018-01-01..2019-01-01"}, base)
    top = {"kind": "ruleset", "id": "lesson", "title": head["title"], "covers": head["covers"], "extends": "../base"}
    extended, found = checked(write(folder / "over", top, over))
    one, reported = checked(write(folder / "whole", head, whole))
    assert (extended is None, one is None) == (False, False), [*found, *reported]
    assert extended is not None and one is not None
    assert extended.digest == one.digest
    assert extended == one
    assert compile_program(extended) == compile_program(one)


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


RAISED = """parameters:
  - name: old_age_60
    values: [{valid: 2020-01-01..2020-06-30, value: 100, status: example, source: lesson-figures}]
"""
HOUSEHOLD = {"id": "h", "享受低保": "是", "乡镇": "东河镇", "members": [{"id": "m1", "出生日期": "1955-01-01"}]}


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


class TestCodes:
    """Values of a parameter that is looked up by a code: for its codes an overlay's value stands alone."""

    def base(self, folder: Path, values: str) -> Path:
        head, whole = entries_of(LESSON)
        whole["parameters"][0] |= {"by": "乡镇", "values": yaml.safe_load(values)}
        return write(folder, {**head, "id": "county"}, whole)

    def value(self, valid: str, codes: str, source: str = "lesson-figures") -> str:
        return f"{{valid: '{valid}', value: {{{codes}}}, status: example, source: {source}}}"

    def test_the_other_codes_keep_the_base_s_value(self, tmp_path: Path) -> None:
        self.base(tmp_path / "base", f"[{self.value('2019-01-01..', '东河镇: 80, 西山镇: 90')}]")
        more = self.value("2020-01-01..2020-06-30", "东河镇: 120", "lesson-1")
        text = f"parameters: [{{name: old_age_60, values: [{more}]}}]"
        over = overlay(tmp_path / "o", "../base", parameters=text)
        program, found = checked(over)
        assert found == [] and program is not None
        ruleset = load(over, cache=False)

        def told(town: str, day: str) -> tuple[str, str]:
            (one,) = ruleset.explain({**HOUSEHOLD, "乡镇": town}, day, "elderly.old_age_allowance")
            (use,) = one.parameters
            return use.value.zh, use.source

        assert ruleset.evaluate(HOUSEHOLD, "2020-06-30") == ruleset.interpret(HOUSEHOLD, "2020-06-30")
        assert told("东河镇", "2020-06-30") == ("120.00 元", "lesson-1")
        assert told("西山镇", "2020-06-30") == ("90.00 元", "lesson-figures")
        assert told("东河镇", "2020-07-01") == ("80.00 元", "lesson-figures")
        whole = [
            self.value("2019-01-01..2019-12-31", "东河镇: 80, 西山镇: 90"),
            self.value("2020-01-01..2020-06-30", "西山镇: 90"),
            more,
            self.value("2020-07-01..", "东河镇: 80, 西山镇: 90"),
        ]
        one = load(self.base(tmp_path / "whole", f"[{', '.join(whole)}]"), cache=False)
        assert one.program.parameters == ruleset.program.parameters

    def test_two_values_for_one_code_on_one_day(self, tmp_path: Path) -> None:
        values = [self.value("2019-01-01..", "东河镇: 80, 西山镇: 90"), self.value("2020-01-01..", "east: 1")]
        assert [code for code, *_ in told(self.base(tmp_path / "base", f"[{', '.join(values)}]"))] == ["D101"]

    def test_a_code_that_no_value_of_those_days_has(self, tmp_path: Path) -> None:
        early, late = self.value("2019-01-01..", "东河镇: 80"), self.value("2020-01-01..", "西山镇: 1")
        assert [code for code, *_ in told(self.base(tmp_path / "one", f"[{early}]"))] == ["N129"]
        assert [code for code, *_ in told(self.base(tmp_path / "two", f"[{early}, {late}]"))] == ["N129"]
        both = f"[{early}, {late.replace('2020', '2019')}]"
        assert told(self.base(tmp_path / "three", both)) == []
