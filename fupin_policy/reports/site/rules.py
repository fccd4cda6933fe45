"""The pages of policies and targets: conditions in both languages and as a table, amounts with their history, examples.

In: a program, a policy or target, its examples. Out: Markdown. Called by `site`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from fupin_policy.core.benefits import sign
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import Validity, to_date
from fupin_policy.core.declarations import ParameterDecl
from fupin_policy.core.expressions import Expr
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.policies import Policy, PolicyVersion
from fupin_policy.core.program import Definition, Program, choice_of
from fupin_policy.core.registers import Target
from fupin_policy.core.types import Code, Day, Number
from fupin_policy.decisions.responsibility import name_on
from fupin_policy.documents import model
from fupin_policy.prose.expressions import say, show_value
from fupin_policy.prose.obtaining import obtain_words
from fupin_policy.prose.payments import payment_words
from fupin_policy.prose.statuses import FORCES
from fupin_policy.reports.site.case_tables import decision_table
from fupin_policy.reports.site.choice_tables import choice_tables
from fupin_policy.reports.site.dependency_graph import drawing
from fupin_policy.reports.site.markdown import bodies, both, clauses, dates, plain, table

STANDING = {"enacted": "文件规定 / enacted", "reported": "已知未核实 / reported", "example": "示例 / example"}


def policy_page(program: Program, policy: Policy, examples: Sequence[model.ExampleDoc]) -> str:
    """The page of a policy; `program` is that of its kind of subject."""
    roots = [policy.outcome, policy.condition]
    roots += [policy.payable, policy.stated] if policy.has_amount else []
    roots += [policy.beneficiary] if policy.chooses else []
    roots += [policy.answering] if policy.answers else []
    parts = [f"# {plain(policy.title.zh)}", f"{plain(policy.title.en)} · `{policy.id}` · {plain(policy.level)}"]
    parts += [_version(program, policy, version) for version in policy.versions]
    parts += [
        choice_tables(program, roots),
        _history(program, roots),
        _examples(examples),
        _graph(program, roots, policy.title.zh),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def target_page(program: Program, target: Target, examples: Sequence[model.ExampleDoc]) -> str:
    """The page of a target."""
    roots = [DefinitionId("applies", target.id), DefinitionId("goal", target.id)]
    due = f"每期 / each {target.each}" if target.by is None else to_date(target.by).isoformat()
    facts = [
        ("期限 / deadline", due),
        ("考核期间 / asked in", dates(target.validity)),
        ("牵头 / lead", bodies(program, target.lead)),
        ("配合 / cooperating", bodies(program, target.cooperating)),
        ("依据 / clause", clauses(program, target.basis)),
    ]
    parts = [f"# {plain(target.title.zh)}", f"{plain(target.title.en)} · `{target.id}` · {plain(target.level)}"]
    parts.append(table(("", ""), facts))
    parts.append(_condition(program, "适用于 / applies to", _in_force(program, roots[0], None)))
    kept = "始终保持 / to be kept" if target.keep else "须达到 / to be reached"
    parts.append(_condition(program, kept, _in_force(program, roots[1], None)))
    parts += ["" if target.note is None else f"> {both(target.note)}", choice_tables(program, roots)]
    parts.append(_history(program, roots))
    parts += [_examples(examples), _graph(program, roots, target.title.zh)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _version(program: Program, policy: Policy, version: PolicyVersion) -> str:
    payment, obtain = payment_words(version), _obtain(program, version)
    particulars = {
        "面向 / for": None if policy.audience is None else both(policy.audience.words),
        "栏目 / section": None if policy.section is None else both(policy.section.words),
        "待遇 / benefit": version.benefit.kind,
        "效力 / force": None if version.force == "entitlement" else both(FORCES[version.force].said),
        "牵头 / lead": bodies(program, version.lead),
        "配合 / cooperating": bodies(program, version.cooperating),
        "职能 / function": plain(version.function or "—"),
        "依据 / clause": clauses(program, version.basis),
        "发放 / payment": both(payment) if payment.zh else None,
        "办理 / to obtain it": None if obtain is None else both(obtain),
    }
    facts = [(name, text) for name, text in particulars.items() if text is not None]
    parts = [f"## {dates(version.validity)}", table(("", ""), facts)]
    parts.append(_condition(program, "条件 / condition", _in_force(program, policy.condition, version.validity)))
    whom = "由谁缴 / who pays" if sign(version.benefit.kind) < 0 else "受益人 / beneficiaries"
    parts.append(_condition(program, whom, _chosen(program, policy, version)))
    bodies_by = _in_force(program, policy.answering, version.validity)
    if bodies_by is not None:
        parts.append(_sentences("由谁负责 / who answers", bodies_by, program))
    amount = _in_force(program, policy.stated, version.validity)
    if amount is not None and version.benefit.per is not None:
        parts.append(_sentences("金额 / amount", amount, program, f" ({version.benefit.per})"))
    if version.benefit.sets is not None:
        parts.append(_sets(program, version.benefit.sets))
    if version.note is not None:
        parts.append(f"> {both(version.note)}")
    return "\n\n".join(parts)


def _sentences(title: str, expr: Expr, program: Program, after: str = "") -> str:
    """An expression in both languages."""
    zh, en = say(expr, program, "zh"), say(expr, program, "en")
    return f"**{title}**{after}\n\n- {plain(zh)}\n- {plain(en)}"


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
    return f"**登记为 / entered as** {plain(fact.label)} = {plain(code.label)}"


def _in_force(program: Program, definition: DefinitionId, validity: Validity | None) -> Expr | None:
    found: Definition | None = next((one for one in program.definitions if one.id == definition), None)
    if found is None:
        return None
    return next((expr for held, expr in found.versions if validity is None or held.covers(validity.start)), None)


def _condition(program: Program, head: str, expr: Expr | None) -> str:
    if expr is None:
        return ""
    parts = [_sentences(head, expr, program)]
    found = decision_table(expr, lambda part: say(part, program, "zh"))
    if found is not None and len(found[0]) > 1:
        names, rows = found
        marks = {True: "是", False: "否", None: "—"}
        parts.append(table([plain(name) for name in names], [[marks[row.get(name)] for name in names] for row in rows]))
    return "\n\n".join(parts)


def _history(program: Program, roots: list[DefinitionId]) -> str:
    """Every parameter that a rule rests on, with its values over time, their standing and source."""
    rows = []
    closure = program.dependencies.closure(roots)
    uses = {one.id.parameter: one for one in program.definitions if one.id.parameter and one.id in closure}
    for name in sorted(program.dependencies.parameters(roots).union(filter(None, uses))):
        parameter = program.parameters[name]
        for value in parameter.values:
            shown = "、".join(_said(program, parameter, key, number) for key, number in value.values.items())
            if not value.values and name in uses:
                shown = "、".join(
                    say(expr, program, "zh") for days, expr in uses[name].versions if days == value.validity
                )
            standing, basis = STANDING[value.standing], clauses(program, [value.basis])
            rows.append((plain(parameter.label), dates(value.validity), plain(shown), standing, basis))
    head = ("参数 / parameter", "期间 / dates", "值 / value", "性质 / standing", "来源 / source")
    return f"## 数值沿革 / values over time\n\n{table(head, rows)}" if rows else ""


def _said(program: Program, parameter: ParameterDecl, key: int | None, number: int) -> str:
    """A value, after the bracket whose rate it is, if it is one."""
    ordered = isinstance(parameter.type, Number | Day)
    shown = show_value(parameter.type, (number, number) if ordered else number, program, "zh")
    return f"{parameter.rows[key].zh} {shown}" if parameter.rows and key is not None else shown


def _examples(examples: Iterable[model.ExampleDoc]) -> str:
    rows = [
        (plain(one.name.text), plain(one.as_of.text), plain(_flat(one.given)), plain(_flat(one.expect)))
        for one in examples
    ]
    head = ("例子 / example", "日期 / date", "资料 / given", "结果 / expected")
    return f"## 例子 / examples\n\n{table(head, rows)}" if rows else ""


def _flat(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str) if not isinstance(value, str) else value
    return text.replace('"', "")


def _graph(program: Program, roots: list[DefinitionId], title: str) -> str:
    svg = drawing(program, roots, title)
    return f'## 依赖 / rests on\n\n```{{raw}} html\n<div class="drawing">{svg}</div>\n```'
