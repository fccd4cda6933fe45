"""Whom decisions are shown to, in words: first what is for the household, section by section; the rest behind `--all`.

In: decisions. Out: these in order, and texts. Called by `explanation`, `reports` and the command line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fupin_policy.core.bilingual import Bilingual, pick
from fupin_policy.core.decision import Decision
from fupin_policy.diagnostics import Lang
from fupin_policy.prose.missing_facts import assumed_text
from fupin_policy.prose.wording import COLON, comma_list

OTHERS = Bilingual("面向其他受众的", "for other audiences")
_NO_SECTION = Bilingual("其他", "other")


def by_section(decisions: Iterable[Decision]) -> list[tuple[Bilingual | None, list[Decision]]]:
    """Decisions under the words of their sections, in the order of the sections' names; None where no section is."""
    found: dict[str, tuple[Bilingual, list[Decision]]] = {}
    rest = list[Decision]()
    for one in decisions:
        if one.section is None:
            rest.append(one)
        else:
            found.setdefault(one.section.name, (one.section.words, []))[1].append(one)
    last = [(_NO_SECTION if found else None, rest)] if rest else []
    return [*(found[name] for name in sorted(found)), *last]


def own_and_others(decisions: Iterable[Decision]) -> tuple[list[Decision], list[Decision]]:
    """What may be for the household, section by section; and what surely is for others."""
    ordered = [one for _, some in by_section(decisions) for one in some]
    return [one for one in ordered if not one.is_of_others], [one for one in ordered if one.is_of_others]


def audience_text(decision: Decision, lang: Lang) -> str:
    """`如属于经营主体`: whom a policy is for, where that is not surely the household; else nothing."""
    if decision.audience is None or decision.own:
        return ""
    name = pick(decision.audience.words, lang)
    if lang == "zh":
        return f"面向{name}" if decision.is_of_others else f"如属于{name}"
    return f"for {name}" if decision.is_of_others else f"if among {name}"


def left_out(decisions: Sequence[Decision], lang: Lang) -> list[str]:
    """How many policies for other audiences are not listed, and how to see them; no line where all are."""
    if not decisions:
        return []
    names = dict.fromkeys(pick(one.audience.words, lang) for one in decisions if one.audience is not None)
    listed, count = comma_list(names, lang), len(decisions)
    assumed = [one for decision in decisions for one in decision.assumed]
    resting = assumed_text(assumed, lang) if assumed else ""
    if lang == "zh":
        return [f"  另有 {count} 项政策面向{listed}，没有列出，加 --all 列出{resting and '；' + resting}"]
    return [f"  left out: {count} for {listed}; shown with --all{resting and '; ' + resting}"]


def section_heading(words: Iterable[Bilingual], lang: Lang) -> list[str]:
    """A line above what stands under some headings at once; none where there are none."""
    named = [pick(one, lang) for one in words]
    return [f"  {comma_list(named, lang) if lang == 'en' else '，'.join(named)}{COLON[lang].rstrip()}"] if named else []
