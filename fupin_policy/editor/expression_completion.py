"""What may be written next in an expression: names, codes, units, parameters, functions, what fits the type first.

In: what is wanted, and the names of the ruleset. Out: proposals. Called by `completion`.
"""

from __future__ import annotations

from collections.abc import Iterator

from fupin_policy.core.types import Unit
from fupin_policy.diagnostics import Lang
from fupin_policy.editor.proposals import Proposal, ProposalKind
from fupin_policy.editor.vocabulary import DeclaredName, NameSort, Sense, Vocabulary
from fupin_policy.editor.wanted import Wanted
from fupin_policy.language.keywords import is_name, keywords

_SENSES = {
    "truth": ("是否", "truth"),
    "number": ("数", "number"),
    "date": ("日期", "date"),
    "code": ("代码", "code"),
    "text": ("文字", "text"),
    "unknown": ("", ""),
}
_LEVELS = {"household": ("户", "household"), "member": ("成员", "member")}
_SORTS: dict[NameSort, tuple[str, str, ProposalKind]] = {
    "fact": ("事实", "fact", "fact"),
    "term": ("定义", "term", "term"),
    "parameter": ("参数", "parameter", "parameter"),
    "reading": ("读法", "reading", "parameter"),
    "code": ("代码", "code", "code"),
    "code_list": ("代码表", "code list", "name"),
    "policy": ("政策", "policy", "policy"),
    "department": ("部门", "department", "department"),
    "source": ("来源", "source", "clause"),
    "clause": ("条款", "clause", "clause"),
    "place": ("地点", "place", "name"),
    "unit": ("单位", "unit", "unit"),
    "list": ("明细", "list", "name"),
    "group": ("互斥组", "group", "name"),
    "audience": ("受众", "audience", "name"),
    "section": ("栏目", "section", "name"),
    "target": ("目标", "target", "name"),
    "duty": ("职责", "duty", "name"),
}
_FUNCTIONS: dict[str, tuple[Sense, str]] = {
    "ANY_MEMBER": ("truth", "($0)"),
    "ALL_MEMBERS": ("truth", "($0)"),
    "NO_MEMBER": ("truth", "($0)"),
    "ELIGIBLE": ("truth", "($0)"),
    "NOT": ("truth", " $0"),
    "MEMBER_COUNT": ("number", ""),
    "MEMBER_SUM": ("number", "($0)"),
    "AMOUNT": ("number", "($0)"),
    "MIN": ("number", "($1, $0)"),
    "MAX": ("number", "($1, $0)"),
    "YEARS": ("number", "($0)"),
    "MONTHS": ("number", "($0)"),
    "DAYS": ("number", "($0)"),
    "SLICES": ("number", "($1, $0)"),
    "PICK": ("number", "($1, $0)"),
    "IF": ("unknown", " $1 {then} $2 {else} $0"),
    "PARAMETER": ("unknown", ".$0"),
    "AS_OF": ("date", ""),
    "TRUE": ("truth", ""),
    "FALSE": ("truth", ""),
}
_OPERATORS: dict[Sense, tuple[str, ...]] = {
    "truth": ("AND", "OR"),
    "number": ("SIGN", "+", "-", "×", "÷", "IN", "NOT_IN", "AND", "OR", "HALF_UP", "DOWN", "UP"),
    "date": ("SIGN", "+", "-", "IN", "AND", "OR"),
    "code": ("=", "≠", "IN", "NOT_IN", "CONTAINS", "AND", "OR"),
    "text": (),
    "unknown": ("SIGN", "IN", "NOT_IN", "AND", "OR", "+", "-", "×", "÷", "HALF_UP", "THEN", "ELSE"),
}
_SIGNS = ("=", "≠", "<", "<=", ">", ">=")


def proposals(wanted: Wanted, vocabulary: Vocabulary, lang: Lang) -> Iterator[Proposal]:
    """What fits, in the language of what is written around it."""
    match wanted.wish:
        case "unit":
            yield from _units(wanted, vocabulary, lang)
        case "parameter":
            yield from _named(vocabulary.sorts("parameter"), wanted, vocabulary, lang)
        case "reading":
            yield from _named(vocabulary.sorts("reading"), wanted, vocabulary, lang)
        case "scale":
            yield from _named(vocabulary.sorts("parameter"), wanted, vocabulary, lang, _parameter_word(lang))
        case "policy":
            yield from _named(vocabulary.sorts("policy"), wanted, vocabulary, lang)
        case "item":
            yield from _named(vocabulary.sorts("fact", "term"), wanted, vocabulary, lang)
        case "code" if wanted.codes is not None:
            yield from _named(vocabulary.codes_of(wanted.codes), wanted, vocabulary, lang)
        case "operator":
            yield from _operators(wanted.sense or "unknown", lang)
        case _:
            yield from _named(vocabulary.sorts("fact", "term"), wanted, vocabulary, lang)
            yield from _named(vocabulary.sorts("parameter"), wanted, vocabulary, lang, _parameter_word(lang))
            yield from _named(
                vocabulary.sorts("reading"), wanted, vocabulary, lang, "读法." if lang == "zh" else "reading."
            )
            yield from _functions(wanted, lang)


