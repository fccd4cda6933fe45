"""Expressions of a ruleset in canonical form, in either language; everything else in the files stays as it is.

In: a folder. Out: which files changed (and the files, rewritten). Called by the command line.
Expressions with comments in them are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from fupin_policy.check import check
from fupin_policy.check.obtaining_terms import conditions
from fupin_policy.check.scope import NameIndex
from fupin_policy.check.value_makers import names_parameter
from fupin_policy.diagnostics import Lang, Reporter, Source, Span
from fupin_policy.documents import Documents, read
from fupin_policy.documents.parts import ExpressionDoc, RowDoc, RuleBodyDoc, SlicesDoc, TableDoc, asked_of_bodies
from fupin_policy.files.atomic import anything, atomic_file
from fupin_policy.language import parse, show, show_lines
from fupin_policy.language.parser import Start
from fupin_policy.language.printer import NameKind, columns

Edit = tuple[int, int, str]
WIDEST = 120
"""Columns of a line, indentation included, beyond which it is broken at 且 and 或."""

_UNSAFE_START = "{[&*!|>'\"%@`#-?:,]}"
_UNSAFE_WITHIN = (": ", " #", ",", "[", "]", "{", "}")
_IDS = re.compile(r"(?:(参数|parameter)|[A-Za-z_]\w*)(?:\.\w+)+")
"""Names with dots are of neither language, but the word before a parameter's name is."""

_BEFORE = re.compile(r"(?P<indent> *(?:- +)*)(?P<key>[^\s:{}\[\],#'\"][^:{}\[\],#]*: +)?['\"]?")
"""What stands in a line before an expression that may go on in further lines: indentation, and a key at most."""


def format_folder(folder: Path, lang: Lang | None, *, write: bool) -> list[Path]:
    """The files whose expressions are not in canonical form; they are rewritten if `write`.

    Those of a ruleset that is extended are left alone.
    `lang` turns every expression into one language; without it each stays in the one it is mostly written in.
    Raises RulesetError where the ruleset has errors.
    """
    reporter = Reporter()
    documents = read(folder, reporter)
    names: NameIndex = {}
    check(documents, reporter, names)
    reporter.raise_errors()
    edits = edits_of(documents, names, lang)
    for source, found in edits.items():
        if write:
            with atomic_file(Path(source.path), anything) as aside:
                aside.write_bytes(apply(source.text, found).encode())
    return sorted(Path(source.path) for source in edits)


def edits_of(documents: Documents, names: NameIndex, lang: Lang | None) -> dict[Source, list[Edit]]:
    """What is to be changed in each file, by its text, for the canonical form; `names` are those of a check."""
    edits: dict[Source, list[Edit]] = {}
    for given, start in expressions(documents):
        if given.span.source.path not in documents.inherited:
            edit = _edit(given, start, lang, names)
            if edit is not None:
                edits.setdefault(given.span.source, []).append(edit)
    return edits


def apply(text: str, edits: Iterable[Edit]) -> str:
    """A text with stretches of it replaced."""
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def expressions(documents: Documents) -> Iterator[tuple[ExpressionDoc, Start]]:
    """Every expression of a ruleset, with the form in which it is written."""
    for term in documents.terms:
        for dated in term.versions:
            yield from _of_value(dated.value)
    for parameter in documents.parameters:
        texts = (text for value in parameter.values for text in value.texts)
        yield from ((ExpressionDoc(text.span), "expression") for text in texts if names_parameter(text.text))
        for row in (row for value in parameter.values for row in value.rows if parameter.type == "scale"):
            yield from ((ExpressionDoc(text.span), "cell") for cell in row.cells for text in cell)
    for policy in documents.policies:
        for version in policy.versions:
            yield version.when, "expression"
            yield from ((one, "expression") for one in asked_of_bodies((*version.lead, *version.cooperating)))
            yield from ((one, "expression") for one in (() if version.obtain is None else conditions(version.obtain)))
            if version.beneficiaries is not None:
                yield version.beneficiaries, "expression"
            if version.benefit.amount is not None:
                yield from _of_value(version.benefit.amount)
    yield from ((group.most, "expression") for group in documents.groups if group.most is not None)
    yield from ((audience.when, "expression") for audience in documents.audiences)
    for target in documents.targets:
        yield target.goal, "expression"
        if target.applies is not None:
            yield target.applies, "expression"


