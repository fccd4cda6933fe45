"""Which bodies answer for a policy, where that is by condition: a tree of conditions whose leaves are answers.

In: a version's bodies as they are written. Out: the tree, and the typed choice among a policy's answers. Called by
`program` and `definitions`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from math import prod

from fupin_policy.check.definition_sources import AnswerChoice, AnswerTree, Make, VersionSource
from fupin_policy.check.organisations import Organisations, PlaceTerm
from fupin_policy.check.scope import BROKEN
from fupin_policy.check.targets_duties import Registrar
from fupin_policy.check.typing import Typer
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.declarations import CodeDecl, CodeList
from fupin_policy.core.expressions import Cases, Const, Expr, Never, OneOf
from fupin_policy.core.policies import Answer, Policy
from fupin_policy.core.registers import Department, Place
from fupin_policy.core.types import Code, ErrorType
from fupin_policy.diagnostics import Reporter
from fupin_policy.documents import model
from fupin_policy.documents.parts import BodyChoiceDoc, BodyDoc, ExpressionDoc, TextDoc, asked_of_bodies, nobody_named
from fupin_policy.language.syntax import Name

MAX_ANSWERS = 64
"""How many combinations of bodies may come out: a bit each."""


def answered(
    doc: model.PolicyDoc,
    versions: tuple[VersionSource, ...],
    made: Callable[[ExpressionDoc], Make],
    registrar: Registrar,
) -> tuple[tuple[Answer, ...], tuple[VersionSource, ...]]:
    """What may come out of who answers for a policy, where that is by condition, and its versions with their trees."""
    bodies, of_households = registrar.bodies, doc.level in ("household", "member")
    count = max((_combinations((*version.lead, *version.cooperating)) for version in doc.versions), default=1)
    if count == 1 and not (bodies.terms and of_households):
        return (), versions
    trees = [_tree(version, made, registrar) for version in doc.versions] if count <= MAX_ANSWERS else []
    if trees and of_households:
        count = sum(prod(len(term.places) for term in _telling(one, bodies)) for one in _answers(trees))
        trees = [_placed(tree, bodies) for tree in trees] if count <= MAX_ANSWERS else []
    if count > MAX_ANSWERS:
        registrar.reporter.report("N190", doc.span, name=doc.title.zh, count=count, most=MAX_ANSWERS)
    if all(isinstance(tree, Answer) for tree in trees):
        return (), versions
    for version, tree in zip(doc.versions, trees, strict=True):
        if version.lead and not all(answer.lead for answer in _answers([tree])):
            for span in nobody_named(version.lead):
                registrar.reporter.report("N126", span)
    pairs = zip(versions, trees, strict=True)
    return _answers(trees), tuple(replace(version, answering=tree) for version, tree in pairs)


def _combinations(bodies: Iterable[BodyDoc]) -> int:
    count = 1
    for body in bodies:
        if isinstance(body, BodyChoiceDoc):
            count *= _combinations(body.then) + _combinations(body.otherwise)
    return count


def _tree(doc: model.VersionDoc, made: Callable[[ExpressionDoc], Make], registrar: Registrar) -> AnswerTree:
    """The tree of a version; each choice is parted into what follows from either side of it."""
    if not (doc.lead or doc.cooperating):
        # what is wrong with its clauses is reported with the policy
        quiet = replace(registrar, reporter=Reporter())
        return Answer(*quiet.answering((), (), quiet.basis(doc.basis)))
    ids = registrar.bodies.ids
    makes = {one: made(one) for one in asked_of_bodies((*doc.lead, *doc.cooperating))}

    def tree(left: Sequence[tuple[bool, BodyDoc]], lead: tuple[str, ...], cooperating: tuple[str, ...]) -> AnswerTree:
        if not left:
            return Answer(tuple(dict.fromkeys(lead)), tuple(dict.fromkeys(cooperating)))
        (leads, body), *rest = left
        if isinstance(body, BodyChoiceDoc):
            sides = ([*((leads, one) for one in side), *rest] for side in (body.then, body.otherwise))
            then, otherwise = (tree(side, lead, cooperating) for side in sides)
            return AnswerChoice(((makes[body.when], then),), otherwise)
        own = (ids.get(body.text, body.text),)
        return tree(rest, lead + own if leads else lead, cooperating if leads else cooperating + own)

    return tree([*((True, one) for one in doc.lead), *((False, one) for one in doc.cooperating)], (), ())


def _telling(answer: Answer, bodies: Organisations) -> list[PlaceTerm]:
    """The terms that tell of which places those who answer are the offices."""
    return bodies.place_terms((*answer.lead, *answer.cooperating))


def _placed(tree: AnswerTree, bodies: Organisations) -> AnswerTree:
    """A tree in which bodies that stand for the office of a place that a term tells are parted by its codes."""
    if isinstance(tree, AnswerChoice):
        otherwise = None if tree.otherwise is None else _placed(tree.otherwise, bodies)
        return AnswerChoice(tuple((when, _placed(then, bodies)) for when, then in tree.branches), otherwise)

    def parted(answer: Answer, terms: Sequence[PlaceTerm]) -> AnswerTree:
        if not terms:
            return answer
        first, *others = terms
        cases = (replace(answer, places=(*answer.places, (first.name, place))) for place in first.places)
        tests = (partial(_is_code, first.word, number) for number in range(len(first.places)))
        return AnswerChoice(tuple((test, parted(one, others)) for test, one in zip(tests, cases, strict=True)), None)

    return parted(tree, _telling(tree, bodies))


def _is_code(term: TextDoc, number: int, typer: Typer) -> Expr:
    """Whether a term is the code of this number."""
    told = typer.expr(Name(term.text, term.span))
    return BROKEN if isinstance(told.type, ErrorType) else OneOf(told, 1 << number, term.span)


def _answers(trees: Iterable[AnswerTree]) -> tuple[Answer, ...]:
    """Every answer that may come out, once, in the order in which they are written."""

    def leaves(tree: AnswerTree) -> Iterator[Answer]:
        if isinstance(tree, Answer):
            yield tree
        else:
            for _, one in tree.branches:
                yield from leaves(one)
            if tree.otherwise is not None:
                yield from leaves(tree.otherwise)

    return tuple(dict.fromkeys(answer for tree in trees for answer in leaves(tree)))


def chosen_answer(tree: AnswerTree, answers: Sequence[Answer], type_: Code, typer: Typer) -> Expr:
    """The choice among a policy's answers."""
    tests = {make: make(typer) for make in asked_in(tree)}
    if any(isinstance(test.type, ErrorType) for test in tests.values()):
        return BROKEN

    def chosen(tree: AnswerTree) -> Expr:
        if isinstance(tree, Answer):
            return Const(1 << answers.index(tree), type_)
        branches = tuple((tests[when], chosen(then)) for when, then in tree.branches)
        span = branches[0][0].span
        otherwise = Never(type_, span) if tree.otherwise is None else chosen(tree.otherwise)
        return Cases(branches, otherwise, type_, span)

    return chosen(tree)


