"""The language server end to end: a client that knows nothing of this library, over standard input and output."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pytest_lsp import LanguageClient
from server_client import CONFIG, changed, opened, position, started, wrong

LESSON = Path(__file__).parents[2] / "docs" / "examples" / "lesson"


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    folder = tmp_path / "教学 县"
    shutil.copytree(LESSON, folder)
    return folder


async def session(lsp_client: LanguageClient, lesson: Path) -> AsyncIterator[None]:
    await started(lsp_client, lesson)
    yield
    await lsp_client.shutdown_session()


client = pytest_lsp.fixture(session, config=CONFIG)


@pytest.mark.asyncio
async def test_what_is_wrong_is_told_as_one_types_and_taken_back(client: LanguageClient, lesson: Path) -> None:
    path = lesson / "policies.yaml"
    text = opened(client, path)
    await wrong(client, path, [])
    changed(client, path, text.replace("享受低保 且 年龄 >= 80", "享受低宝 且 年龄 >= 80"))
    found = (await wrong(client, path, ["N101"]))[0]
    assert found.message.startswith("没有名为“享受低宝”的事实、术语或代码") and "享受低保" in found.message
    assert "nothing is called" not in found.message
    assert found.source == "fupin" and found.range.start.line == 8
    assert found.range.end.character - found.range.start.character == 4
    changed(client, path, text.replace("享受低保 且 年龄 >= 80", "年龄 <"), 3)
    await wrong(client, path, ["S005"])
    changed(client, path, text.replace("title: {zh: 高龄津贴, en: Old-age allowance}", "tit"), 4)
    await wrong(client, path, ["Y103"])
    changed(client, path, text, 5)
    await wrong(client, path, [])


@pytest.mark.asyncio
async def test_a_fault_in_one_file_that_another_unsaved_one_makes(client: LanguageClient, lesson: Path) -> None:
    policies, terms = lesson / "policies.yaml", lesson / "terms.yaml"
    opened(client, policies)
    await wrong(client, policies, [])
    opened(client, terms, terms.read_text(encoding="utf-8").replace("label: 重度残疾", "label: 残疾很重"))
    await wrong(client, policies, ["N101"])
    await wrong(client, terms, [])


@pytest.mark.asyncio
async def test_half_a_comparison_is_completed(client: LanguageClient, lesson: Path) -> None:
    path = lesson / "policies.yaml"
    text = opened(client, path)
    await wrong(client, path, [])
    changed(client, path, text.replace("享受低保 且 年龄 >= 80", "残疾等级 ="))
    changed(client, path, text := text.replace("享受低保 且 年龄 >= 80", "残疾等级 = 二"), 3)
    at = position(text, "残疾等级 = 二")
    found = await client.text_document_completion_async(
        lsp.CompletionParams(lsp.TextDocumentIdentifier(path.as_uri()), at)
    )
    assert isinstance(found, lsp.CompletionList)
    assert sorted(one.label for one in found.items) == ["一级", "三级", "二级", "无残疾"]
    edit = next(one for one in found.items if one.label == "二级").text_edit
    assert isinstance(edit, lsp.TextEdit) and edit.new_text == "二级"
    assert (edit.range.start.character, edit.range.end) == (at.character - 1, at)


@pytest.mark.asyncio
async def test_a_name_is_explained_found_and_changed(client: LanguageClient, lesson: Path) -> None:
    path = lesson / "policies.yaml"
    text = opened(client, path)
    document, at = lsp.TextDocumentIdentifier(path.as_uri()), position(text, "when: 享受")
    hover = await client.text_document_hover_async(lsp.HoverParams(document, at))
    assert hover is not None and isinstance(hover.contents, lsp.MarkupContent)
    assert hover.contents.value.startswith("**享受低保** `on_allowance`")
    found = await client.text_document_definition_async(lsp.DefinitionParams(document, at))
    assert isinstance(found, list) and isinstance(found[0], lsp.Location) and found[0].uri.endswith("/facts.yaml")
    context = lsp.ReferenceContext(include_declaration=False)
    used = await client.text_document_references_async(lsp.ReferenceParams(context, document, at))
    assert used is not None and len(used) == 7
    edit = await client.text_document_rename_async(lsp.RenameParams(document, at, "领取低保"))
    assert edit is not None and edit.changes is not None
    assert {uri.rsplit("/", 1)[1]: len(some) for uri, some in edit.changes.items()} == {
        "facts.yaml": 1,
        "policies.yaml": 7,
    }
    with pytest.raises(JsonRpcException, match="已经是"):
        await client.text_document_rename_async(lsp.RenameParams(document, at, "年龄"))


@pytest.mark.asyncio
async def test_a_file_has_an_outline_and_is_put_in_canonical_form(client: LanguageClient, lesson: Path) -> None:
    path = lesson / "policies.yaml"
    said = path.read_text(encoding="utf-8").replace("享受低保 且 年龄 >= 80", "(享受低保)且 年龄>=80")
    text = opened(client, path, said)
    document = lsp.TextDocumentIdentifier(path.as_uri())
    symbols = await client.text_document_document_symbol_async(lsp.DocumentSymbolParams(document))
    assert symbols is not None and [one.name for one in symbols] == ["高龄津贴", "医疗救助"]
    names = await client.workspace_symbol_async(lsp.WorkspaceSymbolParams("高龄"))
    assert names is not None and [one.name for one in names] == ["高龄津贴 (elderly.old_age_allowance)"]
    options = lsp.FormattingOptions(tab_size=2, insert_spaces=True)
    edits = await client.text_document_formatting_async(lsp.DocumentFormattingParams(document, options))
    assert edits is not None and [one.new_text for one in edits] == ["享受低保 且 年龄 >= 80"]
    assert edits[0].range.start == position(text, "when: ")


@pytest.mark.asyncio
async def test_a_fault_is_mended_values_are_shown_and_expressions_coloured(
    client: LanguageClient, lesson: Path
) -> None:
    path = lesson / "policies.yaml"
    text = opened(client, path)
    document = lsp.TextDocumentIdentifier(path.as_uri())
    whole = lsp.Range(lsp.Position(0, 0), position(text, "1300.00"))
    await wrong(client, path, [])
    hints = await client.text_document_inlay_hint_async(lsp.InlayHintParams(document, whole))
    assert hints is not None and [one.label for one in hints] == [" = 200元", " = 80元", " = 200元"]
    assert hints[0].position == position(text, "amount: 参数.津贴_80岁以上")
    colours = await client.text_document_semantic_tokens_full_async(lsp.SemanticTokensParams(document))
    assert colours is not None
    first = position(text, "when: ")
    assert list(colours.data[:10]) == [first.line, first.character, 4, 5, 0, 0, 5, 1, 0, 0]
    changed(client, path, text.replace("享受低保 且 年龄 >= 80", "享受低宝 且 年龄 >= 80"))
    found = await wrong(client, path, ["N101"])
    context = lsp.CodeActionContext(diagnostics=found)
    actions = await client.text_document_code_action_async(lsp.CodeActionParams(document, found[0].range, context))
    assert actions is not None and isinstance(actions[0], lsp.CodeAction)
    assert actions[0].title == "改成“享受低保”" and actions[0].edit is not None and actions[0].edit.changes is not None
    edit = actions[0].edit.changes[path.as_uri()][0]
    assert isinstance(edit, lsp.TextEdit) and (edit.range, edit.new_text) == (found[0].range, "享受低保")
