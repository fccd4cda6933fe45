"""Names in expressions: codes, facts, terms, policies, parameters, and who may see them.

In: syntax and a `Typer`. Out: CORE expressions. Called by `typing`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fupin_policy.check.scope import BROKEN, code_words
from fupin_policy.core.declarations import FactDecl
from fupin_policy.core.expressions import Cases, Const, Expr, Fact, Never, OneOf, Parameter, Ref
from fupin_policy.core.types import Code, ErrorType, Truth, Type
from fupin_policy.language import is_keyword, split_glued, syntax
from fupin_policy.language.syntax import Syntax

if TYPE_CHECKING:
    from fupin_policy.check.typing import Typer

_MAX_QUOTED = 24


def name(typer: Typer, node: syntax.Name | syntax.Text, text: str, code_list: str | None) -> Expr:
    """What a bare name stands for: a code of the list that is wanted, a fact or a term."""
    if code_list is not None:
        index = typer.scope.code(code_list, text)
        if index is not None:
            codes = typer.scope.code_lists[code_list].codes
            typer.scope.note(node.span, codes[index].label, codes[index].name)
            return Const(1 << index, Code(code_list, len(codes)), node.span)
    if text in typer.scope.facts:
        return _fact(typer, node, typer.scope.facts[text])
    if text in typer.scope.terms:
        return _term(typer, node, typer.scope.terms[text])
    if text in typer.scope.broken:
        return BROKEN
    if code_list is not None:
        return _unknown_code(typer, node, text, code_list)
    hint = split_glued(text, typer.scope.words) or _habit(typer, text) or typer.scope.nearest(text)
    return typer.wrong("N101", node, suggestion=hint, name=text)


def _habit(typer: Typer, text: str) -> str | None:
    """What was meant by `parameters.x` or by a keyword in capitals."""
    head, dot, name = text.partition(".")
    if dot and head.lower() in ("parameters", "parameter", "params", "param") and name in typer.scope.parameters:
        return f"parameter.{name}"
    return text.lower() if is_keyword(text.lower()) else None


def _unknown_code(typer: Typer, node: Syntax, text: str, code_list: str) -> Expr:
    labels = code_words(typer.scope.code_lists[code_list].codes)
    known = [code.label for code in typer.scope.code_lists[code_list].codes[:12]]
    return typer.wrong(
        "N102", node, suggestion=typer.scope.reporter.suggest(text, labels), name=text, list=code_list, known=known
    )


def _fact(typer: Typer, node: syntax.Name | syntax.Text, fact: FactDecl) -> Expr:
    typer.scope.note(node.span, fact.label, fact.name)
    if fact.kind == "text":
        return typer.wrong("N113", node, name=node.text)
    if not typer.sees(fact.level):
        return typer.hidden(node, node.text, fact.level)
    if fact.kind == "codes":
        return typer.wrong("N117", node, name=node.text)
    if fact.type is None:
        return BROKEN
    return Fact(fact.name, fact.level, fact.type, node.span)


def _term(typer: Typer, node: syntax.Name | syntax.Text, term: str) -> Expr:
    words = typer.scope.term_words[term]
    typer.scope.note(node.span, words.zh, words.en)
    known = typer.scope.define(f"term:{term}", node.span)
    if known is None or isinstance(known.type, ErrorType):
        return BROKEN
    if not typer.sees(known.level):
        return typer.hidden(node, node.text, known.level)
    return Ref(f"term:{term}", known.level, known.type, node.span)


def policy(typer: Typer, node: syntax.Outcome | syntax.Amount, name: syntax.Name | syntax.Text, part: str) -> Expr:
    """What the outcome or the amount of a policy refers to."""
    policy = typer.scope.policies.get(name.text)
    if policy is None:
        if name.text in typer.scope.broken:
            return BROKEN
        return typer.wrong(
            "N104", name, suggestion=typer.scope.reporter.suggest(name.text, typer.scope.policies), name=name.text
        )
    words = typer.scope.policy_words[policy]
    typer.scope.note(name.span, words.zh, words.en)
    if part == "payable" and policy not in typer.scope.with_amount:
        return typer.wrong("T219", name, policy=policy)
    if not typer.sees(typer.scope.policy_levels[policy]):
        return typer.hidden(name, name.text, typer.scope.policy_levels[policy])
    known = typer.scope.define(f"{part}:{policy}", name.span)
    if known is None or isinstance(known.type, ErrorType):
        return BROKEN
    return Ref(f"{part}:{policy}", known.level, known.type, node.span)


def parameter(typer: Typer, node: Syntax, name: str) -> Expr:
    """A parameter, by code where it is keyed."""
    parameter = typer.scope.parameters.get(name)
    if parameter is None:
        if name in typer.scope.broken:
            return BROKEN
        return typer.wrong(
            "N103", node, suggestion=typer.scope.reporter.suggest(name, typer.scope.parameters), name=name
        )
    typer.scope.note(node.span, parameter.label, parameter.name)
    if isinstance(parameter.type, ErrorType):
        return BROKEN
    if parameter.key is None:
        return Parameter(parameter.name, None, parameter.type, node.span)
    return _keyed(typer, node, parameter.name, parameter.key, parameter.type)


def _keyed(typer: Typer, node: Syntax, parameter: str, key: str, type_: Type) -> Expr:
    """A parameter by code is a choice among one parameter for each code."""
    fact = typer.scope.facts.get(key)
    if fact is None:  # its name is taken twice, as was reported
        return BROKEN
    if not typer.sees(fact.level):
        return typer.hidden(node, fact.label, fact.level)
    if not isinstance(fact.type, Code):
        return BROKEN
    choice = Fact(fact.name, fact.level, fact.type, node.span)
    values = [Parameter(parameter, index, type_, node.span) for index in range(fact.type.size)]
    branches = tuple((OneOf(choice, 1 << index, node.span), value) for index, value in enumerate(values))
    return Cases(branches, Never(type_, node.span), type_, node.span)


def _quoted(node: Syntax) -> str:
    """The text of a node, the beginning of a long one."""
    text = "" if node.span is None else " ".join(node.span.text.split())
    return text if len(text) <= _MAX_QUOTED else f"{text[: _MAX_QUOTED - 1]}…"


def contains(typer: Typer, node: syntax.Contains) -> Expr:
    """Whether a fact that holds several codes holds one of them."""
    if not isinstance(node.arg, syntax.Name | syntax.Text):
        return typer.wrong("N118", node.arg, name=_quoted(node.arg))
    fact = typer.scope.facts.get(node.arg.text)
    if fact is None:
        if node.arg.text in typer.scope.broken:
            return BROKEN
        return typer.wrong("N115", node.arg, suggestion=typer.scope.nearest(node.arg.text), name=node.arg.text)
    typer.scope.note(node.arg.span, fact.label, fact.name)
    if fact.kind != "codes":
        return typer.wrong("N118", node.arg, name=node.arg.text)
    if not typer.sees(fact.level):
        return typer.hidden(node.arg, node.arg.text, fact.level)
    if not isinstance(fact.type, Code):
        return BROKEN
    code = typer.code(node.code, fact.type.code_list)
    if not isinstance(code, Const) or isinstance(code.type, ErrorType):
        return BROKEN
    name = typer.scope.code_lists[fact.type.code_list].codes[code.value.bit_length() - 1].name
    return Fact(f"{fact.name}.{name}", fact.level, Truth(), node.span)
