"""Foreign text reaches a person through one function: what a terminal would obey, or nobody sees, is written out."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_policy.cli.main import main
from fupin_policy.diagnostics import InputError, Reporter, Source, Span, render
from fupin_policy.diagnostics.showing import MAX_LENGTH, hidden_signs, json_line, shown, shown_lines
from fupin_policy.ruleset import SHIPPED, load

SOURCE = Path(__file__).parents[2] / "fupin_policy"
HOSTILE = "甲\x1b[2J\x07\u202e乙\u200b\x9b丙"
WRITTEN_OUT = "甲<U+001B>[2J<U+0007><U+202E>乙<U+200B><U+009B>丙"

pytestmark = pytest.mark.fault("C7")


def test_what_a_terminal_would_obey_is_written_out() -> None:
    assert shown(HOSTILE) == WRITTEN_OUT
    assert shown_lines(f"一\n{HOSTILE}") == f"一\n{WRITTEN_OUT}"
    assert shown("一\r\n二\t三") == "一  二<U+0009>三"
    assert hidden_signs(HOSTILE) == ["\x1b", "\x07", "\u202e", "\u200b", "\x9b"]


@given(st.text())
def test_nothing_hidden_is_left_and_nothing_else_is_changed(text: str) -> None:
    out = shown(text)
    assert not hidden_signs(out) and "\n" not in out
    assert all(char.isprintable() or char in "\u3000\xa0" or ord(char) > 0x2FF for char in out)
    if not hidden_signs(text) and len(text) <= MAX_LENGTH:
        assert out == text
    assert json.loads(json_line(text)) == text and not hidden_signs(json_line(text))


def test_long_text_is_cut() -> None:
    out = shown("长" * 4_000_000)
    assert len(out) == MAX_LENGTH and out.endswith("…")


def test_a_diagnostic_shows_words_suggestion_file_and_line_so() -> None:
    reporter = Reporter()
    source = Source(f"{HOSTILE}.yaml", f"a: {HOSTILE}\n")
    reporter.report("N101", Span(source, 3, 3 + len(HOSTILE)), name=HOSTILE, suggestion=HOSTILE)
    reporter.report("N101", f"members[{HOSTILE}]", name=HOSTILE)
    for found in reporter.diagnostics:
        said = render(found)
        assert not hidden_signs(said.replace("\n", ""))
        assert WRITTEN_OUT in found.place and WRITTEN_OUT in found.sentence("zh") and WRITTEN_OUT in said
        assert not hidden_signs(json.dumps(found.as_json(), ensure_ascii=False))


def test_the_carets_stand_below_what_is_shown() -> None:
    text = "甲\x07乙: 年令"
    reporter = Reporter()
    reporter.report("N101", Span(Source("a.yaml", text), 5, 7), name="年令")
    lines = render(reporter.diagnostics[0]).split("\n")
    assert lines[4] == "1 | 甲<U+0007>乙: 年令"
    assert lines[5] == "  | " + " " * (2 + 8 + 2 + 2) + "^^^^"


def test_of_a_long_line_the_place_is_shown() -> None:
    text = "x" * 10_000 + " 年令 " + "y" * 10_000
    reporter = Reporter()
    reporter.report("N101", Span(Source("a.yaml", text), 10_001, 10_003), name="年令")
    lines = render(reporter.diagnostics[0]).split("\n")
    assert len(lines[4]) < 200 and "年令" in lines[4]
    before = lines[4].index("年令") - len("1 | ")
    assert lines[5] == "  | " + " " * before + "^^^^"


def test_data_and_names_of_files_reach_the_terminal_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a\x1b]0;x\x07.json"
    file.write_text(json.dumps({"id": HOSTILE, HOSTILE: 1, "members": [{"id": HOSTILE}]}), encoding="utf-8")
    for command in (
        ["eval", str(file)],
        ["eval", str(file), "--format", "json"],
        ["explain", str(file), "--policy", HOSTILE],
    ):
        main([*command, "--as-of", "2019-06-30"])
        out, err = capsys.readouterr()
        assert not hidden_signs((out + err).replace("\n", "")), command
    assert main(["eval", str(tmp_path / HOSTILE)]) == 1
    assert WRITTEN_OUT in capsys.readouterr().err


def test_a_value_of_four_megabytes_does_not_fill_the_screen() -> None:
    ruleset = load(SHIPPED)
    with pytest.raises(InputError) as caught:
        ruleset.evaluate(
            {"id": "h", "残疾等级": 1, "members": [{"id": "m", "残疾等级": "x" * 4_000_000}]}, "2019-06-30"
        )
    assert all(len(render(one)) < 4_000 for one in caught.value.diagnostics)


def test_nothing_else_of_the_library_prints() -> None:
    others = []
    for path in sorted(SOURCE.rglob("*.py")):
        if path.name == "showing.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="print")):
                    pass
                case ast.Call(func=ast.Attribute(attr="write" | "writelines", value=to)) if "std" in ast.unparse(to):
                    pass
                case _:
                    continue
            others.append(f"{path.relative_to(SOURCE)}:{node.lineno}")
    assert others == []
