"""What is kept between two keystrokes changes nothing of what is told: after any edits all is as after a full check."""

from __future__ import annotations

import asyncio
import gc
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from edited_ruleset import LESSON
from hypothesis import given, settings
from hypothesis import strategies as st

from fupin_policy.check import check
from fupin_policy.diagnostics import Diagnostic, Reporter
from fupin_policy.documents import documents_of
from fupin_policy.editor import idle_collection
from fupin_policy.editor.idle_collection import IdleCollection
from fupin_policy.editor.workspace import Workspace
from fupin_policy.files.bounded import read_files

NAMES = ("facts.yaml", "parameters.yaml", "policies.yaml", "terms.yaml", "departments.yaml", "ruleset.yaml")
WRITTEN = ("x", "：", "享受低保", " 且 ", "(", "]", "\n", "  - ", "id: ", "100元", "#", "'", "\t", "1")
SEEN = (
    *("享受低保", "年龄", "元", "一级", "县民政局", "参数."),
    *("id", "versions", "when", "label", "for: member", "..", "{", ", ", "\n  ", "kind"),
)


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, str, int, int, str]:
    """A file, a word in it and which of these, how many signs go from its beginning, and what comes instead."""
    name, word = draw(st.sampled_from(NAMES)), draw(st.sampled_from(SEEN))
    return name, word, draw(st.integers(0, 20)), draw(st.integers(0, 6)), draw(st.sampled_from(("", *WRITTEN, *SEEN)))


def _edited(text: str, word: str, which: int, gone: int, new: str) -> str:
    at = -1
    for _ in range(which % max(1, text.count(word)) + 1):
        at = text.find(word, at + 1)
    return text[: max(at, 0)] + new + text[max(at, 0) + gone :]


def fully_checked(texts: dict[Path, str]) -> tuple[Diagnostic, ...]:
    """What a full check says of the lesson with other texts, with nothing kept."""
    files = read_files(LESSON)
    written = [
        replace(one, data=texts[one.path].encode("utf-8", "replace")) if one.path in texts else one
        for one in files.files
    ]
    reporter = Reporter()
    check(documents_of(replace(files, files=tuple(written)), reporter), reporter)
    return reporter.diagnostics


@given(st.lists(edits(), min_size=2, max_size=6))
@settings(max_examples=12, deadline=None)
def test_after_any_edits_the_same_is_told_as_by_a_full_check(series: list[tuple[str, str, int, int, str]]) -> None:
    workspace, texts = Workspace(), dict[Path, str]()
    workspace.snapshot(LESSON)
    for name, word, which, gone, new in series:
        path = LESSON / name
        before = texts[path] if path in texts else path.read_text(encoding="utf-8")
        texts[path] = _edited(before, word, which, gone, new)
        workspace.open(path, texts[path])
        assert workspace.snapshot(LESSON).diagnostics == fully_checked(texts)
    for path in texts:
        workspace.close(path)
    assert workspace.snapshot(LESSON).diagnostics == ()


def test_that_a_ruleset_extends_another_is_seen_once_it_is_written_and_forgotten_once_it_is_not(tmp_path: Path) -> None:
    top, workspace = tmp_path / "top", Workspace()
    shutil.copytree(LESSON, tmp_path / "base")
    top.mkdir()
    head = "kind: ruleset\nid: top\ntitle: {zh: 上级, en: top}\ncovers: 2018-01-01..2020-12-31\n"
    path = top / "ruleset.yaml"
    path.write_text(f"# extends\n{head}", encoding="utf-8")
    for written in ("", "extends: ../base\n", "", "extends: ../base\n"):
        workspace.open(path, f"# extends\n{head}{written}")
        for _ in range(2):
            files = workspace.snapshot(top).files
            assert any(file.inherited for file in files.values()) == bool(written)


def test_memory_is_collected_between_keystrokes_and_at_last_among_them(monkeypatch: pytest.MonkeyPatch) -> None:
    collected: list[int] = []
    monkeypatch.setattr(idle_collection, "IDLE", 0.01)
    monkeypatch.setattr(gc, "collect", lambda: collected.append(1))

    async def typed() -> None:
        memory = IdleCollection()
        for _ in range(idle_collection.MOST - 1):
            memory.checked()
        assert not collected and not gc.isenabled()
        memory.checked()
        assert len(collected) == 1
        memory.checked()
        await asyncio.sleep(0.05)
        assert len(collected) == 2
        memory.close()

    try:
        asyncio.run(typed())
        assert gc.isenabled()
    finally:
        gc.enable()
        gc.unfreeze()
