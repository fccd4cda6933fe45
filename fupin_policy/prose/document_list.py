"""The documents to bring for all that is granted, each once, with what it is for.

In: decisions. Out: lines of text. Called by `cli`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fupin_policy.core.bilingual import Bilingual, pick
from fupin_policy.core.decision import Decision, Status
from fupin_policy.diagnostics import Lang
from fupin_policy.prose.audiences import own_and_others
from fupin_policy.prose.wording import COLON, comma_list, in_brackets

_HEADING = Bilingual("要带的材料", "documents to bring")


def document_lines(decisions: Iterable[Decision], lang: Lang) -> Iterator[str]:
    """`户口簿：低保、高龄津贴`, a line each, with the condition where it is open if one is needed; none: no lines."""
    found: dict[Bilingual, dict[str, Bilingual | None]] = {}
    for one in own_and_others(decisions)[0]:
        if one.status is Status.ELIGIBLE and one.obtain is not None:
            for document in one.obtain.documents:
                found.setdefault(document.name, {})[pick(one.title, lang)] = document.when
    if found:
        yield f"  {pick(_HEADING, lang)}{in_brackets(str(len(found)), lang)}"
    for name, uses in found.items():
        told = [title if when is None else title + in_brackets(_only(when, lang), lang) for title, when in uses.items()]
        yield f"    {pick(name, lang)}{COLON[lang]}{comma_list(told, lang)}"


def _only(when: Bilingual, lang: Lang) -> str:
    return f"如{when.zh}才要带，还没有定" if lang == "zh" else f"only where {when.en}, which is open"
