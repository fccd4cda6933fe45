"""What is kept between two keystrokes changes nothing of what is told: after any edits all is as after a full check."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from edited_ruleset import LESSON
from hypothesis import given, settings
from hypothesis import strategies as st

from fupin_policy.check import check
from fupin_policy.diagnostics import Diagnostic, Reporter
from fupin_policy.documents import documents_of
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
