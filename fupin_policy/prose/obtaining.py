"""How a benefit is obtained, in words.

In: what a version of a policy says of it, and the department by its name. Out: a text in both languages. Called by
`explanation`, `reports` and `analysis`.
"""

from __future__ import annotations

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.policies import NeededDocument, Obtain
from fupin_policy.prose.sentences import CHANNELS, semicolons, sentence


def _named(document: NeededDocument) -> Bilingual:
    """`残疾证（如残疾等级为「一级」）`."""
    name, when = document.name, document.when
    return name if when is None else sentence("document_if", name=name, when=when)


def obtain_words(obtain: Obtain, where: Bilingual | None) -> Bilingual:
    """`申请；受理部门：市民政局；材料：户口簿、残疾证；30 天内办结；电话：0536-4221234`."""
    found = [CHANNELS[obtain.how]]
    if where is not None:
        found.append(sentence("where_to_go", where=where))
    if obtain.documents:
        named = [_named(one) for one in obtain.documents]
        names = Bilingual("、".join(one.zh for one in named), ", ".join(one.en for one in named))
        found.append(sentence("bring", names=names))
    if obtain.days is not None:
        found.append(sentence("settled_in_1" if obtain.days == 1 else "settled_in", days=obtain.days))
    if obtain.working_days is not None:
        days = obtain.working_days
        found.append(sentence("settled_in_1_working" if days == 1 else "settled_in_working", days=days))
    if obtain.phone is not None:
        found.append(sentence("telephone", phone=obtain.phone))
    return semicolons(found)
