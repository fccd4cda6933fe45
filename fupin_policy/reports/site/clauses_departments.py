"""The pages of clauses and departments: what became of a clause, and what a department must do.

In: a program. Out: pages as blocks. Called by `site`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fupin_policy.analysis.clause_accounts import ClauseAccount, every_policy, every_target
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import to_date
from fupin_policy.core.program import Program
from fupin_policy.core.registers import Department, Duty
from fupin_policy.reports.site.blocks import (
    BlockRow,
    Heading,
    Identifier,
    Inline,
    Line,
    Link,
    Page,
    PageBlock,
    PageKind,
    Paragraph,
    Table,
    bodies,
    clause_name,
    clauses,
    facts,
    listed,
)

_POLICIES, _TARGETS = Bilingual("政策", "policies"), Bilingual("目标", "targets")
_LEAD, _WITH = Bilingual("牵头", "lead"), Bilingual("配合", "with")


def clause_page(program: Program, account: ClauseAccount) -> Page:
    """The page of a clause."""
    clause = account.clause
    source = program.sources[clause.source]
    titles = _titles(program)
    labels = (program.parameters[name].label for name in account.parameters)
    parts: list[PageBlock] = [
        facts(
            [
                (_LEAD, bodies(program, clause.lead)),
                (Bilingual("配合", "cooperating"), bodies(program, clause.cooperating)),
                (Bilingual("摘要", "digest"), (Identifier(clause.digest) if clause.digest else "—",)),
                (_POLICIES, _links("policies", account.policies, titles)),
                (_TARGETS, _links("targets", account.targets, titles)),
                (Bilingual("参数", "parameters"), listed(labels)),
            ]
        )
    ]
    if clause.nothing is not None:
        why = Bilingual("没有编码的原因", "why nothing is encoded")
        parts += [Heading(why), Paragraph((clause.nothing,))]
    parts += _duties(program, [duty for duty in program.duties if duty.id in account.duties])
    return Page(f"{source.number or source.id} {clause.id}", (clause.summary,), tuple(parts))


def department_page(program: Program, department: Department) -> Page:
    """The page of a department: its names over time, what moved away, and all that it has a part in."""
    names = tuple(BlockRow(((one.validity,), (one.name,), (one.source or "—",))) for one in department.names)
    when, source = Bilingual("期间", "dates"), Bilingual("来源", "source")
    moved = tuple(
        BlockRow(((one.function,), bodies(program, [one.to]), (one.validity,), (one.source or "—",)))
        for one in department.moved
    )
    heads = (Bilingual("移交的职能", "function moved"), Bilingual("接手", "to"), when, source)
    parts: list[PageBlock] = [Table((when, Bilingual("名称", "name"), source), names)]
    parts += [Table(heads, moved)] if moved else []
    policies = [(p.id, p.title.zh, [(v.lead, v.cooperating) for v in p.versions]) for p in every_policy(program)]
    targets = [(t.id, t.title.zh, [(t.lead, t.cooperating)]) for t in every_target(program)]
    kinds: tuple[tuple[Bilingual, PageKind, list[_Rule]], ...] = (
        (_POLICIES, "policies", policies),
        (_TARGETS, "targets", targets),
    )
    for head, kind, rules in kinds:
        found = [
            ((Link(kind, name, title),), part) for name, title, given in rules if (part := _part(department, given))
        ]
        parts += [Heading(head), Table(("", ""), tuple(map(BlockRow, found)))] if found else []
    parts += _duties(program, [d for d in program.duties if department.id in (*d.lead, *d.cooperating)])
    held = [
        Link("clauses", clause_name(clause.source, clause.id), clause.id)
        for source in program.sources.values()
        for clause in source.clauses.values()
        if department.id in (*clause.lead, *clause.cooperating)
    ]
    parts += [Heading(Bilingual("条款", "clauses")), Paragraph(listed(held))] if held else []
    return Page(department.names[0].name.zh, (Identifier(department.id),), tuple(parts))


_Rule = tuple[str, str, list[tuple[tuple[str, ...], tuple[str, ...]]]]
"""The id and title of a rule, and who leads and cooperates in each of its versions."""


def _part(department: Department, given: Iterable[tuple[Sequence[str], Sequence[str]]]) -> Line:
    led, joined = False, False
    for lead, rest in given:
        led = led or department.id in lead
        joined = joined or (department.id not in lead and department.id in rest)
    return listed([*([_LEAD] if led else []), *([_WITH] if joined else [])], "")


def _titles(program: Program) -> dict[str, str]:
    policies = {policy.id: policy.title.zh for policy in every_policy(program)}
    return {**policies, **{target.id: target.title.zh for target in every_target(program)}}


def _links(kind: PageKind, names: Iterable[str], titles: dict[str, str]) -> Line:
    return listed(Link(kind, name, titles[name]) for name in names)


def _duties(program: Program, duties: Sequence[Duty]) -> list[PageBlock]:
    rows = tuple(
        BlockRow(
            (
                (duty.title,),
                ("—" if duty.whom is None else duty.whom,),
                (to_date(duty.by).isoformat() if duty.by is not None else duty.each or "—",),
                bodies(program, duty.lead),
                clauses(program, duty.basis),
            ),
            duty.validity,
        )
        for duty in duties
    )
    heads: tuple[Inline, ...] = (
        Bilingual("职责", "duty"),
        Bilingual("对象", "for"),
        Bilingual("期限", "due"),
        _LEAD,
        Bilingual("条款", "clause"),
    )
    return [Heading(Bilingual("职责", "duties")), Table(heads, rows)] if rows else []
