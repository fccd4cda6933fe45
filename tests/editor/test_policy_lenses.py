"""The line over each policy: of unsaved texts, with a registry at hand, and end to end."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import pytest_lsp
from edited_ruleset import LESSON
from lsprotocol import types as lsp
from pytest_lsp import LanguageClient
from server_client import CONFIG, changed, opened, position, started, wrong

from fupin_policy.diagnostics import Reporter
from fupin_policy.editor import policy_counts
from fupin_policy.editor.policy_counts import CountRequest, PolicyCounts, counted
from fupin_policy.editor.policy_lenses import said_of
from fupin_policy.editor.workspace import Workspace

AID = "health.medical_aid"
HOUSEHOLDS = "户编号,享受低保,乡镇,医疗费用\nh1,是,东河镇,7000\nh2,否,东河镇,9000\nh3,是,西山镇,\n"
MEMBERS = "户编号,人编号,出生日期,残疾等级\nh1,a,1930-01-01,\nh2,b,1950-01-01,无残疾\nh3,c,1980-01-01,\n"
DAY = date(2019, 6, 30)


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    folder = tmp_path / "lesson"
    shutil.copytree(LESSON, folder)
    (folder / "demo").mkdir()
    (folder / "demo" / "households.csv").write_text(HOUSEHOLDS, encoding="utf-8")
    (folder / "demo" / "members.csv").write_text(MEMBERS, encoding="utf-8")
    return folder


def _counts(folder: Path, workspace: Workspace, registry: bool = True) -> PolicyCounts:
    files = workspace.whole_files(folder, Reporter())
    extract = (folder / "demo" / "households.csv", folder / "demo" / "members.csv") if registry else None
    return counted(CountRequest(files, extract, DAY))


def test_examples_parts_and_households_are_counted_of_the_text_as_it_stands(lesson: Path) -> None:
    workspace, path = Workspace(), lesson / "policies.yaml"
    found = _counts(lesson, workspace)
    assert said_of(found.policies["elderly.old_age_allowance"], found).zh == (
        "例子 3/3 通过 · 6 处没有例子试到 · 3 户中 1 户适用，一年 2,400.00（2019-06-30）"
    )
    assert said_of(found.policies[AID], found).en == (
        "1/1 examples pass · 6 parts untried · applies to 2 of 3 households, 1,300.00–738,050.00 a year (2019-06-30)"
    )
    text = path.read_text(encoding="utf-8").replace('amount: "1300.00"', 'amount: "1400.00"')
    workspace.open(path, text)
    assert _counts(lesson, workspace).policies[AID].failed == 1
    assert path.read_text(encoding="utf-8") != text


def test_without_a_registry_nothing_is_said_of_households(lesson: Path) -> None:
    found = _counts(lesson, Workspace(), registry=False)
    assert said_of(found.policies[AID], found).en == "1/1 examples pass · 6 parts untried"
    bare = replace(found.policies[AID], examples=0, untried=0)
    assert said_of(bare, found).zh == "没有例子"


def test_of_a_large_registry_a_sample_is_decided_and_called_so(lesson: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy_counts, "MAX_HOUSEHOLDS", 1)
    found = _counts(lesson, Workspace())
    assert (found.decided, found.households) == (1, 3)
    assert "抽样 1 户中 1 户适用" in said_of(found.policies[AID], found).zh
    assert "applies to 1 of a sample of 1 households" in said_of(found.policies[AID], found).en


def test_a_registry_that_cannot_be_read_is_said(lesson: Path) -> None:
    (lesson / "demo" / "members.csv").write_text("户编号,人编号,出生日期\nh1,a,1930-13-01\n", encoding="utf-8")
    (lesson / "demo" / "households.csv").write_text("谁\nh1\n", encoding="utf-8")
    found = _counts(lesson, Workspace())
    assert "户册读不了" in said_of(found.policies[AID], found).zh


async def session(lsp_client: LanguageClient, lesson: Path) -> AsyncIterator[None]:
    await started(lsp_client, lesson)
    yield
    await lsp_client.shutdown_session()


client = pytest_lsp.fixture(session, config=CONFIG)


@pytest.mark.asyncio
async def test_the_line_stands_over_the_policy_and_stays_while_rules_are_wrong(
    client: LanguageClient, lesson: Path
) -> None:
    path, renewed = lesson / "policies.yaml", asyncio.Event()
    client.feature(lsp.WORKSPACE_CODE_LENS_REFRESH)(lambda _: renewed.set())
    text = opened(client, path)
    await wrong(client, path, [])
    asked = lsp.CodeLensParams(lsp.TextDocumentIdentifier(path.as_uri()))
    found = await client.text_document_code_lens_async(asked)
    assert not found  # it is being counted
    await asyncio.wait_for(renewed.wait(), 60)
    found = await client.text_document_code_lens_async(asked)
    assert found is not None and len(found) == 2 and found[0].command is not None
    assert found[0].command.title.startswith("例子 3/3 通过 · 6 处没有例子试到 · 3 户中 1 户适用")
    assert found[0].range.start.line == position(text, "- id: elderly").line
    changed(client, path, text.replace("when: 享受低保 且 年龄 >= 80", "when: 享受低宝"))
    await wrong(client, path, ["N101"])
    assert len(await client.text_document_code_lens_async(asked) or []) == 2