def asked_in(tree: AnswerTree) -> Mapping[Make, None]:
    """The conditions of a tree, once each."""
    if isinstance(tree, Answer):
        return {}
    found = dict[Make, None]()
    for when, then in tree.branches:
        found |= {when: None, **asked_in(then)}
    return found if tree.otherwise is None else {**found, **asked_in(tree.otherwise)}


def answer_type(policy: str, answers: Sequence[Answer]) -> Code:
    """The type of which of its answers it is."""
    return Code(f"lead:{policy}", len(answers))


def answer_lists(
    policies: Iterable[Policy], departments: Mapping[str, Department], places: Mapping[str, Place]
) -> Iterator[CodeList]:
    """The answers of policies as codes, with words for people."""
    for policy in policies:
        if policy.answers:
            words = [_words(answer, departments, places) for answer in policy.answers]
            codes = tuple(CodeDecl(str(at), str(at), one.zh, one.en) for at, one in enumerate(words))
            yield CodeList(answer_type(policy.id, policy.answers).code_list, codes)


def _words(answer: Answer, departments: Mapping[str, Department], places: Mapping[str, Place]) -> Bilingual:
    """`甲局牵头，乙局配合`, by the names that bodies had last."""

    def names(ids: tuple[str, ...]) -> Bilingual:
        known = [departments[one].called(answer.places, places) for one in ids if one in departments]
        return Bilingual("、".join(one.zh for one in known), ", ".join(one.en for one in known))

    lead, others = names(answer.lead), names(answer.cooperating)
    if not answer.cooperating:
        return Bilingual(f"{lead.zh}牵头", f"{lead.en} leads")
    return Bilingual(f"{lead.zh}牵头，{others.zh}配合", f"{lead.en} leads, with {others.en}")
