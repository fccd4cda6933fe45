"""The command `month`: months one after another, each a folder that is whole or not there."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from command_line import own_cache
from county_months import LESSON, Household, registry

from fupin_policy.cli.main import main
from fupin_policy.files.unfinished import NOTE, unfinished

__all__ = ["own_cache"]

OLD = [("1930-01-01", "无残疾")]
FIRST: dict[str, Household] = {
    "h1": ("东河镇", "是", "6000", OLD),
    "h2": ("西山镇", "是", "", [*OLD, *OLD]),
    "h3": ("西山镇", "否", "0", [("1959-07-01", "错")]),
}
SECOND: dict[str, Household] = {"h1": ("东河镇", "否", "6000", OLD), "h4": ("西山镇", "是", "0", OLD)}


def command(files: list[str], day: str, folder: Path, *more: str) -> list[str]:
    return ["month", *files, "--ruleset", str(LESSON), "--as-of", day, "-o", str(folder), *more]


def record_of(folder: Path) -> Any:
    return json.loads((folder / "记录.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A month's folder, and what was said of it."""
    at = tmp_path_factory.mktemp("made")
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        assert main(command(registry(at / "a", FIRST.items()), "2019-06-30", at / "2019-06")) == 0
    return at / "2019-06", said.getvalue()


@pytest.fixture
def first(made: tuple[Path, str], tmp_path: Path) -> Path:
    """A copy of that folder with nothing beside it."""
    shutil.copytree(made[0], tmp_path / "m" / "2019-06")
    return tmp_path / "m" / "2019-06"


