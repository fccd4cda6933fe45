"""Names in expressions: codes, facts, terms, policies, parameters, and who may see them.

In: syntax and a `TypingContext`. Out: CORE expressions. Called by `typing`.
"""

from __future__ import annotations

from collections.abc import Callable

from fupin_policy.check import earlier
from fupin_policy.check.choices import cases
from fupin_policy.check.context import TypingContext
from fupin_policy.check.scope import BROKEN, code_words
from fupin_policy.core.days import MonthDay
from fupin_policy.core.declarations import FactDecl, ParameterDecl, reading_named
from fupin_policy.core.expressions import Const, Expr, Fact, Parameter, Ref, walk
from fupin_policy.core.identifiers import DefinitionId, InputId, Part
from fupin_policy.core.program import BracketUse
from fupin_policy.core.types import Code, ErrorType, Truth
from fupin_policy.language import is_keyword, split_glued, syntax
from fupin_policy.language.syntax import Syntax

_MAX_QUOTED = 24
_NONE = ("无", "none")
"""What is given of a date that there is not, and no word of rules."""


def name(context: TypingContext, node: syntax.Name | syntax.Text, text: str, code_list: str | None) -> Expr:
    """What a bare name stands for: a code of the list that is wanted, a fact or a term."""
    if code_list is not None:
        index = context.scope.code(code_list, text)
        if index is not None:
            codes = context.scope.code_lists[code_list].codes
            context.scope.note(node.span, codes[index].label, codes[index].name)
            return Const(1 << index, Code(code_list, len(codes)), node.span)
    if text in context.scope.facts:
        return _fact(context, node, context.scope.facts[text])
    if text in context.scope.terms:
        return _term(context, node, context.scope.terms[text])
    if text in context.scope.readings:
        return parameter(context, node, text)
    reading = reading_named(text)
    if text in context.scope.broken or reading in context.scope.broken:
        return BROKEN
    if reading:
        return context.wrong("N185", node, suggestion=context.scope.nearest(text), name=reading)
    if code_list is not None:
        return _unknown_code(context, node, text, code_list)
    if text in _NONE:
        return context.wrong("N218", node, name=text)
    hint = split_glued(text, context.scope.words) or _habit(context, text) or context.scope.nearest(text)
    return context.wrong("N101", node, suggestion=hint, name=text)


def _habit(context: TypingContext, text: str) -> str | None:
    """What was meant by `parameters.x` or by a keyword in capitals."""
    head, dot, name = text.partition(".")
    if dot and head.lower() in ("parameters", "parameter", "params", "param") and name in context.scope.parameters:
        return f"parameter.{name}"
    return text.lower() if is_keyword(text.lower()) else None


def _unknown_code(context: TypingContext, node: Syntax, text: str, code_list: str) -> Expr:
    labels = code_words(context.scope.code_lists[code_list].codes)
    known = [code.label for code in context.scope.code_lists[code_list].codes[:12]]
    return context.wrong(
        "N102", node, suggestion=context.scope.reporter.suggest(text, labels), name=text, list=code_list, known=known
    )


def _fact(context: TypingContext, node: syntax.Name | syntax.Text, fact: FactDecl) -> Expr:
    context.scope.note(node.span, *_called(fact))
    if fact.kind == "text":
        return context.wrong("N113", node, name=node.text)
    if not context.sees(fact.level):
        return context.hidden(node, node.text, fact.level)
    if fact.kind == "codes":
        return context.wrong("N117", node, name=node.text)
    if fact.given is not None:
        return context.wrong("N180", node, name=fact.label, name_en=fact.name)
    if fact.series is not None:
        return earlier.value_of(context, node, fact, fact.series)
    if fact.type is None:
        return BROKEN
    return Fact(InputId(fact.name), fact.level, fact.type, node.span)


def _called(fact: FactDecl) -> tuple[str, str]:
    return (fact.label, fact.name) if fact.series is None else (fact.series.label, fact.series.name)


def given(context: TypingContext, node: Syntax, name: syntax.Name | syntax.Text, otherwise: Expr | None) -> Expr:
    """Of a date that may be none the day, or another where there is none; without another whether there is one."""
    fact = _perhaps_none(context, name)
    if fact is None or fact.type is None:
        return BROKEN
    there = Fact(InputId(f"{fact.given}"), fact.level, Truth(), node.span)
    if otherwise is None:
        return there
    return cases(context, [(there, Fact(InputId(fact.name), fact.level, fact.type, name.span))], otherwise, node)


def _perhaps_none(context: TypingContext, name: syntax.Name | syntax.Text) -> FactDecl | None:
    """The date that may be none of a name; None where that is reported."""
    fact = _fact_named(context, name)
    if fact is None:
        return None
    if fact.given is None:
        context.wrong("N181", name, name=fact.label, name_en=fact.name)
    elif not context.sees(fact.level):
        context.hidden(name, name.text, fact.level)
    else:
        return fact
    return None


def _fact_named(context: TypingContext, name: syntax.Name | syntax.Text) -> FactDecl | None:
    """The fact of a name; None where that is reported."""
    fact = context.scope.facts.get(name.text)
    if fact is not None:
        context.scope.note(name.span, *_called(fact))
    elif name.text not in context.scope.broken:
        context.wrong("N115", name, suggestion=context.scope.nearest(name.text), name=name.text)
    return fact


