"""Rulesets for assistants by the Model Context Protocol: the tools and resources over standard streams.

In: `AssistantQuestions`. Out: answers on standard output, until the other side closes. Called by `cli`. Needs the
extra: `pip install fupin-policy[assistant]`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import anyio
import anyio.to_thread
from mcp import types
from mcp.server import Server, ServerRequestContext
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError

from fupin_policy.diagnostics import Diagnostic, FupinError
from fupin_policy.service.assistant_resources import AssistantResource, resource, resources, templates
from fupin_policy.service.assistant_tools import TOOLS, AssistantQuestions, AssistantTool

_JSON = "application/json"
_INSTRUCTIONS = (
    "扶贫政策规则库：一户人家每项政策的决定，由规则算出。金额、部门、条款只能照工具的答案引用，不要自己推算；"
    "答案写明规则集的摘要和基准日，暂定的（provisional）、先当作的（assumed）、还缺的（missing）要一并告诉对方。"
    "先用 list_facts 查事实的名称，再用 evaluate 计算，用 ask_next 看还要问什么。",
    "Policies as code: every policy's decision for a household, worked out by rules. Quote amounts, departments and"
    " clauses from the answers of the tools, and never work them out yourself; say what is provisional, assumed or"
    " missing, by which rules (digest) and on which day. Look up names of facts with list_facts, decide with evaluate,"
    " see what to ask with ask_next.",
)
Context = ServerRequestContext[Any]


def serve_assistant(questions: AssistantQuestions) -> None:
    """Answer on standard streams until they are closed."""
    anyio.run(_serve, server_of(questions))


async def _serve(server: Server[Any]) -> None:
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


def server_of(questions: AssistantQuestions) -> Server[Any]:
    """The server, before it is connected to anything. Questions are worked on in threads, side by side."""

    async def list_tools(_: Context, __: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_tool(one) for one in TOOLS])

    async def call_tool(_: Context, asked: types.CallToolRequestParams) -> types.CallToolResult:
        return await anyio.to_thread.run_sync(_called, questions, asked.name, asked.arguments or {})

    async def list_resources(_: Context, __: types.PaginatedRequestParams | None) -> types.ListResourcesResult:
        return types.ListResourcesResult(resources=[_resource(one) for one in resources(questions.shelf)])

    async def list_templates(_: Context, __: types.PaginatedRequestParams | None) -> types.ListResourceTemplatesResult:
        return types.ListResourceTemplatesResult(resource_templates=[_template(one) for one in templates()])

    async def read_resource(_: Context, asked: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        address = str(asked.uri)
        found = await anyio.to_thread.run_sync(resource, questions.shelf, address)
        if found is None:
            raise MCPError(types.INVALID_PARAMS, f"这里没有 {address} / there is nothing at {address}")
        text = types.TextResourceContents(uri=asked.uri, mime_type=_JSON, text=_text_of(found))
        return types.ReadResourceResult(contents=[text])

    return Server(
        "fupin",
        version=version("fupin-policy"),
        title="扶贫政策规则库 / policies as code",
        instructions="\n\n".join(_INSTRUCTIONS),
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_list_resource_templates=list_templates,
        on_read_resource=read_resource,
    )


def _called(questions: AssistantQuestions, name: str, arguments: Mapping[str, Any]) -> types.CallToolResult:
    """What a tool answers: its text in both languages, and data; or every problem, in both as well."""
    tool = next((one for one in TOOLS if one.name == name), None)
    if tool is None:
        raise MCPError(types.INVALID_PARAMS, f"没有这个工具：{name} / there is no tool {name}")
    try:
        found = questions.answer(tool, arguments)
    except FupinError as error:
        told = "\n".join(_problem(one) for one in error.diagnostics)
        problems = {"problems": [one.as_json() for one in error.diagnostics]}
        return types.CallToolResult(content=[_content(told)], structured_content=problems, is_error=True)
    texts = [_content(found.text[lang]) for lang in ("zh", "en")]
    return types.CallToolResult(content=[*texts], structured_content=dict(found.data))


def _problem(problem: Diagnostic) -> str:
    """`出生日期 H024 …；… / …; …`, after the place where it stands."""
    zh = f"{problem.sentence('zh')}；{problem.advice('zh')}"
    return f"{problem.place} {problem.code} {zh} / {problem.sentence('en')}; {problem.advice('en')}"


def _content(text: str) -> types.TextContent:
    return types.TextContent(type="text", text=text)


def _text_of(found: Mapping[str, Any]) -> str:
    return json.dumps(found, ensure_ascii=False, indent=1)


def _tool(tool: AssistantTool) -> types.Tool:
    hints = types.ToolAnnotations(read_only_hint=True, destructive_hint=False, open_world_hint=False)
    return types.Tool(
        name=tool.name,
        title=f"{tool.title.zh} / {tool.title.en}",
        description=f"{tool.words.zh} / {tool.words.en}",
        input_schema=tool.schema,
        annotations=hints,
    )


def _resource(one: AssistantResource) -> types.Resource:
    return types.Resource(uri=one.address, name=one.name, description=_both(one), mime_type=_JSON)


def _template(one: AssistantResource) -> types.ResourceTemplate:
    return types.ResourceTemplate(uri_template=one.address, name=one.name, description=_both(one), mime_type=_JSON)


def _both(one: AssistantResource) -> str:
    return f"{one.words.zh} / {one.words.en}"