def test_a_month_after_another(
    first: Path, made: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = made[1].splitlines()
    assert len(said) <= 30 and "  没有上期：这是第一期，不列变动" in said
    assert "  户表退回 1 行（表尾的合计也算），每行的原因和改法见 结果.rejects.csv" in said
    told = (first / "说明.txt").read_text(encoding="utf-8").splitlines()
    assert told == said[: len(told)] and "写下了" in said[len(told)]
    assert sorted(one.name for one in first.iterdir()) == [
        ".fupin",
        "名单",
        "汇总.html",
        "结果.facts.parquet",
        "结果.parquet",
        "结果.rejects.csv",
        "记录.json",
        "说明.txt",
    ]
    assert list((first / "名单").rglob("*.xlsx")) and "错" in (first / "结果.rejects.csv").read_text(
        encoding="utf-8-sig"
    )

    second = first.with_name("2019-08")
    files = registry(tmp_path / "b", SECOND.items())
    answers = tmp_path / "回填.csv"
    answers.write_text("户编号,成员编号,明细,项次,事项,值\nh4,,,,医疗费用,7000\n", encoding="utf-8")
    assert main(command(files, "2019-08-31", second, "--answers", str(answers), "--format", "json")) == 0
    found = json.loads(capsys.readouterr().out)
    assert found == {"folder": str(second), **record_of(second)}
    before, changes = record_of(first)["totals"]["settled"], found["totals"]["changes"]
    per = {*before, *found["totals"]["settled"]}
    for one in per:
        moved = sum(kind["after"].get(one, 0) - kind["before"].get(one, 0) for kind in changes.values())
        assert before.get(one, 0) + moved == found["totals"]["settled"].get(one, 0)
    # what was asked for holds over the table's 0
    assert found["totals"]["settled"]["year"] == 130000
    assert [one["table"] for one in found["inputs"]] == ["households", "members", "answers"]
    assert changes["ended"]["count"] and changes["new"]["count"]
    assert (found["previous_folder"], found["previous"]) == ("2019-06", record_of(first)["hash"])
    assert "与上期（2019-06，2019-06-30）相比；中间隔了 1 个月" in (second / "说明.txt").read_text(encoding="utf-8")
    reasons = (second / "结果.changes" / "changes.csv").read_text(encoding="utf-8-sig")
    assert "享受低保" in reasons
    assert main(["audit", "verify", str(second), "--ruleset", str(LESSON), "--head", found["hash"]]) == 0
    assert "2 期全部相符" in capsys.readouterr().out


def test_nothing_is_replaced_without_being_told(first: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = registry(first.parent / "a", FIRST.items())
    before = record_of(first)
    assert main(command(files, "2019-06-30", first)) == 1 and "B240" in capsys.readouterr().err
    assert main(command(files, "2019-06-30", first, "--overwrite")) == 0 and record_of(first) == before
    # lists that were filled in are not replaced even so
    next((first / "名单").rglob("*.xlsx")).write_bytes(b"ticked")
    capsys.readouterr()
    assert main(command(files, "2019-06-30", first, "--overwrite")) == 1 and "B175" in capsys.readouterr().err
    assert main(["audit", "verify", str(first), "--ruleset", str(LESSON)]) == 0


def test_the_mapping_goes_on(first: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = registry(tmp_path / "a", FIRST.items())
    own = Path(files[0])
    own.write_text(own.read_text(encoding="utf-8").replace("享受低保", "低保户"), encoding="utf-8")
    mapping = tmp_path / "map.yaml"
    assert main(["map", *files, "--ruleset", str(LESSON), "-o", str(mapping)]) == 0
    assert main(command(files, "2019-07-31", first.with_name("2019-07"))) == 1
    assert not first.with_name("2019-07").exists() and not unfinished(first.with_name("2019-07")).exists()
    assert main(command(files, "2019-07-31", first.with_name("2019-07"), "--mapping", str(mapping))) == 0
    capsys.readouterr()
    assert main(command(files, "2019-08-31", first.with_name("2019-08"))) == 0
    assert "对照沿用上期的" in capsys.readouterr().out


def test_what_cannot_be_gone_on_from(first: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = registry(tmp_path / "b", SECOND.items())
    later = first.with_name("2019-07")
    assert main(command(files, "2019-07-31", later, "--previous", str(tmp_path / "b"))) == 1
    assert "A113" in capsys.readouterr().err
    trial = ["--set", "参数.津贴_80岁以上=250"]
    assert main(command(files, "2019-06-30", first.with_name("trial"), *trial)) == 0
    assert "试算，不是决定" in capsys.readouterr().out
    assert main(command(files, "2019-07-31", later, "--previous", str(first.with_name("trial")))) == 1
    assert "B241" in capsys.readouterr().err
    shutil.copytree(first, first.with_name("copy"))
    assert main(command(files, "2019-07-31", later)) == 1
    said = capsys.readouterr().err
    assert "B242" in said and "copy" in said and "trial" not in said
    with (first / "结果.parquet").open("ab") as file:
        file.write(b"x")
    assert main(command(files, "2019-07-31", later, "--previous", str(first))) == 1
    assert "A114" in capsys.readouterr().err
    assert not later.exists() and not unfinished(later).exists()


KILL = """
import importlib, os, sys
module, name, *arguments = sys.argv[1:]
def kill(*_, **__):
    os._exit(9)
setattr(importlib.import_module(module), name, kill)
from fupin_policy.cli.main import main
sys.exit(main(arguments))
"""


@pytest.mark.parametrize(
    "module, name",
    [
        ("fupin_policy.batch.run", "_decide"),
        pytest.param("fupin_policy.batch.run", "_finish", marks=pytest.mark.long),
        ("fupin_policy.reports.worklist", "write_worklists"),
        pytest.param("fupin_policy.reports.summary_page", "as_html", marks=pytest.mark.long),
        pytest.param("fupin_policy.analysis.month_record", "write_record", marks=pytest.mark.long),
        pytest.param("fupin_policy.files.unfinished", "mark", marks=pytest.mark.long),
        ("fupin_policy.files.unfinished", "_put"),
    ],
)
def test_killed_it_leaves_nothing_that_looks_whole(module: str, name: str, tmp_path: Path) -> None:
    folder = tmp_path / "2019-06"
    asked = command(registry(tmp_path / "a", FIRST.items()), "2019-06-30", folder)
    done = subprocess.run([sys.executable, "-c", KILL, module, name, *asked], capture_output=True, timeout=120)
    assert done.returncode == 9 and not folder.exists()
    left = unfinished(folder)
    assert left.is_dir() and ((left / NOTE).is_file() or name == "_put")
    if name != "write_worklists":
        return
    # the same command goes on
    assert main(asked) == 0
    assert folder.is_dir() and not left.exists() and not (folder / NOTE).exists()


def test_interrupted_it_says_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from fupin_policy.batch import run as driver

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    folder = tmp_path / "2019-06"
    files = registry(tmp_path / "a", FIRST.items())
    with monkeypatch.context() as patch:
        patch.setattr(driver, "_finish", stop)
        assert main(command(files, "2019-06-30", folder)) == 130
    assert "再运行同一条命令就接着算" in capsys.readouterr().err
    assert not folder.exists() and (unfinished(folder) / NOTE).is_file()
    assert main(command(files, "2019-05-31", folder)) == 1 and "B109" in capsys.readouterr().err
    assert main(command(files, "2019-05-31", folder, "--restart")) == 0
    assert folder.is_dir() and not unfinished(folder).exists()
