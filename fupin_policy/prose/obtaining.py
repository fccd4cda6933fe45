"""How a benefit is obtained, in words.

In: what a version of a policy says of it, and the department by its name. Out: a text in both languages. Called by
`explanation`, `reports` and `analysis`.
"""

from __future__ import annotations

from collections.abc import Mapping

from fupin_policy.core.bilingual import Bilingual, counted
from fupin_policy.core.policies import Channel, NeededDocument, Obtain

_HOW: Mapping[Channel, Bilingual] = {
    "application": Bilingual("申请", "by application"),
    "automatic": Bilingual("自动办理，不用申请", "without an application"),
    "referral": Bilingual("由部门转介", "by referral"),
}


def _named(document: NeededDocument) -> Bilingual:
    """`残疾证（如残疾等级为「一级」）`."""
    name, when = document.name, document.when
    return name if when is None else Bilingual(f"{name.zh}（如{when.zh}）", f"{name.en} (where {when.en})")


def obtain_words(obtain: Obtain, where: Bilingual | None) -> Bilingual:
    """`申请；受理部门：市民政局；材料：户口簿、残疾证；30 天内办结；电话：0536-4221234`."""
    found = [_HOW[obtain.how]]
    if where is not None:
        found.append(Bilingual(f"受理部门：{where.zh}", f"at {where.en}"))
    if obtain.documents:
        named = [_named(one) for one in obtain.documents]
        names = "、".join(one.zh for one in named), ", ".join(one.en for one in named)
        found.append(Bilingual(f"材料：{names[0]}", f"bring: {names[1]}"))
    if obtain.days is not None:
        found.append(Bilingual(f"{obtain.days} 天内办结", f"settled within {counted(obtain.days, 'day')}"))
    if obtain.working_days is not None:
        days = obtain.working_days
        found.append(Bilingual(f"{days} 个工作日内办结", f"settled within {counted(days, 'working day')}"))
    if obtain.phone is not None:
        found.append(Bilingual(f"电话：{obtain.phone}", f"telephone {obtain.phone}"))
    return Bilingual("；".join(one.zh for one in found), "; ".join(one.en for one in found))
