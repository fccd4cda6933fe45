"""What a benefit is, from when on it is given and when it is paid, in words.

In: a version of a policy. Out: a text in both languages, empty where it is given and paid at once. Called by `reports`
and `analysis`.
"""

from __future__ import annotations

from collections.abc import Mapping

from fupin_policy.core.benefits import BenefitKind
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import MonthDay
from fupin_policy.core.policies import ParameterWindow, PolicyVersion, Window
from fupin_policy.prose import wording
from fupin_policy.prose.dates import day_before, month_day_text

BENEFITS: Mapping[BenefitKind, Bilingual] = {
    "cash": Bilingual("现金", "cash"),
    "premium": Bilingual("代缴保费", "premium"),
    "waiver": Bilingual("减免", "waiver"),
    "service": Bilingual("服务", "service"),
    "loan": Bilingual("贷款", "loan"),
    "in_kind": Bilingual("实物", "in kind"),
    "contribution": Bilingual("个人缴费", "contribution"),
    "registration": Bilingual("登记", "registration"),
}
"""What a policy gives."""


def payment_words(version: PolicyVersion) -> Bilingual:
    """What a version says of beginning and payment."""
    found = [wording.STARTS[version.starts]] if version.starts != "same_day" else []
    if version.benefit.pay:
        months = version.benefit.pay
        names = ", ".join(wording.MONTHS[month - 1] for month in months)
        found.append(Bilingual(f"{'、'.join(map(str, months))} 月发放", f"paid in {names}"))
    match version.benefit.window:
        case Window(start, end):
            found.append(_each_year(start, day_before(end)))
        case ParameterWindow(first, last):
            found.append(Bilingual(f"{first} 至 {last} 期间一次", f"once from {first} to {last}"))
    return Bilingual("；".join(one.zh for one in found), "; ".join(one.en for one in found))


def _each_year(first: MonthDay, last: MonthDay) -> Bilingual:
    ends = [month_day_text(first), month_day_text(last)]
    return Bilingual(f"每年 {ends[0].zh}至 {ends[1].zh}期间一次", f"once each year from {ends[0].en} to {ends[1].en}")
