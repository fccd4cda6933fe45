"""Findings and differences as lines of text, in Chinese or English.

In: findings, differences. Out: text and plain data. Called by `cli`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, cast

from fupin_policy.analysis.verification.differences import DatedDifference, Difference
from fupin_policy.analysis.verification.findings import FURTHER_ITEMS, Finding, ListBound
from fupin_policy.analysis.verification.solver import Claim, Witness
from fupin_policy.core import possible
from fupin_policy.core.benefits import PER
from fupin_policy.core.bilingual import Bilingual, counted, pick
from fupin_policy.core.days import Validity, to_day
from fupin_policy.core.decision import STATUS_OF_TRUTH
from fupin_policy.core.json_data import json_of, json_parts
from fupin_policy.core.possible import Value
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import Lang, render
from fupin_policy.prose.expressions import show_value
from fupin_policy.prose.statuses import STATUSES

_VERDICTS = {
    "differs": Bilingual("结果不同", "differs"),
    "same": Bilingual("写法不同，已证明结果相同", "written otherwise, proved to mean the same"),
    "undecided": Bilingual("未能在时限内得出结论", "no answer in time"),
    "incomparable": Bilingual(
        "对象、货币或事实的种类不同，无法比较", "of another kind or currency, cannot be compared"
    ),
    "open": Bilingual(
        "两个版本都待定：取决于没有数值的参数", "both stay open: they rest on a parameter without a value"
    ),
    "added": Bilingual("新增", "added"),
    "removed": Bilingual("删除", "removed"),
}

_BENEFITS = {
    possible.TRUE: Bilingual("第一个成员受益", "the first member benefits"),
    possible.FALSE: Bilingual("第一个成员不受益", "the first member does not benefit"),
    possible.UNKNOWN: Bilingual("第一个成员是否受益待定", "whether the first member benefits is open"),
}

MAX_INTERVALS = 6
"""How many stretches of days are written out."""


def finding_text(finding: Finding, lang: Lang) -> str:
    """A finding with its place, its days and the households that show it."""
    head = pick(Bilingual("例户", "a household"), lang)
    lines = [render(finding.diagnostic), f"  {_all_days(finding.stretches, lang)}"]
    lines += [f"  {line}" for line in _bounded_lines(finding.bounded, lang)]
    return "\n".join([*lines, *(f"  {head}: {_shown(one, lang)}" for one in finding.witnesses)])


def _bounded_lines(bounded: Sequence[ListBound], lang: Lang) -> list[str]:
    """A line on each list of which not as many items were looked at as there may be."""
    return [
        pick(
            Bilingual(
                f"只看了「{one.words.zh}」不超过 {one.looked} 项的户，可以有 {one.most} 项：项数更多的没有证明",
                f'looked at up to {one.looked} items of "{one.words.en}", of which there may be {one.most}: nothing is '
                "proved of more",
            ),
            lang,
        )
        for one in bounded
    ]


def items_bound(programs: Sequence[Program], items: int) -> Bilingual:
    """How many items of lists are looked at, where some list may have more; else nothing."""
    longer = any(one.most > items for program in programs for one in program.lists)
    return (
        Bilingual(f"、每份明细 {items} 项以内", f" and lists of up to {counted(items, 'item')}")
        if longer
        else Bilingual("", "")
    )


def _all_days(stretches: Sequence[Validity], lang: Lang) -> str:
    """Every stretch of days, or the first few and how many more there are."""
    comma = pick(Bilingual("；", "; "), lang)
    said = comma.join(days(one, lang) for one in stretches[:MAX_INTERVALS])
    left = len(stretches) - MAX_INTERVALS
    return (
        said + pick(Bilingual(f"；另有 {left} 段", f"; and {counted(left, 'more stretch', 'more stretches')}"), lang)
        if left > 0
        else said
    )


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding as plain data."""
    return {
        **finding.diagnostic.as_json(),
        "rule": str(finding.about),
        **Validity(finding.stretches[0].start, finding.stretches[-1].end).as_json(),
        **json_parts(finding, "stretches", "explained", "witnesses"),
        **({"bounded": json_of(finding.bounded)} if finding.bounded else {}),
    }


