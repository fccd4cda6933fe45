"""The command line from outside: exit codes, output, and what it does with files."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from fupin_policy.cli.main import main
from fupin_policy.ruleset import Ruleset, check_folder, load

SHIPPED = Path(__file__).parents[2] / "policies" / "anqiu"
LESSON = Path(__file__).parents[2] / "docs" / "examples" / "lesson"
DAY = "2019-06-30"
HOUSEHOLD: dict[str, Any] = {
    "户编号": "h1",
    "脱贫属性": "未脱贫",
    "乡镇": "辉渠镇",
    "人均纯收入": "5099.99",
    "可依靠产业就业脱贫": "否",
    "是否危房": "是",
    "危房等级": "D级",
    "是否唯一住房": "是",
    "members": [
        {"id": "m1", "出生日期": "1950-01-01", "是否享受低保": "是", "残疾等级": "一级", "劳动技能": "无劳动力"},
        {"id": "m2", "出生日期": "2008-01-15", "在校生状况": "小学", "是否寄宿": "是", "劳动技能": "无劳动力"},
    ],
}
BROKEN = {"脱贫属性": "没有这个", "members": []}


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cli_cache"))


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


def written(folder: Path, name: str, text: str) -> str:
    """A file with a text in it."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def dumped(value: object) -> str:
    """A value as one line of JSON."""
    return json.dumps(value, ensure_ascii=False)


@cache
def shipped() -> Ruleset:
    """The shipped ruleset, compiled once."""
    return load(SHIPPED, cache=False)


def expected(household: dict[str, Any] = HOUSEHOLD) -> Any:
    """What the library itself decides, as JSON reads it back."""
    return json.loads(json.dumps(shipped().evaluate(household, DAY).as_json(), ensure_ascii=False))


def lines_of(capsys: pytest.CaptureFixture[str]) -> list[Any]:
    """What was printed, each line read as JSON; nothing on the error stream."""
    out, err = capsys.readouterr()
    assert err == ""
    return [json.loads(line) for line in out.splitlines()]


