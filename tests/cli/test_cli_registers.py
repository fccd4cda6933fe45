"""The commands about clauses, duties, targets and what examples try."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from fupin_policy.cli.common import FINE, PROBLEMS, USAGE
from fupin_policy.cli.main import main
from fupin_policy.ruleset import SHIPPED

LESSON = Path(__file__).parents[2] / "docs" / "examples" / "lesson"
Capture = pytest.CaptureFixture[str]


def test_coverage_is_a_table_with_its_sums(capsys: Capture) -> None:
    assert main(["coverage"]) == FINE
    lines = capsys.readouterr().out.splitlines()
    assert lines[-2] == "75/75 款有着落 / clauses accounted for"
    assert next(line for line in lines if line.startswith("10.1 ")).count("health.") > 5
    assert main(["coverage", "--format", "json"]) == FINE
    assert len(json.loads(capsys.readouterr().out)) == 75


def test_a_clause_that_nothing_accounts_for_is_a_problem(tmp_path: Path, capsys: Capture) -> None:
    folder = Path(shutil.copytree(LESSON, tmp_path / "lesson"))
    text = "kind: clauses\nsource: lesson-1\nclauses:\n"
    text += "".join(f'  - {{id: "{name}", summary: {{zh: 某, en: some}}}}\n' for name in ("1.1", "1.2", "2.1", "9.9"))
    (folder / "clauses.yaml").write_text(text, encoding="utf-8")
    assert main(["coverage", str(folder)]) == PROBLEMS
    assert next(line for line in capsys.readouterr().out.splitlines() if "!!" in line).startswith("9.9")


@pytest.mark.fault("C6")
def test_a_text_that_is_none_is_a_problem(tmp_path: Path, capsys: Capture) -> None:
    text = tmp_path / "text.txt"
    for make, code in (
        (lambda: text.write_bytes("第一条".encode("gbk")), "Y102"),
        (lambda: text.write_bytes(b"x" * (4 * 1024 * 1024 + 1)), "Y101"),
        (lambda: os.mkfifo(text), "Y117"),
    ):
        text.unlink(missing_ok=True)
        make()
        assert main(["sources", "verify", str(text), "--format", "json"]) == PROBLEMS
        (problem,) = json.loads(capsys.readouterr().out)["problems"]
        assert problem["code"] == code and problem["place"].startswith(text.as_posix())


def test_sources_verify(tmp_path: Path, capsys: Capture) -> None:
    text = tmp_path / "text.txt"
    text.write_text("1.指导思想。某。\n", encoding="utf-8")
    assert main(["sources", "verify", str(text)]) == PROBLEMS
    said = capsys.readouterr().err
    assert "anfa-2018-31 1.1: 文字与登记的摘要不符" in said and "27.2: 文字中没有这一款" in said
    assert main(["sources", "verify", str(text), "--format", "json"]) == PROBLEMS
    assert len(json.loads(capsys.readouterr().out)["problems"]) == 75
    assert main(["sources", "verify", str(text), "--source", "none"]) == USAGE
    assert main(["sources", "verify", str(tmp_path / "absent.txt")]) == PROBLEMS


class TestDuties:
    def test_of_a_department(self, capsys: Capture) -> None:
        assert main(["duties", "--department", "市民政局", "--as-of", "2019-06-30"]) == FINE
        said = capsys.readouterr().out
        assert "职责 建立“三留守”信息台账" in said
        assert "目标 不能自理特困人员集中供养率 50% 以上  (2020-12-31)" in said
        assert "政策 农村低保" in said
        assert "市卫生健康局" in said and "市卫计局" not in said

    def test_in_english_and_as_data(self, capsys: Capture) -> None:
        assert main(["duties", "--department", "youth_league", "--as-of", "2019-06-30", "--lang", "en"]) == FINE
        assert "duty Young volunteers are paired each year  (each year 2019-12-31)" in capsys.readouterr().out
        assert main(["duties", "--as-of", "2019-06-30", "--format", "json"]) == FINE
        found = json.loads(capsys.readouterr().out)
        assert {one["kind"] for one in found} == {"duty", "target", "policy"}

    def test_a_name_that_is_nearly_right(self, capsys: Capture) -> None:
        assert main(["duties", "--department", "市民正局", "--as-of", "2019-06-30"]) == USAGE
        assert "是否“市民政局”" in capsys.readouterr().err

    def test_a_day_that_is_not_covered(self, capsys: Capture) -> None:
        assert main(["duties", "--as-of", "1999-01-01"]) == PROBLEMS
        assert "H041" in capsys.readouterr().err


class TestJudge:
    def test_a_village(self, tmp_path: Path, capsys: Capture) -> None:
        file = tmp_path / "village.json"
        figures = {
            "id": "白山头村",
            "本村": "白山头村",
            "所属乡镇": "辉渠镇",
            "村集体经济收入": 52000,
            "致富带头人数": 2,
        }
        file.write_text(json.dumps(figures, ensure_ascii=False), encoding="utf-8")
        assert main(["judge", "--as-of", "2020-12-31", str(file)]) == FINE
        said = capsys.readouterr().out
        assert "✓ 集体经济收入达到 5 万元: 已达到  (2020-12-31)" in said
        assert "✗ 培养 3 名以上致富带头人: 未达到" in said
        assert "? 通自来水（村村通）: 待定  (2018-12-31)  缺少 通自来水" in said
        assert "✓ 资金项目政策倾斜：符合" in said
        assert "辉渠镇" in said
        assert main(["judge", "--as-of", "2020-12-31", "--format", "json", str(file)]) == FINE
        found = json.loads(capsys.readouterr().out)
        assert {one["status"] for one in found["targets"]} >= {"met", "missed", "unknown", "not_applicable"}

    def test_bad_figures_are_reported_and_the_others_judged(self, tmp_path: Path, capsys: Capture) -> None:
        file = tmp_path / "towns.jsonl"
        lines = [{"id": "a", "服务人囗": 1}, {"id": "b", "接受市级考核次数": 3}]
        file.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in lines), encoding="utf-8")
        assert main(["judge", "--for", "town", "--as-of", "2019-06-30", str(file)]) == PROBLEMS
        out, err = capsys.readouterr()
        assert "H011" in err and "服务人口" in err
        assert "✗ 每年接受市级考核不超过 2 次: 未达到" in out

    def test_no_such_kind_of_place(self, tmp_path: Path, capsys: Capture) -> None:
        assert main(["judge", "--for", "county", "--as-of", "2019-06-30", str(tmp_path / "x.json")]) == USAGE
        assert "city、town、village" in capsys.readouterr().err


class TestCoverageOfExamples:
    def test_the_shipped_ruleset_is_complete(self, capsys: Capture) -> None:
        assert main(["test", "--coverage", str(SHIPPED)]) == FINE
        assert "个部分都有例子试到" in capsys.readouterr().out

    def test_what_is_not_tried_is_shown_at_its_place(self, capsys: Capture) -> None:
        assert main(["test", "--coverage", str(LESSON)]) == PROBLEMS
        said = capsys.readouterr().err
        assert "E403" in said and "policies.yaml:" in said and "^" in said
