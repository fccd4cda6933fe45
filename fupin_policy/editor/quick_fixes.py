"""What can be done about a fault at once: the name that was meant, brackets, a row, code, version or fact that lacks.

In: a diagnostic and the snapshot in which it was found. Out: edits with a title. Called by `editing_features`.
What a person has to decide stays a word that no rule knows (待填), so that it is seen until it is filled in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.diagnostics import Diagnostic, Span
from fupin_policy.documents.reader import YamlMapping, YamlScalar, YamlSequence
from fupin_policy.editor.declared_facts import TO_FILL, fact_entry, fact_list
from fupin_policy.editor.nodes import mapping_with, scalar_at
from fupin_policy.editor.renaming import TextEdit
from fupin_policy.editor.snapshot import EditorFile, EditorSnapshot
from fupin_policy.editor.vocabulary import Vocabulary
from fupin_policy.editor.wanted import tokens_of

_WHOLE = ("S002", "S021", "T230", "R310", "S024")
"""Of these the suggestion stands for the whole stretch that is reported."""
_NAMED = ("name", "value", "key", "source", "clause", "found")


@dataclass(frozen=True, slots=True)
class QuickFix:
    """What an edit does, in both languages, and the edit; `preferred`: it is the one that is surely meant."""

    title: Bilingual
    path: Path
    edits: tuple[TextEdit, ...]
    preferred: bool = False


def quick_fixes(found: Diagnostic, snapshot: EditorSnapshot, vocabulary: Vocabulary) -> Iterator[QuickFix]:
    """What can be done about a fault that stands in one of the files."""
    span = found.span
    file = None if span is None else snapshot.files.get(span.source.path)
    if span is None or file is None or file.text != span.source.text or file.inherited:
        return
    yield from _suggested(found, span, file)
    match found.code:
        case "T228":
            yield from _brackets(span, file)
        case "R303":
            yield from _row(found, span, file, vocabulary)
        case "N101":
            yield from _fact(span, file, snapshot, vocabulary)
        case "N102":
            yield from _code(found, snapshot)
        case "N130":
            yield from _version(found, span, file)


def _suggested(found: Diagnostic, span: Span, file: EditorFile) -> Iterator[QuickFix]:
    hint = found.suggestion
    if hint is None:
        return
    said = dict(found.args)
    words = [word for key in _NAMED if isinstance(word := said.get(key), str)]
    word = span.text if found.code in _WHOLE else next((one for one in words if span.text.count(one) == 1), None)
    if not word or word == hint:
        return
    start = span.start + span.text.index(word)
    title = Bilingual(f"改成“{hint}”", f'Change to "{hint}"')
    yield QuickFix(title, file.path, (TextEdit(start, start + len(word), hint),), True)


# -- brackets ---------------------------------------------------------------------------------------------------------


def _brackets(span: Span, file: EditorFile) -> Iterator[QuickFix]:
    """Both ways in which 甲 且 乙 或 丙 may be meant: first as it is read now."""
    for start, end in ((span.start, span.end), *_other_way(span, file)):
        shown = " ".join(file.text[start:end].split())
        title = Bilingual(f"写上括号：({shown})", f"Put brackets: ({shown})")
        yield QuickFix(title, file.path, (TextEdit(start, start, "("), TextEdit(end, end, ")")), start == span.start)


def _other_way(span: Span, file: EditorFile) -> Iterator[tuple[int, int]]:
    """The stretch of `乙 或 丙` beside `甲 且 乙`."""
    scalar = None if file.node is None else scalar_at(file.node, span.start)
    if scalar is None:
        return
    base, within = scalar.span.start, file.text[scalar.span.start : scalar.span.end]
    joints = _joints(within, span.start - base)
    before = [one for one in joints if one[1] <= span.start - base]
    inside = [one for one in joints if span.start - base < one[0] and one[1] <= span.end - base]
    after = [one for one in joints if one[0] >= span.end - base]
    if after and inside and after[0][2] == "OR":
        end = after[1][0] if len(after) > 1 else _closing(within, span.end - base)
        yield _trimmed(within, base, inside[-1][1], end)
    elif before and inside and before[-1][2] == "OR":
        start = before[-2][1] if len(before) > 1 else _opening(within, span.start - base)
        yield _trimmed(within, base, start, inside[0][0])


def _joints(text: str, within: int) -> list[tuple[int, int, str]]:
    """Where 且 and 或 stand in the brackets that are open at an offset, and which of the two."""
    first, last = _opening(text, within), _closing(text, within)
    found, depth = [], 0
    for token in tokens_of(text):
        start = token.start_pos or 0
        if not first <= start < last:
            continue
        depth += (token.type in ("LPAR", "LBRACE")) - (token.type in ("RPAR", "RBRACE"))
        if depth == 0 and token.type in ("AND", "OR"):
            found.append((start, start + len(token), str(token.type)))
    return found


def _opening(text: str, at: int) -> int:
    """Where the brackets begin that are open at an offset; the text itself where none are."""
    depth = 0
    for index in range(at - 1, -1, -1):
        depth += (text[index] in ")）") - (text[index] in "(（")
        if depth < 0:
            return index + 1
    return 0


def _closing(text: str, at: int) -> int:
    depth = 0
    for index in range(at, len(text)):
        depth += (text[index] in "(（") - (text[index] in ")）")
        if depth < 0:
            return index
    return len(text)


def _trimmed(text: str, base: int, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    first = start + len(piece) - len(piece.lstrip())
    return base + first, base + first + len(piece.strip())


# -- rows, codes, versions --------------------------------------------------------------------------------------------


def _row(found: Diagnostic, span: Span, file: EditorFile, vocabulary: Vocabulary) -> Iterator[QuickFix]:
    """A row for what a table leaves out, its value to be filled in."""
    table = None if file.node is None else mapping_with(file.node, "rows", span.start)
    rows = None if table is None else table.get("rows")
    gap = dict(found.args).get("gap")
    if not isinstance(rows, YamlSequence) or not rows.items or not isinstance(gap, str) or "（" in gap:
        return
    boxes = [box for box in gap.rstrip("…").split("；") if box]
    cells = [[_cell(part, vocabulary) for part in box.split("，")] for box in boxes]
    written = [f"[{', '.join([*row, TO_FILL])}]" for row in cells]
    title = Bilingual(f"补上缺的行：{'；'.join(boxes)}", f"Add the missing row: {'; '.join(boxes)}")
    yield QuickFix(title, file.path, (_after(rows, written, file.text),), True)


def _cell(text: str, vocabulary: Vocabulary) -> str:
    """A cell for a stretch of values: of codes each by itself."""
    first, dots, last = text.partition("..")
    for one in vocabulary.called(first, "code") if dots else ():
        codes = [code.label for code in vocabulary.codes_of(one.within or "")]
        if last in codes:
            return f"[{', '.join(codes[codes.index(first) : codes.index(last) + 1])}]"
    return text


def _after(listed: YamlSequence, items: list[str], text: str) -> TextEdit:
    """Items that come after the last one of a list, written as that one is."""
    last = listed.items[-1].span
    if text[listed.span.start : listed.span.start + 1] == "[":
        return TextEdit(last.end, last.end, "".join(f", {one}" for one in items))
    line_start = text.rfind("\n", 0, last.start) + 1
    lead = text[line_start : last.start]
    dash = lead[: lead.rindex("-") + 1] if "-" in lead else "  -"
    end = last.start + len(text[last.start : last.end].rstrip())
    return TextEdit(end, end, "".join(f"\n{' ' * (len(dash) - 1)}- {one}" for one in items))


def _code(found: Diagnostic, snapshot: EditorSnapshot) -> Iterator[QuickFix]:
    """A code that the list has not: with a name and a number that it has not either."""
    said = dict(found.args)
    doc = next((one for one in snapshot.documents.code_lists if one.name.text == said.get("list")), None)
    word = said.get("name")
    if doc is None or not doc.codes or not isinstance(word, str):
        return
    file = snapshot.files.get(doc.name.span.source.path)
    entry = None if file is None or file.node is None else mapping_with(file.node, "codes", doc.name.span.start)
    listed = None if entry is None else entry.get("codes")
    if file is None or file.inherited or file.text != doc.name.span.source.text or not isinstance(listed, YamlSequence):
        return
    taken = {text for code in doc.codes for text in (code.code.text, code.name.text)}
    number = next(one for one in map(str, range(1, len(taken) + 2)) if one not in taken)
    name = word if word.isascii() else next(one for one in _names(doc.name.text) if one not in taken)
    item = f'{{code: "{number}", name: {name}, label: {word}}}'
    title = Bilingual(f"在代码表“{doc.name.text}”中增加“{word}”", f'Add "{word}" to the code list "{doc.name.text}"')
    yield QuickFix(title, file.path, (_after(listed, [item], file.text),))


def _names(of: str) -> Iterator[str]:
    number = 1
    while True:
        yield f"{of}_{number}"
        number += 1


def _fact(span: Span, file: EditorFile, snapshot: EditorSnapshot, vocabulary: Vocabulary) -> Iterator[QuickFix]:
    """The name as a fact, at the end of the list of facts."""
    home, entry = fact_list(snapshot), fact_entry(span, file, vocabulary)
    if home is None or entry is None:
        return
    title = Bilingual(f"声明为事实：{entry}", f"Declare it as a fact: {entry}")
    yield QuickFix(title, home[0].path, (_after(home[1], [entry], home[0].text),))


def _version(found: Diagnostic, span: Span, file: EditorFile) -> Iterator[QuickFix]:
    """A version for days without one: what the version before says, on these days."""
    days = dict(found.args).get("days")
    policy = None if file.node is None else mapping_with(file.node, "versions", span.start)
    listed = None if policy is None else policy.get("versions")
    if not isinstance(listed, YamlSequence) or not isinstance(days, str):
        return
    dated = [one for one in listed.items if isinstance(one, YamlMapping) and isinstance(one.get("valid"), YamlScalar)]
    at = next((index for index, one in enumerate(dated) if one.span.start <= span.start < one.span.end), 0)
    if at == 0:
        return
    before, valid = dated[at - 1], dated[at - 1].get("valid")
    assert isinstance(valid, YamlScalar)
    start = dated[at].span.start
    head = file.text[before.span.start : valid.span.start]
    body = file.text[valid.span.end : before.span.end]
    gap = file.text[file.text.rfind("\n", 0, start) + 1 : start]
    title = Bilingual(f"补一个版本：{days}，内容照上一个版本", f"Add a version for {days}, as the one before")
    yield QuickFix(title, file.path, (TextEdit(start, start, f"{head}{days}{body.rstrip()}\n{gap}"),))
