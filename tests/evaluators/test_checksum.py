"""An artifact that is not what was compiled is refused by everything in Python that reads one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fupin_policy import load
from fupin_policy.c_library import c_library
from fupin_policy.diagnostics import FupinError
from fupin_policy.evaluators.wasm import WasmEvaluator, read_manifest
from fupin_policy.evaluators.wasm.checksum import LENGTH, with_checksum
from fupin_policy.evaluators.wasm.columnar import ColumnarModule
from fupin_policy.evaluators.wasm.manifest import leb128, sections

LESSON = load(Path(__file__).parents[2] / "docs" / "examples" / "lesson")
WASM = LESSON.compile()
READERS: list[Callable[[bytes], Any]] = [
    read_manifest,
    c_library,
    lambda wasm: WasmEvaluator(LESSON.program, wasm),
    lambda wasm: ColumnarModule(LESSON.program, wasm),
]


def code(reader: Callable[[bytes], Any], wasm: bytes) -> str:
    with pytest.raises(FupinError) as refused:
        reader(wasm)
    (problem,) = refused.value.diagnostics
    return problem.code


def test_the_checksum_is_the_sha256_of_all_before_its_section() -> None:
    assert WASM[-LENGTH:] == b"\0\x2f\x0efupin.checksum" + hashlib.sha256(WASM[:-LENGTH]).digest()


@pytest.mark.fault("C11")
@pytest.mark.parametrize("reader", READERS)
def test_a_changed_module_is_refused_by_every_reader(reader: Callable[[bytes], Any]) -> None:
    changed = bytearray(WASM)
    changed[len(WASM) // 2] ^= 1
    assert code(reader, bytes(changed)) == "C022"
    assert code(reader, WASM[:-LENGTH]) == "C021"


@pytest.mark.fault("C11")
@settings(max_examples=200, deadline=None)
@given(at=st.integers(0, len(WASM) - 1), other=st.integers(0, 255))
def test_no_byte_can_be_changed(at: int, other: int) -> None:
    changed = WASM[:at] + bytes([other]) + WASM[at + 1 :]
    if changed == WASM:
        assert read_manifest(changed)["ruleset"] == "lesson"
    else:
        assert code(read_manifest, changed) in ("C020", "C021", "C022")


@pytest.mark.fault("C11")
@pytest.mark.parametrize(
    ("wrong", "wanted"),
    [
        (b"", "C020"),
        (b"<!doctype html>", "C020"),
        (b"\0asm\1\0\0\0", "C021"),
        (WASM[:1000], "C021"),
        (WASM[:-1], "C021"),
        (WASM + b"\0", "C021"),
        (WASM + WASM[-LENGTH:], "C022"),
        (with_checksum(b"\0asm\1\0\0\0"), "C020"),
        (with_checksum(b"\0asm\1\0\0\0\0\xff"), "C020"),
        (with_checksum(WASM[:-LENGTH].replace(b'"abi":5', b'"abi":9')), "C023"),
        (with_checksum(WASM[:-LENGTH].replace(b'{"abi":5', b'["abi":5')), "C020"),
    ],
)
def test_what_is_no_module_of_ours_is_refused(wrong: bytes, wanted: str) -> None:
    assert code(read_manifest, wrong) == wanted


def test_a_host_of_one_line_as_the_page_has_it() -> None:
    page = (Path(__file__).parents[2] / "docs" / "abi.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    found: dict[str, Any] = {}
    exec(text, found)
    assert found["unchanged"](WASM)
    assert not found["unchanged"](WASM[:-1] + b"\0") and not found["unchanged"](b"")


def test_what_is_said_of_a_changed_module() -> None:
    with pytest.raises(FupinError) as refused:
        read_manifest(WASM[:-1] + bytes([WASM[-1] ^ 1]))
    (problem,) = refused.value.diagnostics
    assert problem.sentence("zh") == "模块与它的校验和不符：编译之后被改动过"
    assert problem.sentence("en") == "the module does not agree with its checksum: it was changed after it was compiled"


def test_a_length_that_never_ends_is_refused_at_once() -> None:
    """Each byte of such a number would make it longer: a file of some megabytes took minutes."""
    endless = b"\0asm\1\0\0\0\0" + b"\xff" * 2_000_000
    with pytest.raises(ValueError, match="longer than 32 bits"):
        list(sections(endless))


@given(st.integers(0, 2**32 - 1))
def test_numbers_of_a_module_are_read_as_they_are_written(number: int) -> None:
    content = b"x" * (number % 50)
    section = b"\1" + leb128(len(content)) + content
    ((kind, name, whole, inner),) = sections(b"\0asm\1\0\0\0" + section)
    assert (kind, name, whole, inner) == (1, "", section, content)
    assert len(leb128(number)) <= 5