def difference_text(found: Difference, before: Program, after: Program, lang: Lang) -> str:
    """What became of one policy."""
    lines = [f"{pick(found.title, lang)} ({found.policy}): {pick(_VERDICTS[found.verdict], lang)}"]
    for stretch in found.stretches:
        lines.append(f"  {days(stretch.within, lang)}: {pick(_VERDICTS[stretch.verdict], lang)}")
        lines += [f"    {line}" for line in _stretch_lines(stretch, before, after, lang)]
        lines += [f"    {line}" for line in _bounded_lines(stretch.bounded, lang)]
    arrow = pick(Bilingual("改为", "becomes"), lang)
    lines += [f"  {pick(said.what, lang)}: {said.before or '—'} {arrow} {said.after or '—'}" for said in found.said]
    return "\n".join(lines)


def difference_json(found: Difference) -> dict[str, Any]:
    """A difference as plain data."""
    own = ("verdict", "before", "after")
    return {
        **json_parts(found, "policy", "title", "verdict"),
        "stretches": [
            {
                **one.within.as_json(),
                **json_parts(one, *own),
                **({"bounded": json_of(one.bounded)} if one.bounded else {}),
            }
            for one in found.stretches
        ],
        "said": [{"what": one.what.en, "before": one.before, "after": one.after} for one in found.said],
    }


def differences_text(found: Sequence[Difference], before: Program, after: Program, lang: Lang, members: int) -> str:
    """All differences, then how many were not settled, then what was proved and within what bounds."""
    lines = [difference_text(one, before, after, lang) for one in found]
    unsettled = sum(any(stretch.verdict == "undecided" for stretch in one.stretches) for one in found)
    open_ = Bilingual(
        f"以上有 {unsettled} 项政策在时限内没有判定完：既没有证明相同，也没有找到结果不同的户（可加长 --seconds）",
        f"{unsettled} of the policies above were not settled in time: neither proved to mean the same, nor found to "
        "differ (allow more with --seconds)",
    )
    items = items_bound((before, after), FURTHER_ITEMS)
    bound = Bilingual(
        f"没有列出的政策在两个版本中结果相同（{members} 人以内{items.zh}的各户、事实的范围之内、两者都施行的日期）",
        f"policies that are not listed mean the same (households of up to {members}{items.en}, within the facts' "
        "ranges and both covers)",
    )
    return "\n\n".join([*lines, *([pick(open_, lang)] if unsettled else []), pick(bound, lang)])


def days(within: Validity, lang: Lang) -> str:
    """The first and the last day of a stretch."""
    first, last = within.as_json().values()
    return f"{first} 至 {last}" if lang == "zh" else f"{first} to {last}"


def _stretch_lines(stretch: DatedDifference, before: Program, after: Program, lang: Lang) -> list[str]:
    shown = stretch.before or stretch.after
    if shown is None:
        return []
    lines = [f"{pick(Bilingual('例户', 'a household'), lang)}: {_shown(shown, lang)}"]
    if stretch.before is not None:
        lines.append(f"{pick(Bilingual('之前', 'before'), lang)}: {_values(stretch.before, before, lang)}")
    if stretch.after is not None:
        lines.append(f"{pick(Bilingual('之后', 'after'), lang)}: {_values(stretch.after, after, lang)}")
    return lines


def _shown(witness: Witness, lang: Lang) -> str:
    """The household in one line, as it can be given to `fupin eval`, and the date; in Chinese by its labels."""
    said = json.dumps(dict(witness.household if lang == "en" else witness.labelled), ensure_ascii=False)
    assumed = "".join(f" --set {pick(one, lang)}" for one in witness.parameters)
    return f"{said} --as-of {witness.as_of.isoformat()}{assumed}"


def _values(witness: Witness, program: Program, lang: Lang) -> str:
    comma = "，" if lang == "zh" else ", "
    return comma.join(_value(program, witness, claim, value, lang) for claim, value in witness.values.items())


def _value(program: Program, witness: Witness, claim: Claim, value: Value, lang: Lang) -> str:
    every = (program, *program.by_place.values())
    owner, dated = next((one, d) for one in every for d in one.definitions if d.id == claim.definition)
    if claim.definition.part == "outcome":
        return pick(STATUSES[STATUS_OF_TRUTH[cast(int, value)]].explained, lang)
    if claim.definition.part == "beneficiary":
        return pick(_BENEFITS[cast(int, value)], lang)
    shown = show_value(dated.type, value, owner, lang)
    part, name, *_ = claim.definition
    per = None if part != "payable" else _per(owner, name, to_day(witness.as_of))
    return shown if per is None else f"{shown} {pick(PER[per], lang)}"


def _per(program: Program, policy: str, day: int) -> str | None:
    version = next(one for one in program.policies if one.id == policy).version_on(day)
    return None if version is None else version.benefit.per
