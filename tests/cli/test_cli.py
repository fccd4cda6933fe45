"""The command line from outside: exit codes, output, and what it does with files. `eval` is `test_cli_eval`'s."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from command_line import DAY, HOUSEHOLD, SHIPPED, dumped, expected, fupin, lines_of, shipped, written
from command_line import own_cache as own_cache

from fupin_policy.analysis.examples import day_of_examples
from fupin_policy.cli.main import main
from fupin_policy.ruleset import check_folder, load

LESSON = Path(__file__).parents[2] / "docs" / "examples" / "lesson"


@pytest.fixture
def ruleset(tmp_path: Path) -> Path:
    """A copy of the shipped ruleset to write into."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "anqiu"))


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    """A copy of the lesson's ruleset, which is read in no time."""
    return Path(shutil.copytree(LESSON, tmp_path / "lesson"))


@pytest.fixture
def broken_ruleset(lesson: Path) -> Path:
    """A ruleset with a fact misspelt."""
    path = lesson / "policies.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("年龄 >= 60", "年令 >= 60"), encoding="utf-8")
    return lesson


# -- exit codes ------------------------------------------------------------------------------------------------------


def test_a_sound_ruleset_is_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(LESSON)]) == 0
    assert "lesson" in capsys.readouterr().out
    assert main(["check", "--ruleset", str(LESSON)]) == 0
    assert "lesson" in capsys.readouterr().out
    assert main(["check"]) == 0
    assert "anqiu" in capsys.readouterr().out


def test_check_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(SHIPPED), "--format", "json"]) == 0
    (found,) = lines_of(capsys)
    assert found["problems"] == []
    assert found["ruleset"] == "anqiu"
    assert found["digest"].startswith("sha256:")
    every = (shipped().program, *shipped().program.by_place.values())
    assert found["policies"] == sum(len(program.policies) for program in every)
    assert found["targets"] == sum(len(program.targets) for program in every)


@pytest.mark.parametrize("command", ["check", "eval", "explain", "test", "fmt", "compile", "demo"])
def test_a_broken_ruleset_is_one_problem_and_no_traceback(
    command: str, broken_ruleset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    household = [written(tmp_path, "h.json", dumped(HOUSEHOLD))] if command in ("eval", "explain") else []
    assert main([command, "--ruleset", str(broken_ruleset), *household]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "N101" in err and "policies.yaml:15:22" in err and "年龄" in err
    assert "Traceback" not in err
    assert main([command, "--ruleset", str(broken_ruleset), "--format", "json", *household]) == 1
    (found,) = lines_of(capsys)
    (problem,) = found["problems"]
    assert problem["code"] == "N101"
    assert problem["place"].endswith("policies.yaml:15:22")
    assert problem["zh"] and problem["en"] and problem["help"]["zh"] and problem["help"]["en"]


def test_a_broken_ruleset_in_a_process_of_its_own(broken_ruleset: Path) -> None:
    ran = fupin("check", str(broken_ruleset))
    assert ran.returncode == 1
    assert b"Traceback" not in ran.stderr + ran.stdout
    assert "年令" in ran.stderr.decode("utf-8")
    assert ran.stdout == b""


def test_rubbish_in_a_ruleset_gives_no_traceback(lesson: Path) -> None:
    (lesson / "facts.yaml").write_bytes(bytes(range(256)))
    (lesson / "terms.yaml").write_bytes(b"[" * 10_000)
    ran = fupin("check", str(lesson))
    assert ran.returncode == 1
    assert b"Traceback" not in ran.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["check", "--nonsense"],
        ["check", "--format", "xml"],
        ["eval", "--lang", "fr"],
        ["fmt", "--lang", "fr"],
        ["check", "a", "b"],
    ],
)
def test_wrong_usage_is_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_a_policy_that_is_not_there_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = written(tmp_path, "h.json", dumped(HOUSEHOLD))
    assert main(["explain", name, "--as-of", DAY, "--policy", "no.such"]) == 2
    assert "no.such" in capsys.readouterr().err


def test_a_file_or_folder_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", str(tmp_path / "none.json"), "--as-of", DAY]) == 1
    assert "none.json" in capsys.readouterr().err
    assert main(["eval", str(tmp_path), "--as-of", DAY]) == 1
    assert main(["check", str(tmp_path / "none")]) == 1
    assert "Y114" in capsys.readouterr().err


# -- the other commands ----------------------------------------------------------------------------------------------


