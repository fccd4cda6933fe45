"""`fupin check --prove` and `fupin diff`, as they are called."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from small_rulesets import policy, written

from fupin_policy.analysis.verification.differences import differences
from fupin_policy.cli.main import main
from fupin_policy.ruleset import SHIPPED, load

LESSON = Path("docs/examples/lesson")


def copied(folder: Path, before: str = "", after: str = "") -> Path:
    shutil.copytree(LESSON, folder)
    for path in folder.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(before, after) if before else text, encoding="utf-8")
    return folder


def test_a_ruleset_without_findings_is_proved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--prove", str(copied(tmp_path / "a"))]) == 0
    assert "0 处没有说明" in capsys.readouterr().out


def test_findings_are_shown_where_they_stand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = copied(tmp_path / "a", "享受低保 且 年龄 >= 80", "享受低保 且 年龄 >= 80 且 年龄 >= 70")
    assert main(["check", "--prove", str(folder)]) == 1
    shown = capsys.readouterr().err
    assert "V105" in shown and "年龄 >= 70" in shown and "例户" in shown and "policies.yaml:" in shown


def test_findings_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = copied(tmp_path / "a", "享受低保 且 年龄 >= 80", "享受低保 且 年龄 >= 80 且 年龄 >= 70")
    assert main(["check", "--prove", "--format", "json", str(folder)]) == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert finding["code"] == "V105" and not finding["explained"]
    witness = finding["witnesses"][0]
    assert load(folder, cache=False).evaluate(witness["household"], witness["as_of"]).decisions


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_difference_is_shown_with_a_household(tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str) -> None:
    before, after = copied(tmp_path / "a"), copied(tmp_path / "b", "年龄 >= 80", "年龄 >= 81")
    assert main(["diff", str(before), str(after), "--lang", lang]) == 1
    shown = capsys.readouterr().out
    assert ("结果不同" if lang == "zh" else "differs") in shown and "--as-of" in shown


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "有 1 项政策在时限内没有判定完"), ("en", "1 of the policies above were")]
)
def test_what_is_not_settled_in_time_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str, said: str
) -> None:
    before, after = copied(tmp_path / "a"), copied(tmp_path / "b", "年龄 >= 80", "年龄 >= 81")
    assert main(["diff", str(before), str(after), "--lang", lang, "--seconds", "0.000001"]) == 1
    shown = capsys.readouterr().out
    assert said in shown and not any(word in shown for word in ("已证明", "其余", "all other"))


def test_no_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, after = copied(tmp_path / "a"), copied(tmp_path / "b")
    assert main(["diff", str(before), str(after), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["differences"] == []


def test_git_revisions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def git(*arguments: str) -> None:
        person = ("-c", "user.name=t", "-c", "user.email=t@example.invalid")
        subprocess.run(["git", "-C", str(tmp_path), *person, *arguments], check=True, capture_output=True)

    folder = copied(tmp_path / "rules")
    git("init", "-q")
    git("add", "-A")
    git("commit", "-q", "-m", "first")
    path = folder / "policies.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("年龄 >= 80", "年龄 >= 81"), encoding="utf-8")
    assert main(["diff", "HEAD", str(folder), "--ruleset", str(folder)]) == 1
    assert "结果不同" in capsys.readouterr().out
    assert main(["diff", "HEAD", "HEAD", "--ruleset", str(folder)]) == 0


def test_what_is_neither_folder_nor_revision(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = copied(tmp_path / "a")
    assert main(["diff", "nowhere", str(folder), "--ruleset", str(folder)]) == 2
    assert "git" in capsys.readouterr().err
    assert main(["diff", "--ruleset", str(folder), str(folder), "no-such-revision"]) == 2


def test_added_and_removed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = copied(tmp_path / "a")
    after = copied(tmp_path / "b", "id: elderly.old_age_allowance", "id: elderly.new_allowance")
    assert main(["diff", str(before), str(after), "--format", "json"]) == 1
    found = {one["policy"]: one for one in json.loads(capsys.readouterr().out)["differences"]}
    assert found["elderly.old_age_allowance"]["verdict"] == "removed"
    assert found["elderly.new_allowance"]["verdict"] == "added"
    assert found["elderly.new_allowance"]["stretches"][0]["after"]["household"]


@pytest.mark.parametrize(("when", "verdict"), [("收入 < 100", "same"), ("收入 < 101", "differs")])
def test_a_fact_with_more_decimals_and_codes_in_other_order_is_the_same(
    tmp_path: Path, when: str, verdict: str
) -> None:
    fact = "- {name: income, label: 收入, for: household, type: number, range: 0..1000"
    town = "- {name: sort, label: 类别, for: household, type: code, codes: sort}\n"
    codes = ["{code: '1', name: one, label: 甲类}", "{code: '2', name: two, label: 乙类}"]
    programs = []
    for at, (end, order, test) in enumerate((("}", codes, "收入 < 100"), (", decimals: 2}", codes[::-1], when))):
        folder = tmp_path / str(at)
        folder.mkdir()
        lists = f"code_lists:\n  - {{name: sort, codes: [{', '.join(order)}]}}\n"
        programs.append(written(folder, f"{fact}{end}\n{town}", policy(f"{test} 且 类别 = 甲类"), lists=lists).program)
    assert [one.verdict for one in differences(programs[0], programs[1], 2)] == [verdict]


def test_the_shipped_ruleset_against_itself() -> None:
    assert main(["diff", str(SHIPPED), str(SHIPPED)]) == 0