def _parameter_word(lang: Lang) -> str:
    return "参数." if lang == "zh" else "parameter."


def _reading_word(lang: Lang) -> str:
    return "读法." if lang == "zh" else "reading."


def _named(
    names: list[DeclaredName], wanted: Wanted, vocabulary: Vocabulary, lang: Lang, before: str = ""
) -> Iterator[Proposal]:
    for one in names:
        word = one.label if lang == "zh" else one.name
        if one.sort == "policy" and lang == "zh" and not is_name(word):
            word = one.name
        other = one.name if word == one.label else one.label
        written = word if is_name(word) or one.sort in ("clause", "department") else f'"{word}"'
        yield Proposal(
            f"{before}{word}",
            f"{before}{written}",
            _SORTS[one.sort][2],
            detail_of(one, lang),
            one.zh if lang == "zh" else one.en,
            _rank(one, wanted, vocabulary.unit_of(one)),
            (other, *one.aliases, *((f"{before}{other}",) if before else ())),
        )


def _rank(one: DeclaredName, wanted: Wanted, unit: Unit | None) -> int:
    """What fits best comes first: of the type and unit wanted, of the one it is for, of those it may be for."""
    rank = 5
    if wanted.sense is not None and one.sense != "unknown":
        rank += -3 if one.sense == wanted.sense else 3
    if wanted.unit is not None and one.sense == "number":
        rank += -1 if unit == wanted.unit else 1
    if wanted.codes is not None and one.sense == "code":
        rank += -1 if one.codes == wanted.codes else 1
    if one.level is not None and wanted.level is not None:
        rank += _far(one.level, wanted.level)
    return rank + (one.sort in ("parameter", "reading") and wanted.sense == "truth")


def _far(level: str, wanted: str) -> int:
    if level == wanted:
        return 0
    # a member's rule may look at the household, not the other way round
    return 1 if level == "household" else 4


def detail_of(one: DeclaredName, lang: Lang) -> str:
    """What a name is, in a few words: 事实 · 户 · 数（元）."""
    at = 0 if lang == "zh" else 1
    parts = [_SORTS[one.sort][at]]
    if one.level is not None:
        parts.append(_LEVELS[one.level][at] if one.level in _LEVELS else one.level)
    sense = _SENSES[one.sense][at]
    inner = one.unit or one.codes
    if sense:
        parts.append(f"{sense}（{inner}）" if inner and lang == "zh" else f"{sense} ({inner})" if inner else sense)
    if one.within is not None:
        parts.append(one.within)
    return " · ".join(parts)


def _units(wanted: Wanted, vocabulary: Vocabulary, lang: Lang) -> Iterator[Proposal]:
    for word, sense in vocabulary.units.senses.items():
        own = sense.words.zh if lang == "zh" else sense.words.en
        if word != own and word in (sense.words.zh, sense.words.en):
            continue
        fits = wanted.unit is not None and sense.unit == wanted.unit
        detail = vocabulary.units.words(sense.unit) if sense.unit else sense.words
        shown = detail.zh if lang == "zh" else detail.en
        written = word if lang == "zh" or not word.isascii() or word in "%‰" else f" {word}"
        yield Proposal(word, written, "unit", shown, rank=(1 if fits else 6) + (word != own) + (sense.power != 0))


def _words(lang: Lang) -> dict[str, str]:
    """The words of the language that are printed, by token; the signs of comparison have Chinese words only."""
    return {token: (one.zh if lang == "zh" else one.en)[0] for token, one in keywords().items() if one.en}


def _functions(wanted: Wanted, lang: Lang) -> Iterator[Proposal]:
    words = _words(lang)
    for token, (sense, after) in _FUNCTIONS.items():
        tail = after.replace("{then}", words["THEN"]).replace("{else}", words["ELSE"])
        fits = wanted.sense in (None, sense) or sense == "unknown"
        yield Proposal(words[token], words[token] + tail, "function", rank=6 if fits else 9, snippet="$" in tail)


def _operators(sense: Sense, lang: Lang) -> Iterator[Proposal]:
    words = _words(lang)
    every = [sign for one in _OPERATORS[sense] for sign in (_SIGNS if one == "SIGN" else (words.get(one, one),))]
    for rank, sign in enumerate(every):
        yield Proposal(sign, f"{sign} ", "operator", rank=rank)
