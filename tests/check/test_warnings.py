"""Warnings: what `check` asks to be looked at, how it is shown, and that it does not stop the work."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from checked_ruleset import BASE, checked, policy, told, written

from fupin_policy import load
from fupin_policy.cli.main import main
from fupin_policy.diagnostics import Reporter, RulesetError, Source, Span
from fupin_policy.language import parse, show
from fupin_policy.ruleset import SHIPPED, check_folder

DOCS = Path(__file__).parents[2] / "docs" / "examples"


@pytest.mark.fault("A8")
@pytest.mark.parametrize(
    ("when", "guilty"),
    [
        ("甲 或 乙 且 丙", "乙 且 丙"),
        ("甲 且 乙 或 丙", "甲 且 乙"),
        ("(甲) 且 (乙) 或 丙", "(甲) 且 (乙)"),
        ("甲 且 (乙 或 丙 且 甲)", "丙 且 甲"),
        ("若 甲 或 乙 且 丙 则 是 否则 否", "乙 且 丙"),
        ("a or b and c", "b and c"),
        ("甲 或 (乙 且 丙)", None),
        ("（甲 且 乙） 或 丙", None),
        ("(甲 或 乙) 且 丙", None),
        ("甲 且 乙 且 丙", None),
        ("非 (甲 或 乙) 且 丙", None),
    ],
)
def test_and_beside_or_asks_for_brackets(tmp_path: Path, when: str, guilty: str | None) -> None:
    program, found = checked(tmp_path, policy(when))
    assert program is not None
    assert told(found) == ([] if guilty is None else [("T228", "more0.yaml:7:" + column(when, guilty), guilty)])


def column(when: str, guilty: str) -> str:
    """Where a part of the condition stands in the line that `policy` writes."""
    return str(policy(when).split("\n")[6].index(guilty) + 1)


@pytest.mark.fault("A8")
def test_brackets_do_not_change_the_meaning_and_fmt_keeps_them(tmp_path: Path) -> None:
    bare, _ = checked(tmp_path / "bare", policy("甲 或 乙 且 丙"))
    bracketed, found = checked(tmp_path / "bracketed", policy("甲 或 (乙 且 丙)"))
    assert bare is not None and bracketed is not None and found == []
    assert bare.definitions == bracketed.definitions
    text = "甲 或 (乙 且 丙)"
    tree = parse(Span(Source("x", text), 0, len(text)), Reporter())
    assert tree is not None
    assert show(tree, "zh") == text


@pytest.mark.fault("C12")
@pytest.mark.parametrize(
    ("name", "label", "guilty", "signs"),
    [
        ("alphа", "别的", "alphа", "а (U+0430)"),  # Cyrillic а
        ("other", "收人ニ", "收人ニ", "ニ (U+30CB)"),  # katakana ni
        ("ａlpha", "别的", "ａlpha", "ａ (U+FF41)"),
    ],
)
def test_names_that_look_alike(tmp_path: Path, name: str, label: str, guilty: str, signs: str) -> None:
    facts = BASE["facts.yaml"] + (
        "  - {name: alpha, label: 收人二, for: household, type: truth}\n"
        f"  - {{name: {name}, label: {label}, for: household, type: truth}}\n"
    )
    program, found = checked(tmp_path, facts=facts)
    assert program is not None
    assert [(one.code, one.severity, one.span and one.span.text) for one in found] == [("N127", "warning", guilty)]
    assert signs in found[0].sentence("zh") and signs in found[0].sentence("en")
    assert "facts.yaml:11" in found[0].advice("zh")


@pytest.mark.fault("C12")
def test_labels_of_codes_and_titles_that_look_alike(tmp_path: Path) -> None:
    facts = BASE["facts.yaml"].replace("code_lists:\n", "code_lists:\n  - {name: k, codes: [{code: '1', name: a1, "
            "label: A级}, {code: '2', name: b1, label: А级}]}\n")  # fmt: skip
    both = policy("甲", title="{zh: 补贴A, en: One}"), policy("甲", id_="q", title="{zh: 补贴Α, en: Two}")
    _, found = checked(tmp_path, *both, facts=facts)
    assert [(one.code, one.span and one.span.text) for one in found] == [("N127", "А级"), ("N127", "补贴Α")]


@pytest.mark.parametrize("word", ["①类", "1类", "m²", "m2", "B", "b", "日", "曰"])
def test_what_can_be_told_apart_is_not_warned_of(tmp_path: Path, word: str) -> None:
    codes = ", ".join(f"{{code: '{n}', name: n{n}, label: {one}}}" for n, one in enumerate(
        ["①类", "1类", "m²", "m2", "B", "b", "日", "曰"]))  # fmt: skip
    facts = BASE["facts.yaml"].replace("code_lists:\n", f"code_lists:\n  - {{name: k, codes: [{codes}]}}\n")
    assert word in facts
    assert checked(tmp_path, facts=facts)[1] == []


def test_check_shows_each_warning_once_and_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = written(tmp_path, policy("甲 或 乙 且 丙"))
    assert main(["check", str(folder)]) == 0
    shown = capsys.readouterr()
    assert shown.err.count("T228") == 2  # one warning, in both languages
    assert shown.err.startswith("警告 T228") and "warning T228" in shown.err
    assert shown.out.startswith("没有错误，1 处警告 / no errors, 1 warning: 小规则集 (small)")
    assert main(["check", str(folder), "--format", "json"]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    (problem,) = json.loads(shown.out)["problems"]
    assert (problem["code"], problem["severity"]) == ("T228", "warning")


def test_load_logs_warnings(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = written(tmp_path, policy("甲 或 乙 且 丙"))
    with caplog.at_level(logging.WARNING, logger="fupin_policy"):
        ruleset = load(folder, cache=False)
    assert [record.getMessage().split()[1] for record in caplog.records] == ["T228"]
    assert ruleset.id == "small"


def test_errors_come_without_warnings(tmp_path: Path) -> None:
    folder = written(tmp_path, policy("甲 或 乙 且 丁"), policy("甲 或 乙 且 丙", id_="q", title="{zh: 二, en: Two}"))
    with pytest.raises(RulesetError) as caught:
        check_folder(folder)
    assert [one.code for one in caught.value.diagnostics] == ["N101"]


@pytest.mark.fault("A8", "A17", "C12")
@pytest.mark.parametrize("folder", [SHIPPED, DOCS / "lesson"])
def test_what_is_shipped_is_free_of_warnings(folder: Path) -> None:
    reporter = Reporter()
    check_folder(folder, reporter)
    assert reporter.diagnostics == ()
