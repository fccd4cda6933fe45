"""Decisions as a notebook shows them: a table of what a household has or may have, or of one decision.

In: decisions. Out: HTML. Called by `evaluation` and `decision`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.decision import Decision, Status
from fupin_policy.core.html_tables import Cell, html_list, html_table
from fupin_policy.core.missing import Assumed, Missing

MAX_NAMED = 5
"""Facts that are missing by name in a line of many decisions; the others are counted."""
_POLICY, _STATUS = Bilingual("政策", "policy"), Bilingual("结果", "status")
_AMOUNT, _WHOM = Bilingual("金额", "amount"), Bilingual("受益人", "beneficiaries")
_LEAD, _MISSING = Bilingual("牵头", "lead"), Bilingual("待核实", "missing")


def html_of_decisions(caption: Bilingual, decisions: Sequence[Decision]) -> str:
    """A line for each decision that grants something or is open; those that do not apply are counted below."""
    told = [one for one in decisions if one.status is not Status.INELIGIBLE]
    told.sort(key=lambda one: one.status is not Status.ELIGIBLE)
    others = len(decisions) - len(told)
    below = Bilingual(f"另有 {others} 项不符合", f"{others} more do not apply") if others else ""
    headings = (_POLICY, _STATUS, _AMOUNT, _WHOM, _LEAD, _MISSING)
    return html_table(caption, headings, map(_row, told), below)


def _row(one: Decision) -> Sequence[Cell]:
    return (
        one.title,
        one.status.words,
        _amount(one),
        one.beneficiaries_text,
        _bodies(one.lead),
        _facts(one.missing, MAX_NAMED),
    )


def html_of_decision(one: Decision) -> str:
    """What one decision says, an entry below the other; what is empty is left out."""
    return html_list(one.title, ((name, cell) for name, cell in _entries(one) if cell not in ("", _NOTHING)))


_NOTHING = Bilingual("", "")


def _entries(one: Decision) -> Iterator[tuple[Bilingual, Cell]]:
    yield Bilingual("编号", "id"), one.policy
    yield _STATUS, one.status.words
    yield _AMOUNT, _amount(one)
    yield _WHOM, one.beneficiaries_text
    for member in one.members:
        words = member.status.words
        if member.amount is not None:
            given = member.amount.words
            words = Bilingual(f"{words.zh}，{given.zh}", f"{words.en}, {given.en}")
        yield Bilingual(f"成员 {member.member}", f"member {member.member}"), words
    yield _LEAD, _bodies(one.lead)
    yield Bilingual("配合", "cooperating"), _bodies(one.cooperating)
    yield Bilingual("依据", "basis"), ", ".join(f"{ref.source} {ref.clause}" for ref in one.basis)
    yield _MISSING, _facts(one.missing)
    yield Bilingual("当作", "assumed"), _facts(one.assumed)
    if one.provisional:
        yield (
            Bilingual("暂定", "provisional"),
            Bilingual("所据数值没有来源", "a value has no source"),
        )


def _amount(one: Decision) -> Cell:
    return "" if one.amount is None else one.amount.words


def _bodies(bodies: Iterable[Bilingual]) -> Bilingual:
    named = list(bodies)
    return Bilingual("、".join(one.zh for one in named), ", ".join(one.en for one in named))


def _facts(facts: Sequence[Missing | Assumed], most: int | None = None) -> Bilingual:
    """The facts by their names, after so many of them how many others there are."""
    named, others = facts[:most], len(facts[most:]) if most else 0
    zh, en = "、".join(one.said("zh") for one in named), ", ".join(one.said("en") for one in named)
    return Bilingual(f"{zh} 等 {len(facts)} 项", f"{en} and {others} more") if others else Bilingual(zh, en)