def feed(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    """Give the command something on its standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))


def fupin(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "fupin_policy", *arguments], input=given, capture_output=True, check=False, timeout=60
    )


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


# -- eval ------------------------------------------------------------------------------------------------------------


def test_eval_of_one_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for text in (dumped(HOUSEHOLD), json.dumps(HOUSEHOLD, indent=2), "\ufeff" + dumped(HOUSEHOLD)):
        name = written(tmp_path, "h.json", text)
        assert main(["eval", name, "--as-of", DAY, "--format", "json"]) == 0
        assert lines_of(capsys) == [expected()]


def test_eval_of_a_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    second = {**HOUSEHOLD, "户编号": "h2"}
    for text in (dumped([HOUSEHOLD, second]), json.dumps([HOUSEHOLD, second], indent=1)):
        assert main(["eval", written(tmp_path, "h.json", text), "--as-of", DAY, "--format", "json"]) == 0
        assert lines_of(capsys) == [expected(), expected(second)]


@pytest.mark.parametrize("name", ["h.jsonl", "h.json"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n"])
def test_eval_of_json_lines(name: str, end: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    second = {**HOUSEHOLD, "户编号": "h2"}
    file = tmp_path / name
    file.write_bytes(end.join([dumped(HOUSEHOLD), dumped(second), ""]).encode())
    assert main(["eval", str(file), "--as-of", DAY, "--format", "json"]) == 0
    assert lines_of(capsys) == [expected(), expected(second)]


def test_a_line_separator_within_a_text_does_not_end_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    household = {**HOUSEHOLD, "户主姓名": "甲\u2028乙"}
    text = f"{dumped(household)}\n{dumped(household)}\n"
    assert main(["eval", written(tmp_path, "h.jsonl", text), "--as-of", DAY, "--format", "json"]) == 0
    assert lines_of(capsys) == [expected(household)] * 2


@pytest.mark.parametrize("ending", ["yaml", "yml"])
def test_eval_of_yaml(ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head = "\n".join(f"{key}: {value}" for key, value in HOUSEHOLD.items() if key != "members")
    members = "\n".join(f"  - {dumped(member)}" for member in HOUSEHOLD["members"])
    name = written(tmp_path, f"h.{ending}", f"{head}\nmembers:\n{members}\n")
    assert main(["eval", name, "--as-of", DAY, "--format", "json"]) == 0
    assert lines_of(capsys) == [expected()]


@pytest.mark.parametrize("argument", [[], ["-"]])
def test_eval_of_the_standard_input(
    argument: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    feed(monkeypatch, dumped(HOUSEHOLD).encode())
    assert main(["eval", *argument, "--as-of", DAY, "--format", "json"]) == 0
    assert lines_of(capsys) == [expected()]


YAML = """# 一户 / a household
id: 0012
members:
- {id: 01, 出生日期: 1940-05-01}
- {id: 1, 出生日期: 1959.10}
"""


@pytest.mark.fault("B9")
@pytest.mark.parametrize("name", ["-", "h.yaml", "h.YML", "h", "/dev/stdin"])
def test_yaml_from_anywhere_keeps_its_letters(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if name == "/dev/stdin":
        ran = fupin("eval", name, "--as-of", DAY, "--format", "json", given=YAML.encode())
        assert ran.returncode == 0
        found = json.loads(ran.stdout)
    else:
        feed(monkeypatch, YAML.encode())
        file = name if name == "-" else written(tmp_path, name, YAML)
        assert main(["eval", file, "--as-of", DAY, "--format", "json"]) == 0
        (found,) = lines_of(capsys)
    assert found["household"] == "0012"
    same = {"id": "0012", "members": [{"id": "01", "出生日期": "1940-05-01"}, {"id": "1", "出生日期": "1959-10"}]}
    assert found == expected(same)


@pytest.mark.fault("B9")
def test_ids_that_differ_in_letters_are_two_members(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = written(tmp_path, "h.yaml", "id: 1\nmembers: [{id: 01}, {id: 1}, {id: 001}]\n")
    assert main(["eval", name, "--as-of", DAY, "--format", "json"]) == 0
    name = written(tmp_path, "h2.yaml", "id: 1\nmembers: [{id: 01}, {id: 01}]\n")
    assert main(["eval", name, "--as-of", DAY, "--format", "json"]) == 1
    (_, found) = lines_of(capsys)
    assert [one["code"] for one in found["problems"]] == ["H009"]


@pytest.mark.fault("B9")
@pytest.mark.parametrize(
    ("given", "code"),
    [(b"id: [", "Y103"), (b"just words", "H001"), (b'{"id": ', "H050"), (b"", "H050"), (b"\xef\xbb\xbf{]", "H050")],
)
def test_what_comes_through_a_pipe_is_told_by_its_first_sign(
    given: bytes, code: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    feed(monkeypatch, given)
    assert main(["eval", "--as-of", DAY, "--format", "json"]) == 1
    (found,) = lines_of(capsys)
    assert [one["code"] for one in found["problems"]] == [code]


def test_eval_in_a_process_of_its_own() -> None:
    ran = fupin("eval", "--as-of", DAY, "--format", "json", given=f"{dumped(HOUSEHOLD)}\n".encode() * 3)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert [json.loads(line) for line in ran.stdout.splitlines()] == [expected()] * 3


def test_eval_as_text_in_both_languages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = written(tmp_path, "h.json", dumped(HOUSEHOLD))
    assert main(["eval", name, "--as-of", DAY]) == 0
    chinese = capsys.readouterr().out
    assert "农村危房改造" in chinese and "35000" in chinese.replace(",", "")
    assert main(["eval", name, "--as-of", DAY, "--lang", "en"]) == 0
    english = capsys.readouterr().out
    assert "Renovation of dangerous housing" in english


def test_a_broken_household_does_not_stop_the_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = written(tmp_path, "h.jsonl", "\n".join(map(dumped, [HOUSEHOLD, BROKEN, HOUSEHOLD])))
    assert main(["eval", name, "--as-of", DAY, "--format", "json"]) == 1
    first, problems, last = lines_of(capsys)
    assert first == last == expected()
    assert {problem["input"] for problem in problems["problems"]} == {f"{name}:2"}
    assert main(["eval", name, "--as-of", DAY]) == 1
    out, err = capsys.readouterr()
    assert out and f"{name}:2" in err and "Traceback" not in err


@pytest.mark.parametrize("text", ["", "{", "[1]", "3", "null", '"x"', "{}\n{", "[[[]]]x", "\x00", '{"a": 1, "a": 2}'])
@pytest.mark.parametrize("command", ["eval", "explain"])
@pytest.mark.parametrize("name", ["h.json", "h.jsonl", "h.yaml"])
def test_what_is_no_household_is_a_problem(
    name: str, command: str, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, name, text)
    assert main([command, file, "--as-of", DAY, "--format", "json"]) in ((0, 1) if text == "" else (1,))
    for found in lines_of(capsys):
        assert found["problems"]


def test_input_that_is_not_utf8_is_a_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("h.json", "h.jsonl", "h.yaml"):
        (tmp_path / name).write_bytes(dumped(HOUSEHOLD).encode("gbk"))
        assert main(["eval", str(tmp_path / name), "--as-of", DAY]) == 1
        assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("day", ["2019-02-30", "gestern", "1999-01-01", "2030-01-01"])
def test_a_day_that_cannot_be_is_a_problem(day: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = written(tmp_path, "h.json", dumped(HOUSEHOLD))
    assert main(["eval", name, "--as-of", day, "--format", "json"]) == 1
    (found,) = lines_of(capsys)
    assert len(found["problems"]) == 1


# -- the other commands ----------------------------------------------------------------------------------------------


def test_explain(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = written(tmp_path, "h.json", dumped(HOUSEHOLD))
    assert main(["explain", name, "--as-of", DAY, "--policy", "housing.renovation"]) == 0
    one = capsys.readouterr().out
    assert "农村危房改造" in one and "农村低保" not in one
    assert main(["explain", name, "--as-of", DAY, "--lang", "en"]) == 0
    everything = capsys.readouterr().out
    assert all(policy.title.en in everything for policy in shipped().policies)


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
