"""The quick fix that writes an example for a part that none tries: end to end, and that what it writes is tried."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
import pytest_lsp
from edited_ruleset import LESSON
from lsprotocol import types as lsp
from pytest_lsp import LanguageClient
from server_client import CONFIG, changed, opened, position, started, wrong

from fupin_policy.analysis.example_coverage import coverage_of
from fupin_policy.analysis.examples import run_examples
from fupin_policy.diagnostics import Reporter
from fupin_policy.documents import read
from fupin_policy.editor.example_texts import example_place
from fupin_policy.editor.example_writer import ExampleRequest, written
from fupin_policy.editor.policy_counts import CountRequest, UntriedPart, counted
from fupin_policy.editor.workspace import Workspace
from fupin_policy.ruleset import load

DAY = date(2019, 6, 30)


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    folder = tmp_path / "lesson"
    shutil.copytree(LESSON, folder)
    return folder


def _written(folder: Path, part: UntriedPart) -> None:
    """The example for a part, written into its file."""
    workspace = Workspace()
    snapshot = workspace.snapshot(folder)
    file = next(one for one in snapshot.files.values() if one.path.name == "policies.yaml")
    place = example_place(file, part.policy)
    assert place is not None
    files = workspace.whole_files(folder, Reporter())
    text = written(ExampleRequest(files, part, file.path.as_posix(), place, "写的例子"))
    assert text is not None, part
    file.path.write_text(f"{file.text[: place.offset]}{text}{file.text[place.offset :]}", encoding="utf-8")


def _untried(folder: Path) -> tuple[UntriedPart, ...]:
    return counted(CountRequest(Workspace().whole_files(folder, Reporter()), None, DAY)).parts


def test_every_part_that_is_untried_gets_an_example_that_passes_and_tries_it(lesson: Path) -> None:
    left = len(_untried(lesson))
    assert left == 14
    while parts := _untried(lesson):
        assert len(parts) <= left
        _written(lesson, parts[0])
        left = len(parts) - 1
    ran, faults = run_examples(lesson)
    assert ran > 10 and not faults
    assert not coverage_of(load(lesson), read(lesson, Reporter()), whole=True).missing


@pytest.mark.parametrize(
    ("form", "examples", "first"),
    [
        ("none yet", "  # 还没有例子\n", "  # 还没有例子\n    examples:\n      - name: "),
        (
            "in brackets",
            "\n    examples: [{name: 一, as_of: 2019-06-30, household: {members: [{id: m1}]}, expect: unknown}]\n",
            "expect: unknown}, {name: ",
        ),
        (
            "in Chinese",
            "\n    例子:\n    - 名称: 一\n      基准日: 2019-06-30\n"
            "      一户: {成员: [{id: m1}]}\n      应得结果: unknown\n",
            "      应得结果: unknown\n    - 名称: ",
        ),
    ],
)
def test_it_is_written_as_the_file_is(lesson: Path, form: str, examples: str, first: str) -> None:
    path = lesson / "policies.yaml"
    text = path.read_text(encoding="utf-8").rpartition("    examples:\n")[0].rstrip() + examples
    text = text.replace("kind: policies\n", "种类: policies\n") if form == "in Chinese" else text
    path.write_text(text, encoding="utf-8")
    part = next(one for one in _untried(lesson) if one.policy == "health.medical_aid")
    _written(lesson, part)
    assert first in path.read_text(encoding="utf-8") and part.key not in [one.key for one in _untried(lesson)]


def test_where_no_example_exists_none_is_written(lesson: Path) -> None:
    path = lesson / "policies.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("享受低保 且 年龄 >= 80", "享受低保 且 年龄 >= 130", 1), encoding="utf-8")
    never = next(one for one in _untried(lesson) if one.part == "when" and one.path == (1,) and one.value == 3)
    with pytest.raises(AssertionError, match="UntriedPart"):
        _written(lesson, never)


async def session(lsp_client: LanguageClient, lesson: Path) -> AsyncIterator[None]:
    await started(lsp_client, lesson)
    yield
    await lsp_client.shutdown_session()


client = pytest_lsp.fixture(session, config=CONFIG)


async def _offered(client: LanguageClient, path: Path, at: lsp.Position) -> list[lsp.CodeAction]:
    context = lsp.CodeActionContext(diagnostics=[])
    params = lsp.CodeActionParams(lsp.TextDocumentIdentifier(path.as_uri()), lsp.Range(at, at), context)
    found = await client.text_document_code_action_async(params)
    return [one for one in found or () if isinstance(one, lsp.CodeAction)]


@pytest.mark.asyncio
async def test_an_example_is_written_for_the_untried_part_at_the_cursor(client: LanguageClient, lesson: Path) -> None:
    path, renewed = lesson / "policies.yaml", asyncio.Event()
    client.feature(lsp.WORKSPACE_CODE_LENS_REFRESH)(lambda _: renewed.set())
    text = opened(client, path)
    await wrong(client, path, [])
    at = position(text, "when: 享受低保 或 有")
    assert await _offered(client, path, at) == []  # what is untried is being counted
    await asyncio.wait_for(renewed.wait(), 60)
    found = await _offered(client, path, at)
    titles = [one.title for one in found]
    assert titles == [f"写一个例子，由“有成员满足(重度残疾)”为{value}决定" for value in ("假", "真")]
    head = await _offered(client, path, position(text, "- id: health"))
    assert len(head) == 5 and "写一个例子，由“享受低保”为假决定" in [one.title for one in head]
    assert found[0].edit is None
    chosen = await client.code_action_resolve_async(found[1])
    assert chosen.edit is not None and chosen.edit.changes is not None
    (edit,) = chosen.edit.changes[path.as_uri()]
    assert isinstance(edit, lsp.TextEdit) and edit.new_text == (
        '\n      - name: "有成员满足(重度残疾) 为真"\n        as_of: 2019-06-30\n'
        '        household: {享受低保: 否, 医疗费用: "7000.00", members: [{id: m1, 残疾等级: 一级}]}\n'
        '        expect: {status: eligible, amount: "1300.00"}'
    )
    lines = text.split("\n")
    assert edit.range.start == edit.range.end == lsp.Position(len(lines) - 2, len(lines[-2]))
    after = text.removesuffix("\n") + edit.new_text + "\n"
    renewed.clear()
    changed(client, path, after)
    await wrong(client, path, [])
    assert await _offered(client, path, at) == []  # places are those of another text
    await asyncio.wait_for(renewed.wait(), 60)
    assert [one.title for one in await _offered(client, path, at)] == titles[:1]
