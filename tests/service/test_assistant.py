"""An assistant's own client, over standard streams, is given what the rules say, and told what is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import pytest

pytest.importorskip("mcp", reason="the extra assistant is not installed")

import anyio
from jsonschema import Draft202012Validator
from mcp import Client, MCPError, StdioServerParameters, types

from fupin_policy import Ruleset, load

ROOT = Path(__file__).parents[2]
LESSON = ROOT / "docs" / "examples" / "lesson"
MEASURES = ROOT / "docs" / "examples" / "measures"
AS_OF = "2019-06-30"
HOUSEHOLD = json.loads((ROOT / "docs" / "examples" / "household.json").read_text(encoding="utf-8"))
T = TypeVar("T")


@pytest.fixture(scope="module")
def ruleset() -> Ruleset:
    return load(LESSON)


def talk(work: Callable[[Client], Awaitable[T]], *arguments: str) -> T:
    """What is done with a client of a server in a process of its own."""
    command = ["-m", "fupin_policy", "mcp", *(arguments or [str(LESSON)])]

    async def run() -> T:
        async with Client(StdioServerParameters(command=sys.executable, args=command, cwd=ROOT)) as client:
            return await work(client)

    return anyio.run(run)


def told(found: types.CallToolResult) -> list[str]:
    return [one.text for one in found.content if isinstance(one, types.TextContent)]


def data(found: types.CallToolResult) -> Mapping[str, Any]:
    assert not found.is_error, told(found)
    assert isinstance(found.structured_content, dict)
    return found.structured_content


@pytest.fixture(scope="module")
def answers() -> Mapping[str, Any]:
    """The tools, and what they answer, all in one session."""
    asked = {"household": HOUSEHOLD, "as_of": AS_OF}
    days = {"from": "2019-06-01", "to": "2020-06-30"}
    reply = {"question": "birth_date", "member": "m2", "answer": "1959-01-01"}
    bad = {"id": "x", "收人": 1, "members": [{"id": "m1", "出生日期": "昨天"}]}
    questions: list[tuple[str, str, dict[str, Any]]] = [
        ("evaluate", "evaluate", asked),
        ("explain", "explain", {**asked, "policies": ["医疗救助"]}),
        ("ask_next", "ask_next", {**asked, "answers": [reply]}),
        ("timeline", "timeline", {"household": HOUSEHOLD, **days}),
        ("compare", "compare", {**asked, "settings": {"参数.津贴_80岁以上": 150.5}}),
        ("list_policies", "list_policies", {"text": "高龄", "as_of": AS_OF}),
        ("list_facts", "list_facts", {"text": "出生"}),
        ("list_parameters", "list_parameters", {"text": "80岁"}),
        ("describe", "describe", {"name": "津贴_80岁以上", "as_of": AS_OF}),
        ("wrong 0", "evaluate", {"household": bad, "as_of": "2019-13-01", "figure": []}),
        ("wrong 1", "evaluate", {"household": [1]}),
        ("wrong 2", "explain", {**asked, "policies": ["没有的"]}),
        ("wrong 3", "compare", {**asked, "settings": {"参数.没有": 1}}),
        ("wrong 4", "describe", {"name": "没有的名称"}),
        ("wrong 5", "list_facts", {"text": 5}),
        ("wrong 6", "list_facts", {"ruleset": "anqiu"}),
    ]

    async def work(client: Client) -> dict[str, Any]:
        with pytest.raises(MCPError, match="there is no tool pay"):
            await client.call_tool("pay", {})
        found = {name: await client.call_tool(tool, arguments) for name, tool, arguments in questions}
        return {"tools": (await client.list_tools()).tools, **found}

    return talk(work)


def test_tools_say_what_they_take(answers: Mapping[str, Any]) -> None:
    assert [one.name for one in answers["tools"]] == [
        *("evaluate", "explain", "ask_next", "timeline", "compare"),
        *("list_policies", "list_facts", "list_parameters", "describe", "search_clauses"),
    ]
    for tool in answers["tools"]:
        Draft202012Validator.check_schema(tool.input_schema)
        assert tool.annotations.read_only_hint


def test_a_household_is_decided_with_departments_and_clauses(ruleset: Ruleset, answers: Mapping[str, Any]) -> None:
    found = answers["evaluate"]
    wanted = ruleset.evaluate(HOUSEHOLD, AS_OF).as_json()
    cited = data(found)["cited"]
    assert {key: value for key, value in data(found).items() if key != "cited"} == json.loads(json.dumps(wanted))
    assert [(one["source"], one["clause"], one["number"]) for one in cited] == [
        ("lesson-1", "1.2", "教学〔2018〕1号"),
        ("lesson-1", "2.1", "教学〔2018〕1号"),
    ]
    zh, en = told(found)
    assert ruleset.digest in zh and AS_OF in en
    assert zh.splitlines()[1:] == [
        "- 符合 高龄津贴 [elderly.old_age_allowance]：每月 200.00–280.00 元（暂定）",
        "  给：m1",
        "  可能给：m2",
        "  牵头：县民政局",
        "  配合：东河镇",
        "  依据：教学〔2018〕1号第一条第二款",
        "  还缺：m2.出生日期",
        "  所用的数值有的没有文件规定",
        "- 符合 医疗救助 [health.medical_aid]：每年 650.00–1950.00 元",
        "  给：m1、m2、m3",
        "  牵头：县卫生健康局",
        "  配合：县民政局、东河镇",
        "  依据：教学〔2018〕1号第二条第一款",
        "  还缺：医疗费用",
    ]
    assert "- eligible Medical aid [health.medical_aid]: 650.00–1950.00 CNY a year" in en.splitlines()


def test_every_question_is_answered_as_the_library_answers(ruleset: Ruleset, answers: Mapping[str, Any]) -> None:
    found = {name: one for name, one in answers.items() if name != "tools" and not name.startswith("wrong")}
    for name, one in found.items():
        assert data(one)["ruleset" if name != "compare" else "before"], name
        assert len(told(one)) == 2, name
    explained = ruleset.explain(HOUSEHOLD, AS_OF, ["health.medical_aid"])[0]
    assert explained.text("zh") in told(found["explain"])[0]
    assert explained.text("en") in told(found["explain"])[1]
    questions = data(found["ask_next"])["questions"]
    assert [one["question"] for one in questions] == ["medical_cost"]
    assert "[medical_cost]" in told(found["ask_next"])[0]
    change = data(found["timeline"])["changes"][0]
    assert f"{change['on']} " in told(found["timeline"])[0]
    compared = data(found["compare"])
    assert [one["after"]["amount"]["min"] for one in compared["changes"]] == ["150.50"]
    assert "只是试算：参数.津贴_80岁以上=150.5" in told(found["compare"])[0]
    assert [one["id"] for one in data(found["list_policies"])["policies"]] == ["elderly.old_age_allowance"]
    assert data(found["list_facts"])["facts"][0]["label"] == {"zh": "出生日期", "en": "birth date"}
    (value,) = data(found["list_parameters"])["parameters"][0]["values"]
    assert (value["values"][0]["value"]["zh"], value["provisional"]) == ("200.00 元", True)
    assert "（暂定）" in told(found["list_parameters"])[0]
    assert "200" in told(found["describe"])[0]


def test_what_is_wrong_is_told_whole_and_in_both_languages(answers: Mapping[str, Any]) -> None:
    codes = []
    for found in (one for name, one in answers.items() if name.startswith("wrong")):
        assert found.is_error and isinstance(found.structured_content, dict)
        problems = found.structured_content["problems"]
        codes.append([one["code"] for one in problems])
        (text,) = told(found)
        for one in problems:
            assert one["zh"] in text and one["en"] in text and one["place"] in text
    assert set(codes[0]) == {"W003", "H040", "H011", "H025"}
    assert set(codes[1]) == {"W004", "W005"}
    assert [one[0] for one in codes[2:]] == ["N104", "N103", "N231", "W005", "W017"]


def test_what_there_is_to_read(ruleset: Ruleset) -> None:
    async def work(client: Client) -> tuple[list[str], list[str], dict[str, Any]]:
        found = (await client.list_resources()).resources
        templates = (await client.list_resource_templates()).resource_templates
        addresses = [str(one.uri) for one in found]
        more = [
            *("fupin://lesson/policies/health.medical_aid", "fupin://lesson/parameters/old_age_80"),
            "fupin://measures/policies",
        ]
        read = {}
        for address in [*addresses, *more]:
            (content,) = (await client.read_resource(address)).contents
            assert isinstance(content, types.TextResourceContents)
            read[address] = json.loads(content.text)
        for address in ("fupin://lesson/nothing", "fupin://lesson/policies/no.such", "file:///etc/passwd"):
            with pytest.raises(MCPError, match="there is nothing at"):
                await client.read_resource(address)
        return addresses, [one.uri_template for one in templates], read

    addresses, templates, read = talk(work, str(LESSON), str(MEASURES))
    parts = ("rules", "policies", "clauses", "facts", "parameters")
    assert addresses == [f"fupin://{name}/{part}" for name in ("lesson", "measures") for part in parts]
    assert templates == [f"fupin://{{ruleset}}/{part}/{{key}}" for part in ("policies", "clauses", "parameters")]
    assert read["fupin://lesson/rules"]["digest"] == ruleset.digest
    Draft202012Validator(read["fupin://lesson/facts"]).validate(HOUSEHOLD)
    assert [one["id"] for one in read["fupin://lesson/policies/health.medical_aid"]["policies"]] == [
        "health.medical_aid"
    ]
    (value,) = read["fupin://lesson/parameters/old_age_80"]["values"]
    assert (value["from"], value["standing"], value["basis"]["source"]) == ("2018-01-01", "example", "lesson-figures")


def test_without_the_extra_it_is_said_which_is_wanted(tmp_path: Path) -> None:
    (tmp_path / "mcp.py").write_text("raise ModuleNotFoundError(\"No module named 'mcp'\", name='mcp')\n")
    command = [sys.executable, "-m", "fupin_policy", "mcp", str(LESSON)]
    environment = {"PYTHONPATH": f"{tmp_path}:{ROOT}", "PATH": "/usr/bin"}
    found = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8")
    assert found.returncode == 1 and found.stdout == ""
    assert "B114" in found.stderr and "fupin-policy[assistant]" in found.stderr