def test_explain(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = written(tmp_path, "h.json", dumped(HOUSEHOLD))
    assert main(["explain", name, "--as-of", DAY, "--policy", "housing.renovation"]) == 0
    one = capsys.readouterr().out
    assert "农村危房改造" in one and "农村低保" not in one
    assert main(["explain", name, "--as-of", DAY, "--lang", "en"]) == 0
    everything = capsys.readouterr().out
    # what is for officials and operators is not shown of a household
    assert all((policy.title.en in everything) == (policy.audience is None) for policy in shipped().policies)


def test_explain_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = written(tmp_path, "h.json", dumped(HOUSEHOLD))
    for asked in ("housing.renovation", "农村危房改造", "Renovation of dangerous housing"):
        assert main(["explain", name, "--as-of", DAY, "--policy", asked, "--format", "json"]) == 0
        ((explanation,),) = lines_of(capsys)
        assert "housing.renovation" in json.dumps(explanation)


def test_the_examples_beside_the_policies_pass(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", str(SHIPPED), "--format", "json"]) == 0
    (found,) = lines_of(capsys)
    assert found["problems"] == [] and found["examples"] > 50


def test_an_example_that_fails_is_a_problem_at_its_place(lesson: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = lesson / "policies.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace('"1300.00"}', '"1300.01"}', 1), encoding="utf-8")
    assert main(["test", str(lesson), "--format", "json"]) == 1
    (found,) = lines_of(capsys)
    (problem,) = found["problems"]
    assert "policies.yaml:" in problem["place"]
    assert main(["test", str(lesson)]) == 1
    assert "1300.01" in capsys.readouterr().err


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_shipped_ruleset_is_in_canonical_form(ruleset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fmt", "--check", str(ruleset)]) == 0
    assert capsys.readouterr().out == ""
    assert main(["fmt", str(ruleset)]) == 0
    assert contents(ruleset) == contents(SHIPPED)


def test_fmt_check_reports_and_writes_nothing(lesson: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fmt", str(lesson)]) == 0
    capsys.readouterr()
    path, canonical = lesson / "policies.yaml", contents(lesson)
    path.write_bytes(path.read_bytes().replace("享受低保 且 年龄".encode(), "享受低保   且   年龄".encode(), 1))
    before = contents(lesson)
    assert main(["fmt", "--check", str(lesson), "--format", "json"]) == 1
    assert lines_of(capsys) == [{"changed": [str(path)]}]
    assert contents(lesson) == before
    assert main(["fmt", str(lesson)]) == 0
    assert "policies.yaml" in capsys.readouterr().out
    assert contents(lesson) == canonical
    assert main(["fmt", "--check", str(lesson)]) == 0


@pytest.mark.long
def test_fmt_into_english_and_back_changes_no_meaning(ruleset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    decided = expected()["decisions"]
    chinese = check_folder(ruleset)
    assert main(["fmt", "--lang", "en", str(ruleset)]) == 0
    english = check_folder(ruleset)
    assert "享受政策 且" not in (ruleset / "policies" / "housing.yaml").read_text(encoding="utf-8")
    said = json.loads(json.dumps(load(ruleset, cache=False).evaluate(HOUSEHOLD, DAY).as_json()))
    assert said["decisions"] == decided
    assert main(["test", str(ruleset)]) == 0
    assert main(["fmt", "--lang", "en", "--check", str(ruleset)]) == 0
    assert main(["fmt", "--check", str(ruleset)]) == 0
    assert main(["fmt", "--lang", "zh", str(ruleset)]) == 0
    again = check_folder(ruleset)
    said = json.loads(json.dumps(load(ruleset, cache=False).evaluate(HOUSEHOLD, DAY).as_json()))
    assert said["decisions"] == decided
    assert main(["fmt", "--lang", "zh", "--check", str(ruleset)]) == 0
    capsys.readouterr()
    assert [policy.id for policy in chinese.policies] == [policy.id for policy in english.policies]
    for policy, back in zip(chinese.policies, again.policies, strict=True):
        assert policy.id == back.id
        assert len(policy.versions) == len(back.versions)
    assert main(["fmt", "--lang", "zh", str(ruleset)]) == 0
    assert capsys.readouterr().out == ""


def test_compile_writes_one_webassembly_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "out.wasm"
    assert main(["compile", "-o", str(target), "--wat", "--manifest", "--format", "json"]) == 0
    (found,) = lines_of(capsys)
    paths = [target, tmp_path / "out.wat", tmp_path / "out.manifest.json"]
    files = [{"file": str(path), "bytes": path.stat().st_size} for path in paths]
    assert found == {"digest": shipped().digest, "files": files}
    assert paths[1].read_text(encoding="utf-8").startswith("(module")
    assert json.loads(paths[2].read_text(encoding="utf-8"))["digest"] == shipped().digest
    assert target.read_bytes().startswith(b"\0asm")
    assert target.read_bytes() == shipped().compile()


def test_compile_names_the_file_after_the_ruleset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["compile"]) == 0
    assert (tmp_path / "anqiu.wasm").exists()


def test_compile_to_where_nothing_can_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "no").write_bytes(b"a file")
    assert main(["compile", "-o", str(tmp_path / "no" / "out.wasm")]) == 1
    assert "out.wasm" in capsys.readouterr().err


@pytest.mark.parametrize(("name", "day"), [("anqiu", "2019-06-30"), ("assistance", "2026-06-15")])
def test_the_usual_day_of_rules_is_that_of_most_examples(name: str, day: str) -> None:
    assert day_of_examples(SHIPPED.parent / name) == day


@pytest.mark.long
def test_the_demonstration_of_other_rules_is_of_their_own_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = str(SHIPPED.parent / "assistance")
    assert main(["demo", "--ruleset", rules, "-o", str(tmp_path / "out")]) == 0
    assert "--as-of 2026-06-15" in capsys.readouterr().out


def test_the_demonstration_runs(capsys: pytest.CaptureFixture[str]) -> None:
    for lang in ("zh", "en"):
        assert main(["demo", "--lang", lang]) == 0
        assert len(capsys.readouterr().out.splitlines()) > 20


def test_beside_one_policy_only_the_figures_are_explained_that_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    examples = Path(__file__).parents[2] / "docs" / "examples"
    asked = ["explain", "--ruleset", str(examples / "recipes"), "--as-of", "2021-06-30", "--format", "json"]
    asked += ["--policy", "recipe.by_income", "--figure", "核算收入", str(examples / "recipes_income.json")]
    assert main(asked) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["figure"]["label"]["zh"] for one in told if "figure" in one] == ["核算收入"]
