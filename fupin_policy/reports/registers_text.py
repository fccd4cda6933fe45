"""Targets, duties and clauses as lines of text for a person.

In: judgements, tasks, accounts. Out: text. Called by the command line.
"""

from __future__ import annotations

from collections.abc import Sequence

from fupin_policy.analysis.clause_accounts import ClauseAccount, every_policy, every_target
from fupin_policy.analysis.department_tasks import Task
from fupin_policy.analysis.readings import ReadingAccount
from fupin_policy.core.bilingual import Bilingual, counted, pick
from fupin_policy.core.decision import Status
from fupin_policy.core.evaluation import Evaluation
from fupin_policy.core.program import Program
from fupin_policy.decisions.judgements import Judgement, TargetProgress
from fupin_policy.diagnostics import Lang
from fupin_policy.diagnostics.showing import width_of
from fupin_policy.prose.missing_facts import assumed_text
from fupin_policy.prose.statuses import STATUSES
from fupin_policy.prose.wording import COLON
from fupin_policy.reports.decisions_text import evaluation_text, listed

PROGRESS = {
    TargetProgress.MET: ("✓", Bilingual("已达到", "met")),
    TargetProgress.MISSED: ("✗", Bilingual("未达到", "missed")),
    TargetProgress.PENDING: ("…", Bilingual("未到期", "pending")),
    TargetProgress.UNKNOWN: (STATUSES[Status.UNKNOWN].mark, STATUSES[Status.UNKNOWN].listed),
    TargetProgress.NOT_APPLICABLE: ("-", Bilingual("不适用", "not applicable")),
}
"""How far a target has been reached: the mark before it, and what that is called."""
_KIND = {
    "duty": Bilingual("职责", "duty"),
    "target": Bilingual("目标", "target"),
    "policy": Bilingual("政策", "policy"),
}
_EACH = {
    "month": Bilingual("每月", "each month"),
    "quarter": Bilingual("每季", "each quarter"),
    "year": Bilingual("每年", "each year"),
}


def judgements_text(granted: Evaluation, judgements: Sequence[Judgement], program: Program, lang: Lang) -> str:
    """What a place is entitled to, then every target that applies; those that do not in one line."""
    lines = [evaluation_text(granted, program, lang)]
    for one in judgements:
        if one.status is not TargetProgress.NOT_APPLICABLE:
            lines += _judgement(one, lang)
    rest = [pick(one.title, lang) for one in judgements if one.status is TargetProgress.NOT_APPLICABLE]
    if rest:
        lines.append(f"  - {pick(PROGRESS[TargetProgress.NOT_APPLICABLE][1], lang)}: {'、'.join(rest)}")
    return "\n".join(lines)


def _judgement(judgement: Judgement, lang: Lang) -> list[str]:
    mark, words = PROGRESS[judgement.status]
    due = "" if judgement.deadline is None else f"  ({judgement.deadline.isoformat()})"
    missing = (
        f"  {pick(Bilingual('缺少', 'missing'), lang)} {'、'.join(m.text for m in judgement.missing)}"
        if judgement.missing
        else ""
    )
    if judgement.assumed:
        missing += f"  {assumed_text(judgement.assumed, lang)}"
    basis = "、".join(f"{ref.source} {ref.clause}".strip() for ref in judgement.basis)
    return [
        f"  {mark} {pick(judgement.title, lang)}: {pick(words, lang)}{due}{missing}",
        f"      {_answering(judgement.lead, judgement.cooperating, lang)}  〔{basis}〕",
    ]


def tasks_text(tasks: Sequence[Task], lang: Lang) -> str:
    """Every task with its dates and whom it is for."""
    lines = []
    for task in tasks:
        when = [pick(_EACH[task.each], lang)] if task.each else []
        if task.due is not None:
            opens = "" if task.opens is None or task.opens == task.due else task.opens.isoformat() + ".."
            when.append(f"{opens}{task.due.isoformat()}")
        dates = f"  ({' '.join(when)})" if when else ""
        whom = f"  → {pick(task.whom, lang)}" if task.whom.zh else ""
        basis = "、".join(f"{ref.source} {ref.clause}".strip() for ref in task.basis)
        lines.append(f"{pick(_KIND[task.kind], lang)} {pick(task.title, lang)}{dates}{whom}")
        lines.append(f"      {_answering(task.lead, task.cooperating, lang)}  〔{basis}〕")
    counts = [f"{pick(_KIND[kind], lang)} {sum(task.kind == kind for task in tasks)}" for kind in _KIND]
    return "\n".join([*lines, "  ".join(counts)])


def accounts_text(program: Program, accounts: Sequence[ClauseAccount]) -> str:
    """A table of all clauses with what encodes each, and the sums."""
    rows = [("条款 clause", "牵头 lead", "由何编码 encoded by")]
    for one in accounts:
        lead = "、".join(program.departments[name].names[0].name.zh for name in one.clause.lead) or "—"
        named = (name if program.parameters[name].reading else f"参数 {name}" for name in one.parameters)
        encoded = [*one.policies, *one.targets, *one.duties, *named]
        if one.clause.nothing is not None:
            encoded.append(f"（{one.clause.nothing.zh}）")
        rows.append((one.clause.id, lead, "; ".join(encoded) or "!! 没有说明 / not accounted for"))
    widths = [max(width_of(row[column]) for row in rows) for column in (0, 1)]
    lines = ["  ".join([*(row[i] + " " * (widths[i] - width_of(row[i])) for i in (0, 1)), row[2]]) for row in rows]
    known = sum(one.accounted for one in accounts)
    lines.append(f"{known}/{len(accounts)} 款有着落 / clauses accounted for")
    lines.append(
        f"政策 policies {len(every_policy(program))}，目标 targets {len(every_target(program))}，"
        f"职责 duties {len(program.duties)}"
    )
    return "\n".join(lines)


def readings_text(found: Sequence[ReadingAccount], households: int | None, lang: Lang) -> str:
    """Each reading with its clause and its options; of how many households an option changes something, if counted."""
    lines = []
    for one in found:
        lines.append(f"{pick(one.words, lang)}  〔{one.clause.source} {one.clause.clause}〕")
        for option in one.options:
            mark = "●" if option.taken else "○"
            taken = pick(Bilingual("（采用）", " (taken)"), lang) if option.taken else ""
            why = pick(Bilingual("理由", "why"), lang)
            lines.append(f"  {mark} {pick(option.words, lang)}{taken}  {why}{COLON[lang]}{pick(option.why, lang)}")
            if option.changed is not None:
                said = Bilingual(
                    f"改用后 {option.changed} 户不同", f"would change {counted(option.changed, 'household')}"
                )
                lines.append(f"      {pick(said, lang)}")
    if not found:
        lines.append(pick(Bilingual("没有登记读法", "no readings are declared"), lang))
    if households is not None:
        lines.append(pick(Bilingual(f"共计算 {households} 户", f"households decided: {households}"), lang))
    return "\n".join(lines)


def _answering(lead: Sequence[Bilingual], cooperating: Sequence[Bilingual], lang: Lang) -> str:
    text = f"{pick(Bilingual('牵头', 'lead'), lang)} {listed(lead, lang)}"
    return text if not cooperating else f"{text}; {pick(Bilingual('配合', 'with'), lang)} {listed(cooperating, lang)}"
