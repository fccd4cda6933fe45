"""What an assistant may ask, as tools: each with its name, what it takes, and who answers.

In: rulesets, a tool's name, arguments. Out: its answer. Called by `assistant`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.diagnostics import InputError, suggest
from fupin_policy.service.assistant_questions import (
    AskedRules,
    Describe,
    ToolAnswer,
    ToolArguments,
    clauses_answer,
    comparison_answer,
    evaluation_answer,
    explanation_answer,
    facts_answer,
    name_answer,
    parameters_answer,
    policies_answer,
    questions_answer,
    timeline_answer,
)
from fupin_policy.service.fact_schema import JsonSchema
from fupin_policy.service.shelf import RulesetShelf


@dataclass(frozen=True, slots=True)
class AssistantTool:
    """A question as an assistant sees it; without the `needed` arguments it cannot be asked."""

    name: str
    title: Bilingual
    words: Bilingual
    takes: dict[str, JsonSchema]
    needed: tuple[str, ...]
    ask: Callable[[AskedRules, ToolArguments], ToolAnswer]

    @property
    def schema(self) -> JsonSchema:
        """What it takes. What is wrong with it is said by the answer, all at once and in both languages."""
        return {"type": "object", "properties": {**self.takes, "ruleset": _RULESET}, "required": list(self.needed)}


@dataclass(frozen=True, slots=True)
class AssistantQuestions:
    """Rulesets, and who tells what their names mean. Safe to share between threads."""

    shelf: RulesetShelf
    describe: Describe

    def answer(self, tool: AssistantTool, given: ToolArguments) -> ToolAnswer:
        """What a tool answers. Raises FupinError with all that is wrong."""
        rules = self._rules(given.get("ruleset"))
        return tool.ask(rules, {key: value for key, value in given.items() if key != "ruleset"})

    def _rules(self, name: object) -> AskedRules:
        """The ruleset so called, or the only one. Raises InputError."""
        served = self.shelf.served
        if name is None and len(served) == 1:
            return AskedRules(next(iter(served.values())).ready, self.describe)
        if not isinstance(name, str) or name not in served:
            hint = suggest(name, served) if isinstance(name, str) else None
            raise InputError.of("W017", "ruleset", suggestion=hint, name=str(name or "")[:40], known=list(served))
        return AskedRules(served[name].ready, self.describe)


def _of(kind: JsonSchema, zh: str, en: str) -> JsonSchema:
    return {**kind, "description": f"{zh} / {en}"}


_TEXT: JsonSchema = {"type": "string"}
_TRUTH: JsonSchema = {"type": "boolean"}
_SOME: JsonSchema = {"type": "object"}
_TEXTS: JsonSchema = {"type": "array", "items": _TEXT}
_DATE: JsonSchema = {"type": "string", "format": "date"}

_DAY = _of(_DATE, "基准日，如 2019-06-30", "the day asked about")
_HOUSEHOLD = _of(
    {**_SOME, "examples": [{"id": "h1", "members": [{"id": "m1", "出生日期": "1938-05-01"}]}]},
    "一户：id、members（成员，各有 id）和已知的事实，按名称写（用 list_facts 查）；不知道的不写，"
    '知道一部分的写 {"min": …, "max": …} 或 {"one_of": […]}',
    "a household: id, members with ids, and the facts that are known, by name (see list_facts); leave out what is not"
    " known; what is known in part is a range, or one of several",
)
_RULESET = _of(_TEXT, "哪一套规则，有几套时才写", "which ruleset, where there are several")
_SEARCH = _of(_TEXT, "要找的词，空格分开，都要有；不写则全部", "words that must all occur; all entries without it")
_ASSUME = _of(_TRUTH, "没有给出的是否按规则先当作，默认是", "take what the rules assume; true by default")
_CONTINUES = _of(_TRUTH, "没有给出的月份是否沿用上一个月", "months that are not given are as the last one")
_PREVIOUS = _of(_SOME, "上期的结果", "an earlier result, of which some facts tell")
_FIGURES = _of(_TEXTS, "还要的数（术语）", "figures of the rules to tell, too")
_HOW = {"assume": _ASSUME, "continues": _CONTINUES, "previous": _PREVIOUS}

TOOLS = (
    AssistantTool(
        "evaluate",
        Bilingual("计算", "decide"),
        Bilingual(
            "一户在某一天每项政策的决定：是否符合、多少钱、给谁、哪个部门、依据哪一条、还缺什么。金额和条款只能照答案引用。",
            "Every policy's decision for a household on a day: status, amount, for whom, departments, clauses, what is"
            " missing. Quote amounts and clauses from the answer only.",
        ),
        {"household": _HOUSEHOLD, "as_of": _DAY, "figures": _FIGURES, **_HOW},
        ("household", "as_of"),
        evaluation_answer,
    ),
    AssistantTool(
        "explain",
        Bilingual("说明理由", "say why"),
        Bilingual(
            "决定的理由：哪些条件起了作用、金额怎样算出、怎样才会符合。",
            "Why decisions came out so: the conditions that decided, amounts as sums, what would change them.",
        ),
        {
            "household": _HOUSEHOLD,
            "as_of": _DAY,
            "policies": _of(_TEXTS, "只问这些政策（编号或名称）", "only these policies, by id or title"),
            "figures": _FIGURES,
            **_HOW,
        },
        ("household", "as_of"),
        explanation_answer,
    ),
    AssistantTool(
        "ask_next",
        Bilingual("接着问什么", "what to ask next"),
        Bilingual(
            "还要问什么才能都决定，最有用的在前；把回答写进 answers 再问。",
            "What to ask so that all can be decided, the best question first; give the replies in answers, ask again.",
        ),
        {
            "household": _HOUSEHOLD,
            "as_of": _DAY,
            "answers": _of(
                {"type": "array", "items": _SOME},
                '已有的回答，每个是 {"question": 问题的名称, "member": 成员, "answer": 回答}',
                'replies so far, each {"question": its name, "member": whose, "answer": the value}',
            ),
            "every": _of(_TRUTH, "先当作的也问", "ask what is assumed, too"),
            "assume": _ASSUME,
            "previous": _PREVIOUS,
        },
        ("household", "as_of"),
        questions_answer,
    ),
    AssistantTool(
        "timeline",
        Bilingual("时间线", "timeline"),
        Bilingual(
            "两天之间各项决定何时变动，逐月应发多少。",
            "When decisions change between two days, and what is due each month.",
        ),
        {
            "household": _HOUSEHOLD,
            "from": _of(_DATE, "第一天", "the first day"),
            "to": _of(_DATE, "最后一天", "the last day"),
            "assume": _ASSUME,
            "continues": _CONTINUES,
        },
        ("household", "from", "to"),
        timeline_answer,
    ),
    AssistantTool(
        "compare",
        Bilingual("试算", "try other values"),
        Bilingual(
            "改一个参数的值或不取定一种读法，这一户有什么不同；答案写明只是试算。",
            "What differs where parameters have other values, or readings are left open; marked as a trial.",
        ),
        {
            "household": _HOUSEHOLD,
            "as_of": _DAY,
            "settings": _of(
                _SOME,
                '参数和值，如 {"参数.低保标准": 500}（名称用 list_parameters 查）',
                "values by parameter, see list_parameters",
            ),
            "open_readings": _of(_TEXTS, "不取定的读法", "readings that are left open"),
            **_HOW,
        },
        ("household", "as_of"),
        comparison_answer,
    ),
    AssistantTool(
        "list_policies",
        Bilingual("政策", "policies"),
        Bilingual(
            "有哪些政策：编号、名称、何时起、哪个部门、依据哪一条。",
            "The policies: ids, titles, since when, departments, clauses.",
        ),
        {"text": _SEARCH, "as_of": _of(_DATE, "只列这一天施行的", "only those in force on that day")},
        (),
        policies_answer,
    ),
    AssistantTool(
        "list_facts",
        Bilingual("事实", "facts"),
        Bilingual(
            "一户可以给出哪些事实：名称、属于谁、单位、选项。",
            "The facts that a household may be given with: names, whose, units, choices.",
        ),
        {"text": _SEARCH},
        (),
        facts_answer,
    ),
    AssistantTool(
        "list_parameters",
        Bilingual("参数", "parameters"),
        Bilingual(
            "政策用到的数值：历年的值、性质（是否有文件规定）、来源。",
            "The figures of the rules over time: values, whether they are enacted, sources.",
        ),
        {"text": _SEARCH},
        (),
        parameters_answer,
    ),
    AssistantTool(
        "describe",
        Bilingual("名称的意思", "what a name means"),
        Bilingual(
            "规则里的一个名称或编号是什么意思、用在哪里。",
            "What a name or an id in the rules means, and where it is used.",
        ),
        {
            "name": _of(_TEXT, "名称或编号", "a name or an id"),
            "as_of": _of(_DATE, "参数在哪一天的值，默认今天", "the day of values, by default today"),
        },
        ("name",),
        name_answer,
    ),
    AssistantTool(
        "search_clauses",
        Bilingual("条款", "clauses"),
        Bilingual(
            "在来源文件登记的条款里找：说什么、哪些政策和参数依据它。",
            "Search the registered clauses of the documents: what they say, and what of the rules rests on them.",
        ),
        {"text": _SEARCH},
        (),
        clauses_answer,
    ),
)
