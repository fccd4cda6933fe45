"""The pages of policies and targets: conditions in both languages, as a table and drawn, amounts with their history,
examples.

In: a program, a policy or target, its examples. Out: pages as blocks. Called by `site`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fupin_policy.core.benefits import PER, sign
from fupin_policy.core.bilingual import Bilingual, level_words
from fupin_policy.core.days import Validity, to_date
from fupin_policy.core.expressions import Expr
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.policies import Policy, PolicyVersion
from fupin_policy.core.program import Definition, Program, choice_of
from fupin_policy.core.registers import Target
from fupin_policy.core.types import Code, Truth
from fupin_policy.decisions.responsibility import name_on
from fupin_policy.documents import model
from fupin_policy.prose.expressions import say
from fupin_policy.prose.obtaining import obtain_words
from fupin_policy.prose.payments import BENEFITS, payment_words
from fupin_policy.prose.statuses import FORCES
from fupin_policy.reports.site.blocks import (
    BlockRow,
    DatedBlocks,
    Drawing,
    Heading,
    Identifier,
    Ladder,
    Line,
    Page,
    PageBlock,
    Remark,
    Sentences,
    Table,
    bodies,
    clauses,
    facts,
)
from fupin_policy.reports.site.case_tables import decision_table
from fupin_policy.reports.site.choice_tables import choice_tables
from fupin_policy.reports.site.dependency_graph import drawing
from fupin_policy.reports.site.example_words import given_line, wanted_line
from fupin_policy.reports.site.ladder import is_ladder, ladder
from fupin_policy.reports.site.parameter_values import history


def policy_page(program: Program, policy: Policy, examples: Sequence[model.ExampleDoc]) -> Page:
    """The page of a policy; `program` is that of its kind of subject."""
    roots = [policy.outcome, policy.condition]
    roots += [policy.payable, policy.stated] if policy.has_amount else []
    roots += [policy.beneficiary] if policy.chooses else []
    roots += [policy.answering] if policy.answers else []
    parts = [
        *(_version(program, policy, version) for version in policy.versions),
        *_truths_below(program, [policy.condition, *([policy.beneficiary] if policy.chooses else [])]),
        *choice_tables(program, roots),
        *history(program, roots),
        *_examples(program, policy.id, examples),
        *_graph(program, roots, policy.title.zh),
    ]
    return Page(policy.title.zh, _beside(policy.title, policy.id, policy.level), tuple(parts))


def target_page(program: Program, target: Target, examples: Sequence[model.ExampleDoc]) -> Page:
    """The page of a target."""
    roots = [DefinitionId("applies", target.id), DefinitionId("goal", target.id)]
    due = f"每期 / each {target.each}" if target.by is None else to_date(target.by).isoformat()
    kept = Bilingual("始终保持", "to be kept") if target.keep else Bilingual("须达到", "to be reached")
    parts = [
        facts(
            [
                (Bilingual("期限", "deadline"), (due,)),
                (Bilingual("考核期间", "asked in"), (target.validity,)),
                (Bilingual("牵头", "lead"), bodies(program, target.lead)),
                (Bilingual("配合", "cooperating"), bodies(program, target.cooperating)),
                (Bilingual("依据", "clause"), clauses(program, target.basis)),
            ]
        ),
        Heading(Bilingual("要求", "what it asks")),
        *_condition(program, Bilingual("适用于", "applies to"), _in_force(program, roots[0], None)),
        *_condition(program, kept, _in_force(program, roots[1], None)),
        *([] if target.note is None else [Remark(target.note)]),
        *_truths_below(program, roots),
        *choice_tables(program, roots),
        *history(program, roots),
        *_examples(program, target.id, examples),
        *_graph(program, roots, target.title.zh),
    ]
    return Page(target.title.zh, _beside(target.title, target.id, target.level), tuple(parts))


def _beside(title: Bilingual, id: str, level: str) -> Line:
    return (title.en, " · ", Identifier(id), " · ", level_words(level))


def _version(program: Program, policy: Policy, version: PolicyVersion) -> DatedBlocks:
    payment, obtain, sets = payment_words(version), _obtain(program, version), version.benefit.sets
    particulars: dict[Bilingual, Line | None] = {
        Bilingual("面向", "for"): None if policy.audience is None else (policy.audience.words,),
        Bilingual("栏目", "section"): None if policy.section is None else (policy.section.words,),
        Bilingual("待遇", "benefit"): (BENEFITS[version.benefit.kind],),
        Bilingual("效力", "force"): None if version.force == "entitlement" else (FORCES[version.force].said,),
        Bilingual("牵头", "lead"): bodies(program, version.lead),
        Bilingual("配合", "cooperating"): bodies(program, version.cooperating),
        Bilingual("职能", "function"): (version.function or "—",),
        Bilingual("依据", "clause"): clauses(program, version.basis),
        Bilingual("登记为", "entered as"): None if sets is None else (_sets(program, sets),),
        Bilingual("发放", "payment"): (payment,) if payment.zh else None,
        Bilingual("办理", "to obtain it"): None if obtain is None else (obtain,),
    }
    parts: list[PageBlock] = [facts([(name, line) for name, line in particulars.items() if line is not None])]
    condition = _in_force(program, policy.condition, version.validity)
    parts += _condition(program, Bilingual("条件", "condition"), condition)
    pays = sign(version.benefit.kind) < 0
    whom = Bilingual("由谁缴", "who pays") if pays else Bilingual("受益人", "beneficiaries")
    parts += _condition(program, whom, _chosen(program, policy, version))
    bodies_by = _in_force(program, policy.answering, version.validity)
    if bodies_by is not None:
        parts.append(_sentences(Bilingual("由谁负责", "who answers"), bodies_by, program))
    amount = _in_force(program, policy.stated, version.validity)
    if amount is not None and version.benefit.per is not None:
        parts.append(_sentences(Bilingual("金额", "amount"), amount, program, PER[version.benefit.per]))
    if version.note is not None:
        parts.append(Remark(version.note))
    return DatedBlocks(version.validity, tuple(parts))


def _sentences(title: Bilingual, expr: Expr, program: Program, after: Bilingual | None = None) -> Sentences:
    """An expression in both languages."""
    return Sentences(title, Bilingual(say(expr, program, "zh"), say(expr, program, "en")), after)


def _obtain(program: Program, version: PolicyVersion) -> Bilingual | None:
    """How it is obtained, where that is said."""
    if version.obtain is None:
        return None
    where = version.obtain.where
    name = None if where is None else name_on(program.departments[where], version.validity.start)
    return obtain_words(version.obtain, name)


def _chosen(program: Program, policy: Policy, version: PolicyVersion) -> Expr | None:
    """The condition on a member who benefits, without that the policy applies; None where all members do."""
    expr = _in_force(program, policy.beneficiary, version.validity)
    return None if expr is None else choice_of(expr)


def _sets(program: Program, sets: tuple[str, int]) -> str:
    fact = next(fact for fact in program.facts if fact.name == sets[0])
    assert isinstance(fact.type, Code)
    code = program.code_lists[fact.type.code_list].codes[sets[1]]
    return f"{fact.label} = {code.label}"


def _in_force(program: Program, definition: DefinitionId, validity: Validity | None) -> Expr | None:
    found: Definition | None = next((one for one in program.definitions if one.id == definition), None)
    if found is None:
        return None
    return next((expr for held, expr in found.versions if validity is None or held.covers(validity.start)), None)


def _condition(program: Program, head: Bilingual, expr: Expr | None) -> list[PageBlock]:
    if expr is None:
        return []
    parts: list[PageBlock] = [_sentences(head, expr, program)]
    if is_ladder(expr):
        parts.append(Ladder(head, ladder(expr, program, head.zh)))
    found = decision_table(expr, lambda part: say(part, program, "zh"))
    if found is not None and len(found[0]) > 1:
        names, rows = found
        marks = {True: "是", False: "否", None: "—"}
        cells = (tuple((marks[row.get(name)],) for name in names) for row in rows)
        parts.append(Table(tuple(names), tuple(map(BlockRow, cells))))
    return parts


def _truths_below(program: Program, roots: list[DefinitionId]) -> list[PageBlock]:
    """The terms below conditions that are conditions themselves, drawn, those that stand nearest first."""
    closure = program.dependencies.closure(roots).difference(roots)
    below = (one for one in reversed(program.definitions) if one.id in closure)
    terms = [one for one in below if one.id.part == "term" and isinstance(one.type, Truth)]
    return [
        Ladder(one.name, ladder(expr, program, one.name.zh), validity)
        for one in terms
        for validity, expr in one.versions
        if is_ladder(expr)
    ]


def _examples(program: Program, owner: str, examples: Iterable[model.ExampleDoc]) -> list[PageBlock]:
    rows = tuple(
        BlockRow(
            (
                (one.name.text,),
                (one.as_of.text,),
                given_line(program, one.given),
                wanted_line(program, owner, one.expect),
            )
        )
        for one in examples
    )
    heads = (
        Bilingual("例子", "example"),
        Bilingual("日期", "date"),
        Bilingual("资料", "given"),
        Bilingual("结果", "expected"),
    )
    return [Heading(Bilingual("例子", "examples")), Table(heads, rows)] if rows else []


def _graph(program: Program, roots: list[DefinitionId], title: str) -> list[PageBlock]:
    return [
        Heading(Bilingual("依赖", "rests on")),
        Drawing(drawing(program, roots, title), Bilingual("依赖图", "graph")),
    ]