def _of_value(value: RuleBodyDoc) -> Iterator[tuple[ExpressionDoc, Start]]:
    match value:
        case ExpressionDoc():
            yield value, "expression"
        case TableDoc(by, rows, otherwise):
            yield from ((column, "expression") for column in by)
            yield from _of_rows(rows)
            if otherwise is not None:
                yield otherwise, "expression"
        case SlicesDoc(of, rows, rounding):
            yield of, "expression"
            yield from _of_rows(rows)
            if rounding is not None:
                yield rounding, "rounding_spec"


def _of_rows(rows: tuple[RowDoc, ...]) -> Iterator[tuple[ExpressionDoc, Start]]:
    for row in rows:
        yield from ((part, "cell") for cell in row.cells for part in cell)
        if row.when is not None:
            yield row.when, "expression"
        yield row.value, "expression"


def _edit(given: ExpressionDoc, start: Start, lang: Lang | None, names: NameIndex) -> Edit | None:
    text = given.span.text
    if given.escaped or "#" in text:
        return None
    tree = parse(given.span, Reporter(), start)
    if tree is None:
        return None
    wanted = lang or _language(text)
    rename = _unchanged if lang is None else _translation(names, lang)
    indent, room = _room(given.span)
    lines = [show(tree, wanted, rename)] if room is None else show_lines(tree, wanted, rename, room)
    start_at, end_at, new = _placed(given.span, f"\n{' ' * indent}".join(lines))
    return None if given.span.source.text[start_at:end_at] == new else (start_at, end_at, new)


def _language(text: str) -> Lang:
    """The language in which an expression is mostly written; ids of policies and names of parameters are of neither."""
    text = _IDS.sub(r"\1", text)
    chinese = sum("\u4e00" <= char <= "\u9fff" for char in text)
    latin = sum(char.isascii() and char.isalpha() for char in text)
    return "en" if latin > 3 * chinese else "zh"


def _unchanged(text: str, span: Span | None, kind: NameKind) -> str:
    return text


def _translation(names: NameIndex, lang: Lang) -> Callable[[str, Span | None, NameKind], str]:
    """Names in a language, where they are in the other: an id, a registry's code, a short name stay as chosen."""

    def rename(text: str, span: Span | None, kind: NameKind) -> str:
        words = None if span is None else names.get((span.source.path, span.start, span.end))
        if words is None:
            return text
        if lang == "zh":
            return words.zh if text == words.en else text
        return text if text.isascii() else words.en

    return rename


def _room(span: Span) -> tuple[int, int | None]:
    """How far further lines of an expression are indented, and how wide a line may be.

    None among other things in brackets: there it stays in one line.
    """
    text = span.source.text
    start = span.start + len(span.text) - len(span.text.lstrip())
    before = _BEFORE.fullmatch(text, text.rfind("\n", 0, start) + 1, start)
    if before is None:
        return 0, None
    key = before["key"] or ""
    return len(before["indent"]) + (2 if key else 0), WIDEST - len(before["indent"]) - columns(key)


def _placed(span: Span, printed: str) -> Edit:
    """The new text in the place of the old, in quotes where plain YAML would not read it as one text."""
    text = span.source.text
    quote = text[span.start - 1] if span.start else ""
    raw = span.text
    start, end = span.start, span.end
    if quote in ("'", '"') and text[span.end : span.end + 1] == quote:
        start, end = start - 1, end + 1
    elif raw[:1].isspace():
        lead = raw[: len(raw) - len(raw.lstrip())]
        return (span.start, span.end, lead + printed + raw[len(raw.rstrip()) :])
    unsafe = printed[:1] in _UNSAFE_START or any(part in printed for part in _UNSAFE_WITHIN)
    return (start, end, _quoted(printed) if unsafe else printed)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