def _term(context: TypingContext, node: syntax.Name | syntax.Text, term: str) -> Expr:
    words = context.scope.term_words[term]
    context.scope.note(node.span, words.zh, words.en)
    known = context.scope.define(DefinitionId("term", term, context.assessed), node.span)
    if known is None or isinstance(known.type, ErrorType):
        return BROKEN
    if not context.sees(known.level):
        return context.hidden(node, node.text, known.level)
    return Ref(known.id, known.level, known.type, node.span)


def policy(
    context: TypingContext, node: syntax.Outcome | syntax.AmountRef, name: syntax.Name | syntax.Text, part: Part
) -> Expr:
    """What the outcome or the amount of a policy refers to."""
    policy = context.scope.policies.get(name.text)
    if policy is None:
        if name.text in context.scope.broken:
            return BROKEN
        return context.wrong(
            "N104", name, suggestion=context.scope.reporter.suggest(name.text, context.scope.policies), name=name.text
        )
    words = context.scope.policy_words[policy]
    context.scope.note(name.span, words.zh, words.en)
    if part == "payable" and policy not in context.scope.with_amount:
        return context.wrong("T219", name, policy=policy)
    if not context.sees(context.scope.policy_levels[policy]):
        return context.hidden(name, name.text, context.scope.policy_levels[policy])
    if context.assessed and policy in context.scope.starting:
        context.wrong("T233", node, name=words.zh, name_en=words.en)
    known = context.scope.define(DefinitionId(part, policy, context.assessed), name.span)
    if known is None or isinstance(known.type, ErrorType):
        return BROKEN
    return Ref(known.id, known.level, known.type, node.span)


def parameter(context: TypingContext, node: Syntax, name: str, last: tuple[int, int] | None = None) -> Expr:
    """A parameter, as of the last of a month and day if any; one by keys or worked out is a definition of its own."""
    parameter = _declared(context, node, name, last)
    if parameter is None:
        return BROKEN
    if parameter.name in context.scope.brackets:
        return context.wrong("T260", node, name=parameter.label, name_en=parameter.name)
    if parameter.name not in context.scope.worked_out:
        return Parameter(parameter.name, None, parameter.type, node.span)
    known = context.scope.define(DefinitionId("use", parameter.name, context.assessed), node.span)
    if known is None:
        return BROKEN
    if not context.sees(known.level):
        return context.hidden(node, parameter.label, known.level)
    return Ref(known.id, known.level, known.type, node.span)


def _declared(context: TypingContext, node: Syntax, name: str, last: tuple[int, int] | None) -> ParameterDecl | None:
    """The parameter of a name, as of the day as of which it is read; None where something is reported."""
    parameter = context.scope.parameters.get(name)
    if parameter is None:
        if name not in context.scope.broken:
            hint = context.scope.reporter.suggest(name, context.scope.parameters)
            context.wrong("N103", node, suggestion=hint, name=name)
        return None
    context.scope.note(node.span, parameter.label, parameter.name)
    days = context.last if last is None else (*context.last, MonthDay(*last))
    itself = DefinitionId("use", parameter.name)
    if days and parameter.name in context.scope.worked_out and context.scope.define(itself, node.span) is None:
        return None  # what is wrong with it is said of itself
    parameter = context.scope.as_of(parameter, days)
    return None if isinstance(parameter.type, ErrorType) else parameter


def bracketed(context: TypingContext, node: syntax.Bracketed, arg: Expr) -> Expr:
    """What a scale makes of a number: a definition of its own, with a version for each stretch of its days."""
    found = _declared(context, node.brackets, node.brackets.name, node.brackets.last)
    if found is None or isinstance(arg.type, ErrorType):
        return BROKEN
    if found.name not in context.scope.brackets:
        return context.wrong("T261", node.brackets, name=found.label, name_en=found.name)
    if any(isinstance(one, Fact | Ref) and one.outer for one in walk(arg)):
        return context.wrong("N216", node)
    known = context.scope.use(BracketUse(found.name, node.how, arg), context.level, context.assessed, node.span)
    return BROKEN if known is None else Ref(known.id, known.level, known.type, node.span)


def _quoted(node: Syntax) -> str:
    """The text of a node, the beginning of a long one."""
    text = "" if node.span is None else " ".join(node.span.text.split())
    return text if len(text) <= _MAX_QUOTED else f"{text[: _MAX_QUOTED - 1]}…"


def contains(context: TypingContext, node: syntax.Contains, code_of: Callable[[str], Expr]) -> Expr:
    """Whether a fact that holds several codes holds one of them; `code_of` types the code as one of a list."""
    if not isinstance(node.arg, syntax.Name | syntax.Text):
        return context.wrong("N118", node.arg, name=_quoted(node.arg))
    fact = _fact_named(context, node.arg)
    if fact is None:
        return BROKEN
    if fact.kind != "codes":
        return context.wrong("N118", node.arg, name=node.arg.text)
    if not context.sees(fact.level):
        return context.hidden(node.arg, node.arg.text, fact.level)
    if not isinstance(fact.type, Code):
        return BROKEN
    code = code_of(fact.type.code_list)
    if not isinstance(code, Const) or isinstance(code.type, ErrorType):
        return BROKEN
    name = context.scope.code_lists[fact.type.code_list].codes[code.value.bit_length() - 1].name
    return Fact(InputId(fact.name, name), fact.level, Truth(), node.span)
