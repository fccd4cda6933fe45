"""The C library's texts, where nothing need be installed; `tests/hosts/test_c.py` compiles and runs it."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from fupin_policy import load
from fupin_policy.c_library import translation
from fupin_policy.c_library.library import c_library, text_of
from fupin_policy.c_library.notation import notation
from fupin_policy.c_library.spelling import comment, identifiers, literal, prefix
from fupin_policy.cli.main import main
from fupin_policy.diagnostics import FupinError
from fupin_policy.diagnostics.messages import table
from fupin_policy.evaluators.wasm import WasmEvaluator, data_of
from fupin_policy.intake.notation import MISPLACED

LESSON = load(Path(__file__).parents[2] / "docs" / "examples" / "lesson")


def test_reasons_are_those_of_python() -> None:
    text = text_of("decide.c")
    used = set(re.findall(r'"([HC]\d{3})"', text)) | set(MISPLACED.values())
    told = re.findall(r'^\s*\{"([HC]\d{3})", "(.+?)", "(.+?)"\}', notation(), re.MULTILINE)
    assert {code for code, _, _ in told} == used
    assert {code for code in used if code[0] == "H"} <= set(table())
    assert not {code for code in used if code[0] == "C"} & set(table()), "no message of ours has such a code"


def test_names_are_distinct_and_spelled_as_c_spells_them() -> None:
    assert identifiers("A", ["p.n0", "p_n0", "乡-x", "p.n0"]) == ["A_P_N0", "A_P_N0_2", "A___X", "A_P_N0_3"]
    assert [prefix(name) for name in ("anqiu", "Anqiu-2", "2019")] == ["anqiu", "anqiu_2", "rules_2019"]


def test_texts_end_no_literal_and_no_comment() -> None:
    assert literal('a"b\\c??/d\n\x01政') == '"a\\"b\\\\c\\?\\?/d\\n\\001政"'
    assert literal("anqiu.x ANQIU_Y") == '"anqi" "u.x ANQI" "U_Y"'
    assert comment("a */ b /* c\n d") == "a * / b / * c d"


def test_data_is_what_stands_in_memory_at_the_beginning() -> None:
    wasm = LESSON.compile()
    evaluator = WasmEvaluator(LESSON.program, wasm)
    import wasmtime

    store = wasmtime.Store(evaluator._engine)
    memory = wasmtime.Instance(store, evaluator._module, []).exports(store)["memory"]
    assert isinstance(memory, wasmtime.Memory)
    whole = bytearray(memory.data_len(store))
    for address, found in data_of(wasm).items():
        whole[address : address + len(found)] = found
    assert any(whole)
    assert bytes(whole) == bytes(memory.read(store, 0, memory.data_len(store)))


def test_without_wasm2c(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(translation, "wasm2c", lambda: None)
    assert main(["compile", "--c", str(tmp_path / "c")]) == 1
    assert "C001" in capsys.readouterr().err
    assert not (tmp_path / "c").exists()


@pytest.mark.parametrize(
    "written",
    [
        "exit 1",
        "echo 'int main() {}' > $5",
        "printf 'static void w2c_run(m* instance) {\\n  f99(instance);\\n}\\n' > $5",
        "printf 'static void w2c_run(m* instance) {\\n  w2c_unheard = 1;\\n}\\n' > $5",
    ],
)
def test_a_wasm2c_that_writes_something_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, written: str) -> None:
    tool = tmp_path / "wasm2c"
    tool.write_text(f"#!/bin/sh\n[ $1 = --version ] && echo 9.9.9 && exit\n{written}\n", encoding="utf-8")
    tool.chmod(tool.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setattr(translation, "wasm2c", lambda: str(tool))
    with pytest.raises(FupinError) as error:
        c_library(LESSON.compile())
    (found,) = error.value.diagnostics
    assert found.code == "C002" and "9.9.9" in found.sentence("en")
