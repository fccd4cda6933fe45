"""The pages of clauses and departments: what became of a clause, and what a department must do.

In: a program. Out: Markdown. Called by `site`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fupin_policy.analysis.clause_accounts import ClauseAccount, every_policy, every_target
from fupin_policy.core.days import to_date
from fupin_policy.core.program import Program
from fupin_policy.core.registers import Department, Duty
from fupin_policy.reports.site.markdown import bodies, both, clauses, dates, link, plain, table


def clause_page(program: Program, account: ClauseAccount) -> str:
    """The page of a clause."""
    clause = account.clause
    source = program.sources[clause.source]
    titles = _titles(program)
    facts = [
        ("牵头 / lead", bodies(program, clause.lead)),
        ("配合 / cooperating", bodies(program, clause.cooperating)),
        ("摘要 / digest", f"`{clause.digest}`" if clause.digest else "—"),
        ("政策 / policies", _links("policies", account.policies, titles)),
        ("目标 / targets", _links("targets", account.targets, titles)),
        ("参数 / parameters", "、".join(plain(program.parameters[name].label) for name in account.parameters) or "—"),
    ]
    parts = [f"# {plain(source.number or source.id)} {clause.id}", both(clause.summary), table(("", ""), facts)]
    if clause.nothing is not None:
        parts.append(f"**没有编码的原因 / why nothing is encoded**\n\n{both(clause.nothing)}")
    parts.append(_duties(program, [duty for duty in program.duties if duty.id in account.duties]))
    return "\n\n".join(part for part in parts if part) + "\n"


def department_page(program: Program, department: Department) -> str:
    """The page of a department: its names over time, what moved away, and all that it has a part in."""
    names = [(dates(one.validity), both(one.name), plain(one.source or "—")) for one in department.names]
    parts = [f"# {plain(department.names[0].name.zh)}", f"`{department.id}`"]
    parts.append(table(("期间 / dates", "名称 / name", "来源 / source"), names))
    moved = [
        (plain(one.function), bodies(program, [one.to]), dates(one.validity), plain(one.source or "—"))
        for one in department.moved
    ]
    parts.append(table(("移交的职能 / function moved", "接手 / to", "期间 / dates", "来源 / source"), moved))
    policies = [(p.id, p.title.zh, [(v.lead, v.cooperating) for v in p.versions]) for p in every_policy(program)]
    targets = [(t.id, t.title.zh, [(t.lead, t.cooperating)]) for t in every_target(program)]
    for head, kind, rules in (("政策 / policies", "policies", policies), ("目标 / targets", "targets", targets)):
        rows = [
            (link(kind, name, title), part)
            for name, title, parts_ in rules
            if (part := _part(department.id, parts_)) is not None
        ]
        parts.append(f"## {head}\n\n{table(('', ''), rows)}" if rows else "")
    duties = [d for d in program.duties if department.id in (*d.lead, *d.cooperating)]
    parts.append(_duties(program, duties))
    held = [
        link("clauses", f"{clause.source}-{clause.id}", clause.id)
        for source in program.sources.values()
        for clause in source.clauses.values()
        if department.id in (*clause.lead, *clause.cooperating)
    ]
    parts.append(f"## 条款 / clauses\n\n{'、'.join(held)}" if held else "")
    return "\n\n".join(part for part in parts if part) + "\n"


def _part(department: str, given: Iterable[tuple[Sequence[str], Sequence[str]]]) -> str | None:
    found = set()
    for lead, rest in given:
        if department in lead:
            found.add("牵头 / lead")
        elif department in rest:
            found.add("配合 / with")
    return "、".join(sorted(found)) or None


def _titles(program: Program) -> dict[str, str]:
    policies = {policy.id: policy.title.zh for policy in every_policy(program)}
    return {**policies, **{target.id: target.title.zh for target in every_target(program)}}


def _links(kind: str, names: Iterable[str], titles: dict[str, str]) -> str:
    return "、".join(link(kind, name, titles[name]) for name in names) or "—"


def _duties(program: Program, duties: Sequence[Duty]) -> str:
    rows = [
        (
            both(duty.title),
            "—" if duty.whom is None else both(duty.whom),
            to_date(duty.by).isoformat() if duty.by is not None else duty.each or "—",
            bodies(program, duty.lead),
            clauses(program, duty.basis),
        )
        for duty in duties
    ]
    head = ("职责 / duty", "对象 / for", "期限 / due", "牵头 / lead", "条款 / clause")
    return f"## 职责 / duties\n\n{table(head, rows)}" if rows else ""
