"""What may be written at the cursor: keys of the kind of file, choices, names, and what goes on in an expression.

In: a snapshot, a file's text as it is now, an offset. Out: proposals. Called by `server`.
Names are those that could be read last, so that there are some while a file is being written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fupin_policy.diagnostics import Lang
from fupin_policy.documents.words import CHOICES
from fupin_policy.editor.expression_completion import detail_of, proposals
from fupin_policy.editor.place import CursorPlace, place_at
from fupin_policy.editor.proposals import Proposal, ProposalKind, Proposals
from fupin_policy.editor.schemas import choices_at, english_kind, every_kind, expression_at, keys_at
from fupin_policy.editor.snippets import SNIPPETS, TABLE
from fupin_policy.editor.texts import word_at
from fupin_policy.editor.uses import english_path, sorts_at
from fupin_policy.editor.vocabulary import DeclaredName, Sense, Vocabulary
from fupin_policy.editor.wanted import wanted_at

_KIND = re.compile(r"^\ufeff?(?:kind|种类)[ \t]*:[ \t]*(\w+)", re.MULTILINE)
_LEVEL = re.compile(r"^[ \t-]*(?:for|对象|属于)[ \t]*:[ \t]*(\w+)", re.MULTILINE)
_CONDITIONS = ("when", "applies", "keep", "reach", "beneficiaries", "offered", "must")
_PLAIN_VALUES = (
    Proposal("true", "true", "choice", "是 / yes"),
    Proposal("false", "false", "choice", "否 / no"),
)
_NEW_FILE = "kind"


def kind_in(text: str) -> str | None:
    """The kind of a file by its text."""
    found = _KIND.search(text)
    return None if found is None else english_kind(found[1])


def completed(text: str, offset: int, vocabulary: Vocabulary) -> Proposals:
    """What may be written at an offset of a text."""
    place, kind = place_at(text, offset), kind_in(text)
    lang = language_around(place, text)
    path = place.keys if kind is None else english_path(kind, place.keys)
    if place.role == "value" and not place.keys[:1] == path[:1] == ():
        if path == (_NEW_FILE,) or place.keys == ("种类",):
            return _of_word(text, offset, [Proposal(one, one, "choice", CHOICES[one][0]) for one in every_kind()])
        if kind is not None and expression_at(kind, path) and not _plain(path):
            return _expression(text, offset, place, path, vocabulary, lang)
    if kind is None:
        return _of_word(text, offset, [Proposal("kind", "kind: ", "key", "文件种类 / kind of document")])
    found = list(_plainly(text, place, kind, path, vocabulary, lang))
    if place.role == "value":
        start, end = _value_ends(text, offset, place)
        return Proposals(tuple(sorted(found, key=lambda one: (one.rank, one.label))), start, end)
    return _of_word(text, offset, found)


def _plain(path: tuple[str, ...]) -> bool:
    """Whether words stand there though the schema would allow an expression: in examples, for departments."""
    return bool({"examples", "lead", "cooperating"} & set(path)) and path[-1] != "when"


def _expression(
    text: str, offset: int, place: CursorPlace, path: tuple[str, ...], vocabulary: Vocabulary, lang: Lang
) -> Proposals:
    condition = path[-1] in _CONDITIONS
    sense: Sense | None = "truth" if condition else "number" if {"amount", "slices"} & set(path) else None
    if path[-1] in ("by", "rows"):
        sense = None
    wanted = wanted_at(place.typed, vocabulary, sense, level_at(text, place))
    found = list(proposals(wanted, vocabulary, lang))
    if not place.typed.strip() and path[-1] in ("amount", "value"):
        found.append(_snippet(TABLE.label, TABLE.text, TABLE.about, text, offset, deeper=True))
    start = offset - len(wanted.partial)
    end = word_at(text, offset)[1]
    return Proposals(tuple(sorted(found, key=lambda one: (one.rank, one.label))), start, end)


def _plainly(
    text: str, place: CursorPlace, kind: str, path: tuple[str, ...], vocabulary: Vocabulary, lang: Lang
) -> Iterator[Proposal]:
    given = _given(path)
    if given is not None:
        yield from _of_household(given, place, path, vocabulary, lang)
        return
    if place.role in ("key", "item"):
        yield from _keys(place, kind, path, lang)
    if place.role == "item":
        for one in SNIPPETS:
            if one.kind == kind and one.keys == path and not place.present:
                yield _snippet(one.label, one.text, one.about, text, place.start)
    if place.role in ("value", "item"):
        for word in choices_at(kind, path):
            chinese = CHOICES.get(word, ("",))[0]
            written = chinese if lang == "zh" and chinese and not word.isascii() else word
            yield Proposal(word, written, "choice", chinese, rank=3, also=CHOICES.get(word, ()))
        for named in vocabulary.sorts(*sorts_at(kind, path)):
            yield _named(named, lang)


def _named(one: DeclaredName, lang: Lang) -> Proposal:
    chinese = one.sort not in ("policy", "source", "clause", "code_list", "group", "target", "duty")
    word = one.label if chinese and lang == "zh" else one.name
    kind: ProposalKind = (
        "department" if one.sort == "department" else "clause" if one.sort in ("clause", "source") else "name"
    )
    about = one.zh if lang == "zh" else one.en
    return Proposal(word, word, kind, detail_of(one, lang), about, also=one.words)


def _given(path: tuple[str, ...]) -> tuple[str, ...] | None:
    """The keys within a household that is given in an example; None elsewhere."""
    if "examples" not in path:
        return None
    rest = path[path.index("examples") + 1 :]
    return rest[1:] if rest[:1] in (("household",), ("figures",)) else None


def _of_household(
    given: tuple[str, ...], place: CursorPlace, path: tuple[str, ...], vocabulary: Vocabulary, lang: Lang
) -> Iterator[Proposal]:
    level = "member" if "members" in given or "成员" in given else "household"
    if place.role != "value":
        yield Proposal("members", "members: ", "key", "成员 / members", rank=3)
        for one in vocabulary.sorts("fact"):
            if one.level == level and not set(one.words) & set(place.present):
                word = one.label if lang == "zh" else one.name
                yield Proposal(word, f"{word}: ", "fact", detail_of(one, lang), one.zh, also=one.words)
        return
    fact = next(iter(vocabulary.called(given[-1], "fact")), None) if given else None
    if fact is None:
        return
    if fact.sense == "truth":
        yield Proposal("是" if lang == "zh" else "true", "是" if lang == "zh" else "true", "choice")
        yield Proposal("否" if lang == "zh" else "false", "否" if lang == "zh" else "false", "choice")
    for code in [] if fact.codes is None else vocabulary.codes_of(fact.codes):
        word = code.label if lang == "zh" else code.name
        yield Proposal(word, word, "code", detail_of(code, lang), also=code.words)


def _keys(place: CursorPlace, kind: str, path: tuple[str, ...], lang: Lang) -> Iterator[Proposal]:
    chinese = any(not one.isascii() for one in (*place.keys, *place.present))
    for key in keys_at(kind, path):
        if {key.name, *key.words} & set(place.present):
            continue
        word = key.words[0] if chinese and key.words else key.name
        shown = f"{key.words[0]} · {key.zh}" if key.words else key.zh
        detail = f"{shown} / {key.en}" if lang == "zh" else f"{key.en} / {shown}"
        yield Proposal(word, f"{word}: ", "key", detail, rank=2 if key.required else 4, also=(key.name, *key.words))


def _snippet(label: str, snippet: str, about: str, text: str, start: int, deeper: bool = False) -> Proposal:
    line_start = text.rfind("\n", 0, start) + 1
    line = text[line_start:start]
    column = len(line) - len(line.lstrip(" ")) + 2 if deeper else start - line_start
    lines = snippet.split("\n")
    joined = f"\n{' ' * column}".join(lines)
    if deeper:
        joined = f"\n{' ' * column}{joined}"
    return Proposal(label, joined, "snippet", about, rank=1, snippet=True)


def _of_word(text: str, offset: int, found: list[Proposal]) -> Proposals:
    start, end = word_at(text, offset)
    if re.match(r"[ \t]*:", text[end : end + 2]):
        found = [one if not one.insert.endswith(": ") else _without_colon(one) for one in found]
    return Proposals(tuple(sorted(found, key=lambda one: (one.rank, one.label))), start, end)


def _without_colon(one: Proposal) -> Proposal:
    return Proposal(one.label, one.insert[:-2], one.kind, one.detail, one.about, one.rank, one.also)


def _value_ends(text: str, offset: int, place: CursorPlace) -> tuple[int, int]:
    """The stretch of a plain value: in a flow up to the next comma or bracket, else up to the end of the line."""
    end = offset
    while end < len(text) and text[end] not in ",]}\n\r#'\"":
        end += 1
    return place.start, offset + len(text[offset:end].rstrip())


def level_at(text: str, place: CursorPlace) -> str | None:
    """For whom the entry is in which an expression stands: by the nearest `for` above."""
    above = list(_LEVEL.finditer(text, 0, place.start))
    found = above[-1][1] if above else None
    return next((level for level in ("household", "member") if found in (level, *CHOICES[level])), found)


def language_around(place: CursorPlace, text: str) -> Lang:
    """The language in which names are written here: that of what is typed, else that of the file."""
    if any("\u4e00" <= sign <= "\u9fff" for sign in place.typed):
        return "zh"
    if re.search(r"[A-Za-z]{3}", place.typed):
        return "en"
    return "zh" if re.search(r"[\u4e00-\u9fff]", text) else "en"
