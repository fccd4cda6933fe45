"""`fupin eval` from outside: households from files and pipes, in every form, and what is none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import DAY, HOUSEHOLD, dumped, expected, feed, fupin, lines_of, written
from command_line import own_cache as own_cache

from fupin_policy.cli.main import main

BROKEN = {"脱贫属性": "没有这个", "members": []}


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
