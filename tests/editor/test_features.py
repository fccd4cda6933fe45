"""Every feature of the server once more, end to end: a client asks, and what it is told is compared or done."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_lsp
from edited_ruleset import LESSON
from lsprotocol import types as lsp
from pytest_lsp import LanguageClient
from server_client import CONFIG, changed, opened, position, started, wrong

WHEN = "when: 享受低保 且 年龄 >= 80"
AMOUNT = "amount: 参数.津贴_80岁以上"


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    folder = tmp_path / "lesson"
    shutil.copytree(LESSON, folder)
    return folder


async def session(lsp_client: LanguageClient, lesson: Path) -> AsyncIterator[None]:
    await started(lsp_client, lesson)
    yield
    await lsp_client.shutdown_session()


client = pytest_lsp.fixture(session, config=CONFIG)


def _document(path: Path) -> lsp.TextDocumentIdentifier:
    return lsp.TextDocumentIdentifier(path.as_uri())


async def _completed(client: LanguageClient, path: Path, text: str, at: int) -> list[lsp.CompletionItem]:
    where = position(text[:at] + "\0" + text[at:], text[:at])
    found = await client.text_document_completion_async(lsp.CompletionParams(_document(path), where))
    assert isinstance(found, lsp.CompletionList)
    return sorted(found.items, key=lambda one: one.sort_text or "")


@pytest.mark.asyncio
async def test_completion_of_keys_values_and_in_expressions(client: LanguageClient, lesson: Path) -> None:
    path = lesson / "policies.yaml"
    text, version = opened(client, path), 1
    await wrong(client, path, [])
    kinds = lsp.CompletionItemKind
    for old, new, first, kind in (
        (f"        {WHEN}\n", "        |\n", ["when"], kinds.Property),
        (f"        {WHEN}\n", "        适|\n", ["when"], kinds.Property),
        ("kind: cash", "kind: |", [], kinds.EnumMember),
        ("lead: [县民政局]", "lead: [|]", ["县卫生健康局", "县民政局"], kinds.Module),
        ("basis: [lesson-1 1.1]", "basis: [|]", [], kinds.Reference),
        (WHEN, "when: |", ["重度残疾", "享受低保"], kinds.Variable),
        (WHEN, "when: 享受低保 |", ["且", "或"], kinds.Operator),
        (WHEN, "when: 残疾等级 = |", ["一级"], kinds.EnumMember),
        (WHEN, "when: 医疗费用 > 3000|", ["元"], kinds.Unit),
        (WHEN, "when: 医疗费用 < |", ["参数.津贴_60至79岁"], kinds.Constant),
        (WHEN, "when: 符合(|", ["高龄津贴", "医疗救助"], kinds.Class),
        ("{享受低保: 是, 乡镇: 东河镇, members", "{享受低保: 是, |, members", [], kinds.Field),
    ):
        assert old in text
        changed(client, path, text, version + 1)
        await wrong(client, path, [])  # names are those of the last check
        at, version = text.index(old) + new.index("|"), version + 2
        now = text.replace(old, new.replace("|", ""), 1)
        changed(client, path, now, version)
        found = await _completed(client, path, now, at)
        assert [one.label for one in found][: len(first)] == first, new
        assert found[0].kind == kind if first else kind in {one.kind for one in found}, new
    now = text.replace(WHEN, "when: ", 1)
    changed(client, path, now, version + 1)
    offered = {one.label: one for one in await _completed(client, path, now, text.index(WHEN) + len("when: "))}
    assert offered["有成员满足"].kind == kinds.Function
    assert not {"true", "false"} & set(offered)


@pytest.mark.asyncio
async def test_snippets_of_a_policy_version_example_table_fact_term_and_parameter(
    client: LanguageClient, lesson: Path
) -> None:
    for name, old, new, label, within in (
        ("policies.yaml", "\n  - id: health.", "\n  - |\n\n  - id: health.", "政策 / policy", "\n    versions:"),
        (
            "policies.yaml",
            "\n      - valid: 2019-01-01..",
            "\n      - |\n      - valid: 2019-01-01..",
            "版本 / version",
            "when:",
        ),
        ("policies.yaml", "\n      - name: 差一天", "\n      - |\n      - name: 差一天", "例子 / example", "expect:"),
        ("policies.yaml", AMOUNT, "amount: |", "分档表 / table", "rows:"),
        ("facts.yaml", "\nfacts:\n", "\nfacts:\n  - |\n", "事实 / fact", "type: ${4|truth"),
        ("terms.yaml", "\nterms:\n", "\nterms:\n  - |\n", "定义 / term", "value: ${4"),
        ("parameters.yaml", "\nparameters:\n", "\nparameters:\n  - |\n", "参数 / parameter", "range:"),
    ):
        path = lesson / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        at, now = text.index(old) + new.index("|"), text.replace(old, new.replace("|", ""), 1)
        opened(client, path, now)
        one = next(each for each in await _completed(client, path, now, at) if each.label == label)
        assert one.insert_text_format == lsp.InsertTextFormat.Snippet and one.kind == lsp.CompletionItemKind.Snippet
        assert isinstance(one.text_edit, lsp.TextEdit) and within in one.text_edit.new_text
        client.text_document_did_close(lsp.DidCloseTextDocumentParams(_document(path)))


@pytest.mark.asyncio
async def test_hover_definition_and_uses_of_all_that_has_a_name(client: LanguageClient, lesson: Path) -> None:
    path = lesson / "policies.yaml"
    text = opened(client, path)
    await wrong(client, path, [])
    for after, told in (
        ("when: 享", "**享受低保** `on_allowance`\n\n事实 · 户 · 是否"),
        ("享受低保 且 年", "数，0 岁 .. 120 岁"),
        ("享受低保 且 年龄 >", "`年龄 >= 80`: 是否"),
        ("参数.津贴_8", "- 2018-01-01..: 200元 — 示例 · lesson-figures"),
        ("lead: [县民", "县民政局"),
        ("basis: [lesson-1 1", "教学〔2018〕1号"),
        ("    ver", "各时期的版本"),
        ("乡镇: 东", "代码 · town"),
    ):
        found = await client.text_document_hover_async(lsp.HoverParams(_document(path), position(text, after)))
        assert found is not None and isinstance(found.contents, lsp.MarkupContent), after
        assert told in found.contents.value, after
    for after, file in (
        ("享受低保 且 年", "terms.yaml"),
        ("参数.津贴_8", "parameters.yaml"),
        ("lead: [县民", "departments.yaml"),
        ("乡镇: 东", "places.yaml"),
    ):
        at = position(text, after)
        where = await client.text_document_definition_async(lsp.DefinitionParams(_document(path), at))
        assert isinstance(where, list) and isinstance(where[0], lsp.Location)
        assert where[0].uri == (lesson / file).as_uri(), after
        with_declaration = lsp.ReferenceContext(include_declaration=True)
        used = await client.text_document_references_async(lsp.ReferenceParams(with_declaration, _document(path), at))
        assert used is not None and {one.uri for one in used} >= {path.as_uri(), (lesson / file).as_uri()}, after
    place = await client.text_document_prepare_rename_async(
        lsp.PrepareRenameParams(_document(path), position(text, "when: 享"))
    )
    assert isinstance(place, lsp.PrepareRenamePlaceholder) and place.placeholder == "享受低保"


def _done(text: str, edits: list[lsp.TextEdit]) -> str:
    """A text after edits; of each line the characters are counted as UTF-16, in which these are one each."""
    lines = text.split("\n")
    starts = [sum(len(line) + 1 for line in lines[:number]) for number in range(len(lines))]
    for one in sorted(edits, key=lambda edit: (edit.range.start.line, edit.range.start.character), reverse=True):
        start = starts[one.range.start.line] + one.range.start.character
        end = starts[one.range.end.line] + one.range.end.character
        text = text[:start] + one.new_text + text[end:]
    return text


@pytest.mark.asyncio
async def test_each_quick_fix_is_offered_and_what_it_does_is_read(client: LanguageClient, lesson: Path) -> None:
    path = lesson / "policies.yaml"
    text, version = opened(client, path), 1
    await wrong(client, path, [])
    for old, new, code, title, left in (
        (WHEN, "when: 享受低宝", "N101", "改成“享受低保”", []),
        (WHEN, "when: 享受低保 且 年龄 >= 80 或 重度残疾", "T228", "写上括号：(享受低保 且 年龄 >= 80)", []),
        ("            otherwise: 0元\n", "", "R303", "补上缺的行：0岁..59岁", ["N101"]),
        (WHEN, "when: 残疾等级 = 五级", "N102", "在代码表“disability_level”中增加“五级”", []),
        (
            "valid: 2019-01-01..",
            "valid: 2019-03-01..",
            "N130",
            "补一个版本：2019-01-01..2019-02-28，内容照上一个版本",
            [],
        ),
        (WHEN, "when: 独居", "N101", "声明为事实：{name: fact_1, label: 独居, for: member, type: truth}", []),
    ):
        version += 1
        now = text.replace(old, new, 1)
        changed(client, path, now, version)
        found = await wrong(client, path, [code])
        context = lsp.CodeActionContext(diagnostics=found)
        asked = lsp.CodeActionParams(_document(path), found[0].range, context)
        actions = await client.text_document_code_action_async(asked)
        chosen = next(one for one in actions or () if isinstance(one, lsp.CodeAction) and one.title == title)
        assert chosen.edit is not None and chosen.edit.changes is not None
        version += 1
        for uri, edits in chosen.edit.changes.items():
            file = next(one for one in lesson.iterdir() if one.as_uri() == uri)
            before = now if file == path else file.read_text(encoding="utf-8")
            after = _done(before, [one for one in edits if isinstance(one, lsp.TextEdit)])
            changed(client, path, after, version) if file == path else opened(client, file, after)
        await wrong(client, path, left)
        for uri in chosen.edit.changes:
            if uri != path.as_uri():
                client.text_document_did_close(lsp.DidCloseTextDocumentParams(lsp.TextDocumentIdentifier(uri)))
