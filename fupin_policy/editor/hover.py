"""What stands at the cursor, in words: a key's meaning, a name's meaning and values, the type of an expression.

In: a snapshot, a file, an offset, a date. Out: lines of Markdown and the stretch they are about. Called by `server`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from fupin_policy.core.expressions import Expr, walk
from fupin_policy.core.program import Program
from fupin_policy.core.types import Code, Day, ErrorType, Number, Type
from fupin_policy.diagnostics import Lang
from fupin_policy.documents import model
from fupin_policy.documents.parts import KeyedDoc, ValueDoc
from fupin_policy.documents.words import CHOICES
from fupin_policy.editor.expression_completion import detail_of
from fupin_policy.editor.place import place_at
from fupin_policy.editor.references import name_at
from fupin_policy.editor.schemas import keys_at
from fupin_policy.editor.snapshot import EditorFile, EditorSnapshot
from fupin_policy.editor.texts import word_at
from fupin_policy.editor.uses import english_path
from fupin_policy.editor.vocabulary import DeclaredName, Vocabulary
from fupin_policy.prose.expressions import show_value

_MAX_CODES = 30
_STATUS = {"enacted": ("文件规定", "enacted"), "reported": ("见于他处", "reported"), "example": ("示例", "example")}


@dataclass(frozen=True, slots=True)
class HoverText:
    """What is shown, in Markdown, about a stretch of the text."""

    lines: tuple[str, ...]
    start: int
    end: int


def hovered(
    snapshot: EditorSnapshot, vocabulary: Vocabulary, file: EditorFile, offset: int, lang: Lang, today: date
) -> HoverText | None:
    """What is to be told of what stands at an offset of a file."""
    found = name_at(snapshot, vocabulary, file, offset)
    typed = expression_at(snapshot, file, offset)
    lines: list[str] = []
    if found is not None:
        named, span = found
        lines += about(named, snapshot, vocabulary, lang, today)
        start, end = span.start, span.end
    elif typed is not None and typed.span is not None:
        start, end = typed.span.start, typed.span.end
    else:
        return _of_key(file, offset, lang)
    if typed is not None and snapshot.program is not None:
        text = " ".join((typed.span.text if typed.span else "").split())
        words = type_words(typed.type, snapshot.program, lang)
        if words not in lines:
            lines.append(f"`{text}`: {words}")
    return HoverText(tuple(lines), start, end)


def expression_at(snapshot: EditorSnapshot, file: EditorFile, offset: int) -> Expr | None:
    """The smallest part of a checked expression at an offset; None where the text is newer than the check."""
    if not snapshot.current or snapshot.program is None:
        return None
    path, best = file.path.as_posix(), None
    for expr in _every(snapshot.program):
        span = expr.span
        if span is None or span.source.path != path or not span.start <= offset <= span.end:
            continue
        if isinstance(expr.type, ErrorType):
            continue
        if best is None or best.span is None or span.end - span.start < best.span.end - best.span.start:
            best = expr
    return best


def _every(program: Program) -> Iterator[Expr]:
    for one in (program, *program.by_place.values()):
        for definition in one.definitions:
            for _, expr in definition.versions:
                yield from walk(expr)


def type_words(type_: Type, program: Program, lang: Lang) -> str:
    """A type and what its values may be: a number from 0 to 100 yuan, a code of a list."""
    match type_:
        case Number(low=low, high=high) | Day(low, high):
            ends = " .. ".join(dict.fromkeys(show_value(type_, (end, end), program, lang) for end in (low, high)))
            word = ("数", "number") if isinstance(type_, Number) else ("日期", "date")
            return f"{word[0]}，{ends}" if lang == "zh" else f"{word[1]}, {ends}"
        case Code(code_list):
            return f"代码（{code_list}）" if lang == "zh" else f"code ({code_list})"
        case _:
            return "是否" if lang == "zh" else "truth"


def about(
    named: DeclaredName, snapshot: EditorSnapshot, vocabulary: Vocabulary, lang: Lang, today: date
) -> Iterator[str]:
    """All that is to be told of a name."""
    yield f"**{named.label}** `{named.name}`" if named.label != named.name else f"**{named.name}**"
    yield detail_of(named, lang)
    said = (named.zh, named.en) if lang == "zh" else (named.en, named.zh)
    if said[0] and said[0] != named.label:
        yield said[0]
    if named.range is not None:
        yield f"{'范围' if lang == 'zh' else 'range'}: {named.range}{named.unit or ''}"
    elif named.type is not None and snapshot.program is not None:
        yield type_words(named.type, snapshot.program, lang)
    if named.codes is not None:
        yield _codes(vocabulary.codes_of(named.codes))
    documents = snapshot.documents
    match named.sort:
        case "parameter" | "reading":
            doc = next((one for one in documents.parameters if one.name.text == named.name), None)
            yield from () if doc is None else _values(doc, lang, today)
        case "code_list":
            yield _codes(vocabulary.codes_of(named.name))
        case "department":
            for department in documents.departments:
                if department.id.text == named.name:
                    yield from (f"- {one.valid.span.text}: {one.zh.text} / {one.en}" for one in department.names)
        case "policy":
            for policy in documents.policies:
                if policy.id.text == named.name:
                    yield from (f"- {one.valid.span.text}: {_one_line(one.when.span.text)}" for one in policy.versions)
        case "source":
            for source in documents.sources:
                if source.id.text == named.name:
                    yield " · ".join(str(one) for one in (source.number, source.issued) if one is not None)


def _codes(codes: list[DeclaredName]) -> str:
    shown = "、".join(one.label for one in codes[:_MAX_CODES])
    return f"{shown}…" if len(codes) > _MAX_CODES else shown


def _values(doc: model.ParameterDoc, lang: Lang, today: date) -> Iterator[str]:
    """The value on a day, and every value with its days, standing and source."""
    unit = "" if doc.unit is None else doc.unit.text
    held = next((one for one in doc.values if holds_on(one, today)), None)
    if held is not None:
        yield f"{today.isoformat()}: **{value_text(held, unit)}**"
    for one in doc.values:
        source = "" if one.source is None else one.source.text
        status = _STATUS[one.status][0 if lang == "zh" else 1]
        note = "" if one.note is None else one.note.zh if lang == "zh" else one.note.en
        rest = " · ".join(part for part in (status, source, note) if part)
        yield f"- {one.valid.span.text}: {value_text(one, unit)} — {rest}"


def holds_on(one: ValueDoc, day: date) -> bool:
    """Whether a value holds on a day."""
    return (one.valid.start or date.min) <= day <= (one.valid.end or date.max)


def value_text(one: ValueDoc, unit: str) -> str:
    """A value of a parameter in a line: a number with its unit, or the rows of a table."""
    otherwise = "?" if one.otherwise is None else _number(one.otherwise.text, unit)
    if not one.rows:
        return otherwise
    rows = [(_cells(row), _number(row.value.text, unit)) for row in one.rows]
    return "；".join(f"{cells} → {value}" for cells, value in [*rows, *([("…", otherwise)] if one.otherwise else [])])


def _cells(row: KeyedDoc) -> str:
    return "，".join("/".join(part.text for part in cell) for cell in row.cells)


def _number(text: str, unit: str) -> str:
    return f"{text}{unit}" if text[-1:].isdigit() else text


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _of_key(file: EditorFile, offset: int, lang: Lang) -> HoverText | None:
    """What a key of the kind of file means, or a choice among words."""
    if file.kind is None:
        return None
    start, end = word_at(file.text, offset)
    word = file.text[start:end]
    place = place_at(file.text, end)
    path = english_path(file.kind, place.keys)
    if place.role != "value":
        for key in keys_at(file.kind, path):
            if word in (key.name, *key.words):
                names = " ".join((key.name, *key.words))
                return HoverText((f"**{names}**", key.zh if lang == "zh" else key.en), start, end)
    if word in CHOICES and word:
        return HoverText((f"**{word}** {'、'.join(CHOICES[word])}",), start, end)
    return None
