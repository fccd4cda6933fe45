"""What is asked of members, or of the items of a list, in words.

In: an aggregate, its parts as texts, what its list is called. Out: its words. Called by `expressions`.
"""

from __future__ import annotations

from dataclasses import dataclass

from fupin_policy.core import possible
from fupin_policy.core.bilingual import Bilingual, pick
from fupin_policy.core.expressions import Aggregate, Const, Items, Not
from fupin_policy.diagnostics import Lang
from fupin_policy.prose import wording

_LISTS = {
    Aggregate.SUM: Bilingual("{}合计", "sum over {}"),
    Aggregate.MIN: Bilingual("{}最小", "least over {}"),
    Aggregate.MAX: Bilingual("{}最大", "greatest over {}"),
}


@dataclass(frozen=True, slots=True)
class AggregateParts:
    """The condition, the value and what there is where no item is, as texts; what the list is called, if it is one."""

    where: str
    value: str | None
    default: str | None
    called: Bilingual | None


def aggregate_text(node: Items, parts: AggregateParts, lang: Lang) -> str:
    """An aggregate in words."""
    match node.aggregate:
        case Aggregate.ANY:
            return some_text(parts, lang)
        case Aggregate.COUNT:
            return _count(node, parts, lang)
    said = [] if parts.value is None else [parts.value]
    said += [] if _every(node) else [_pick(lang, "限 ", "where ") + parts.where]
    said += [] if parts.default is None else [_pick(lang, "否则 ", "else ") + parts.default]
    name = wording.AGGREGATES[node.aggregate] if parts.called is None else _named(_LISTS[node.aggregate], parts.called)
    return f"{pick(name, lang)}({_pick(lang, '，', ', ').join(said)})"


def some_text(parts: AggregateParts, lang: Lang) -> str:
    """That some member or item satisfies the condition."""
    of = parts.called
    zh, en = (
        ("有成员满足", "any member satisfies ") if of is None else (f"有{of.zh}满足", f"some of the {of.en} satisfy ")
    )
    return _pick(lang, f"{zh}（{parts.where}）", f"{en}({parts.where})")


def contrary_text(node: Items, parts: AggregateParts, lang: Lang) -> str:
    """That none does; or, of the contrary of a condition, of which `parts` have the condition, that all do."""
    of, every = parts.called, isinstance(node.where, Not)
    if of is None:
        zh = "所有成员满足" if every else "没有成员满足"
        en = "all members satisfy " if every else "no member satisfies "
    else:
        zh = f"所有{of.zh}满足" if every else f"没有{of.zh}满足"
        en = f"all of the {of.en} satisfy " if every else f"none of the {of.en} satisfy "
    return _pick(lang, f"{zh}（{parts.where}）", f"{en}({parts.where})")


def _count(node: Items, parts: AggregateParts, lang: Lang) -> str:
    of = parts.called
    zh, en = ("成员数", "number of members") if of is None else (f"{of.zh}的项数", f"number of {of.en}")
    return _pick(lang, zh, en) if _every(node) else _pick(lang, f"{zh}（{parts.where}）", f"{en} with ({parts.where})")


def _every(node: Items) -> bool:
    return isinstance(node.where, Const) and node.where.value == possible.TRUE


def _named(words: Bilingual, called: Bilingual) -> Bilingual:
    return Bilingual(words.zh.format(called.zh), words.en.format(called.en))


def _pick(lang: Lang, zh: str, en: str) -> str:
    return zh if lang == "zh" else en
