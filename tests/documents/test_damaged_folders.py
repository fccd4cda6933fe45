"""Rulesets whose files are damaged at random, or missing: each is read, or diagnosed, and nothing raises."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fupin_policy.check import check
from fupin_policy.diagnostics import Reporter, RulesetError, render
from fupin_policy.documents import read
from fupin_policy.files.bounded import paths_of
from fupin_policy.ruleset import check_folder

SHIPPED = Path(__file__).parent.parent.parent / "policies" / "anqiu"
FILES = {path.relative_to(SHIPPED).as_posix(): path.read_bytes() for path in paths_of(SHIPPED)}
WORDS = sorted({word for data in FILES.values() for word in data.decode().replace(",", " ").split()})
SNIPPETS = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(
        ["", " ", "\n", ":", ": ", "- ", "[", "]", "{", "}", ",", "'", '"', "|", "&a", "!b", "~", "null", "[]", "{}"]
    ),
    st.sampled_from(
        ["0", "-1", "9999999999999999999", "0.001", "..", "60..", "2019-02-30", "true", "年令", "且", "=", "(", ")"]
    ),
    st.text(max_size=4),
)


@st.composite
def mutations(draw: st.DrawFn) -> tuple[str, bytes]:
    """One file of the shipped ruleset with stretches of it replaced by something else."""
    name = draw(st.sampled_from(sorted(FILES)))
    text = FILES[name].decode()
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.sampled_from([0, 1, 2, 5, 20, 200])))
        text = text[:start] + draw(SNIPPETS) + text[end:]
    return name, text.encode("utf-8", "replace")


@st.composite
def word_swaps(draw: st.DrawFn) -> tuple[str, bytes]:
    """One file of the shipped ruleset with one of its words replaced by another word of the ruleset."""
    name = draw(st.sampled_from(sorted(FILES)))
    text = FILES[name].decode()
    here = sorted(set(text.replace(",", " ").split()))
    return name, text.replace(draw(st.sampled_from(here)), draw(SNIPPETS), 1).encode("utf-8", "replace")


def survives(name: str, data: bytes) -> None:
    """Reading and checking the shipped ruleset with one file replaced gives a program or diagnostics."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "anqiu"
        for other, kept in FILES.items():
            path = folder / other
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data if other == name else kept)
        reporter = Reporter()
        program: Any = check(read(folder, reporter), reporter)
        assert reporter.errors or program is not None
        for one in reporter.diagnostics:
            render(one)
            one.as_json()


slow = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@pytest.mark.long
@slow
@given(st.sampled_from(sorted(FILES)), st.binary(max_size=100))
def test_a_file_of_random_bytes_is_diagnosed(name: str, data: bytes) -> None:
    survives(name, data)


@pytest.mark.long
@slow
@given(mutations())
def test_a_mutated_file_is_read_or_diagnosed(mutated: tuple[str, bytes]) -> None:
    survives(*mutated)


@pytest.mark.long
@slow
@given(word_swaps())
def test_a_file_with_a_word_replaced_is_read_or_diagnosed(mutated: tuple[str, bytes]) -> None:
    survives(*mutated)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("terms.yaml", "- [80..89,", "- [79..89,"),
        ("policies/disability.yaml", "    versions:", "    version:"),
        ("ruleset.yaml", "    money: CNY", "    monye: CNY"),
    ],
)
def test_what_once_made_checking_raise(name: str, old: str, new: str) -> None:
    text = FILES[name].decode()
    assert old in text
    survives(name, text.replace(old, new, 1).encode())


def test_a_folder_without_files_and_no_folder(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nothing", Path(__file__)):
        with pytest.raises(RulesetError) as caught:
            check_folder(folder)
        assert [one.code for one in caught.value.diagnostics] == ["Y114"]


@pytest.mark.long
def test_each_file_missing_in_turn_is_diagnosed_or_fine(tmp_path: Path) -> None:
    for number, name in enumerate(FILES):
        folder = tmp_path / str(number)
        shutil.copytree(SHIPPED, folder)
        (folder / name).unlink()
        reporter = Reporter()
        program = check(read(folder, reporter), reporter)
        assert reporter.errors or program is not None
