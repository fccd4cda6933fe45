"""What a machine does to a command: interrupts, closed or full streams, bare locales, names that are no text."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from command_inputs import DAY, HOUSEHOLDS, LESSON, MEMBERS, ONE

from fupin_policy.cli.main import main

COMMAND = [sys.executable, "-m", "fupin_policy"]
BARE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
posix = pytest.mark.skipif(sys.platform == "win32", reason="streams and locales of POSIX")


def _hears_interrupts() -> None:
    """What a shell runs in the background ignores interrupts, and so does all that it starts in turn."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def started(
    folder: Path, *arguments: str | bytes, shell: str = "", **variables: str
) -> subprocess.CompletedProcess[bytes]:
    """A command in a process of its own; `shell` is what follows it, such as a redirection."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder.parent / "cache"), **variables}
    command: list[str | bytes] = [*COMMAND, *arguments]
    if shell:
        command = ["sh", "-c", f'"$@" {shell}', "sh", *command]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=60)


@posix
@pytest.mark.fault("C6")
class TestStreams:
    def test_a_closed_input(self, tmp_path: Path) -> None:
        done = started(tmp_path, "eval", "--ruleset", str(LESSON), "-", shell="<&-")
        assert done.returncode == 1 and b"B178" in done.stderr and b"Traceback" not in done.stderr

    def test_a_full_output(self, tmp_path: Path) -> None:
        done = started(tmp_path, "check", "--ruleset", str(LESSON), shell=">/dev/full")
        assert done.returncode == 1 and b"B180" in done.stderr
        assert b"Traceback" not in done.stderr and b"Exception ignored" not in done.stderr

    def test_a_closed_output(self, tmp_path: Path) -> None:
        done = started(tmp_path, "check", "--ruleset", str(LESSON), shell=">&-")
        assert (done.returncode, done.stderr) == (0, b"")

    def test_an_interrupt(self, tmp_path: Path) -> None:
        process = subprocess.Popen(
            [*COMMAND, "interview", "--ruleset", str(LESSON), *DAY], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, preexec_fn=_hears_interrupts,
        )  # fmt: skip
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
        assert process.returncode == 130 and b"Traceback" not in said and "已中断".encode() in said

    def test_an_interrupt_of_a_command_in_this_process(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def interrupted(*given: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("fupin_policy.ruleset.check_folder", interrupted)
        assert main(["check"]) == 130
        assert "interrupted" in capsys.readouterr().err


@posix
@pytest.mark.fault("C6")
class TestNamesThatAreNoText:
    @pytest.mark.parametrize(
        "command",
        [
            ["eval", "--ruleset", str(LESSON), os.fsdecode(b"h\xff.json")],
            ["check", os.fsdecode(b"rules\xff")],
            ["map", "--ruleset", str(LESSON), os.fsdecode(b"h\xff.csv")],
            ["summary", "--ruleset", str(LESSON), os.fsdecode(b"r\xff.parquet")],
            ["audit", "verify", "--ruleset", str(LESSON), os.fsdecode(b"r\xff.jsonl")],
        ],
    )
    @pytest.mark.parametrize("form", ["text", "json"])
    def test_that_are_not_there(
        self,
        command: list[str],
        form: str,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.chdir(tmp_path)
        assert main([*command, "--format", form]) == 1
        out, err = capsys.readouterr()
        assert "Traceback" not in err and (out + err).encode()

    def test_that_are_there(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.chdir(tmp_path)
        Path(os.fsdecode(b"h\xff.csv")).write_text(HOUSEHOLDS, encoding="utf-8")
        Path("m.csv").write_text(MEMBERS, encoding="utf-8")
        for output in (
            "out.csv",
            "out.duckdb",
            "out.parquet",
            "out",
            os.fsdecode(b"o\xff.csv"),
            os.fsdecode(b"o\xff.duckdb"),
            os.fsdecode(b"o\xff.parquet"),
            os.fsdecode(b"o\xff.xlsx"),
        ):
            given = ["run", "--ruleset", str(LESSON), os.fsdecode(b"h\xff.csv"), "m.csv", *DAY, "-o", output]
            assert main(given) in (0, 1), output
            assert "Traceback" not in capsys.readouterr().err


@posix
@pytest.mark.fault("E14")
def test_chinese_arguments_in_a_bare_locale(tmp_path: Path) -> None:
    (tmp_path / "一户.json").write_text(json.dumps(ONE, ensure_ascii=False), encoding="utf-8")
    given = ["explain", "--ruleset", str(LESSON), *DAY, "一户.json", "--policy", "elderly.old_age_allowance"]
    plain, bare = started(tmp_path, *given), started(tmp_path, *given, **BARE)
    assert (bare.returncode, bare.stdout, bare.stderr) == (plain.returncode, plain.stdout, plain.stderr)
    assert plain.returncode == 0 and "高龄津贴".encode() in plain.stdout


@posix
@pytest.mark.fault("E14")
def test_arguments_that_are_no_text(tmp_path: Path) -> None:
    for variables in ({}, BARE):
        done = started(tmp_path, "eval", "--ruleset", str(LESSON), b"\xff\xfe.json", **variables)
        assert done.returncode == 1 and b"B179" in done.stderr and b"Traceback" not in done.stderr


@pytest.mark.fault("C6", "E10")
@pytest.mark.parametrize("suffix", [".svg", ".png"])
def test_signs_of_formulas_and_controls_in_a_drawing(
    suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("matplotlib")
    pytest.importorskip("zhplot")
    from fupin_policy.analysis.sensitivity.cliffs import Money
    from fupin_policy.analysis.sensitivity.segments import over_values
    from fupin_policy.analysis.sensitivity.sweep_variable import asked, bounds
    from fupin_policy.core.bilingual import Bilingual
    from fupin_policy.reports import charts
    from fupin_policy.reports.sweep_text import SweepReport
    from fupin_policy.ruleset import load

    rules = load(LESSON)
    household = {**ONE, "户编号": "$\\frac{$ a_1^"}
    read, day = rules.read(household, "2019-06-30")
    varied = asked("m1.出生日期", rules.snapshot("2019-06-30"), read)
    found = over_values(rules, read, day, varied, bounds(varied, day, None, None))
    money = Money.of(found, rules.snapshot("2019-06-30"))
    title = Bilingual("$\\frac{$\x07\x1b[31m\ud800 -- ‮", "$x_{$")
    path = tmp_path / f"out{suffix}"
    charts.draw(SweepReport(money, replace(rules.program, title=title), "zh"), path, suffix[1:])
    if suffix == ".svg":
        ElementTree.parse(path)
    assert path.stat().st_size > 1000
