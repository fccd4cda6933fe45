"""The quick fix that declares a name which nothing is called as a fact, its type guessed from where it is used.

In: a diagnostic of an unknown name, and the snapshot in which it was found. Out: the entry, and where it goes.
Called by `quick_fixes`. The range of a number or a date cannot be guessed: it stays a word that the checker reports.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lark import Token

from fupin_policy.diagnostics import Span
from fupin_policy.documents.reader import YamlMapping, YamlSequence
from fupin_policy.editor.completion import level_at
from fupin_policy.editor.nodes import scalar_at
from fupin_policy.editor.place import place_at
from fupin_policy.editor.snapshot import EditorFile, EditorSnapshot
from fupin_policy.editor.vocabulary import Sense, Vocabulary
from fupin_policy.editor.wanted import named, tokens_of, wanted_at

TO_FILL = "待填"
"""What stands where a value is to be thought of: nothing is called so, and the checker says it."""
_COMPARED = ("COMPARISON", "SIGN", "IN", "NOT_IN", "CONTAINS")
_COUNTED = ("PLUS", "MINUS", "TIMES", "OVER")
_FURTHER = ("LBRACE", "LPAR", "MINUS")


@dataclass(frozen=True, slots=True)
class GuessedFact:
    """Of what type a fact may be: of a number the unit, of a code the list, as the ruleset calls them."""

    sense: Sense
    unit: str | None = None
    codes: str | None = None


def guessed(before: str, after: str, vocabulary: Vocabulary, condition: bool) -> GuessedFact:
    """What a name stands for between two stretches of an expression: a truth where nothing says otherwise."""
    following = tokens_of(after)
    if following and following[0].type in _COMPARED:
        found = _literal(following[1:], vocabulary)
        if found is not None:
            return found
    preceding = tokens_of(before)
    if preceding and preceding[-1].type in _COMPARED:
        found = _literal(_operand_before(preceding[:-1]), vocabulary)
        if found is not None:
            return found
    wanted = wanted_at(before, vocabulary, "truth" if condition else "number")
    counted = any(some and some[at].type in _COUNTED for some, at in ((following, 0), (preceding, -1)))
    if wanted.codes is not None:
        return GuessedFact("code", codes=wanted.codes)
    if counted or wanted.sense in ("number", "date"):
        unit = wanted.unit[0][0] if wanted.unit and len(wanted.unit) == 1 else None
        return GuessedFact("date" if wanted.sense == "date" and not counted else "number", unit)
    return GuessedFact("truth")


def _operand_before(tokens: list[Token]) -> list[Token]:
    """The last operand: a number goes with the unit behind it."""
    return tokens[-2:] if len(tokens) > 1 and tokens[-2].type == "NUMBER" else tokens[-1:]


def _literal(tokens: list[Token], vocabulary: Vocabulary) -> GuessedFact | None:
    """What a name is that is compared with this."""
    while tokens and tokens[0].type in _FURTHER:
        tokens = tokens[1:]
    if not tokens:
        return None
    first, second = tokens[0], tokens[1] if len(tokens) > 1 else None
    match first.type:
        case "DATE":
            return GuessedFact("date")
        case "TRUE" | "FALSE":
            return GuessedFact("truth")
        case "NUMBER":
            unit = second if second is not None and second.type in ("NAME", "UNIT_SIGN") else None
            return GuessedFact("number", None if unit is None else str(unit))
        case "NAME":
            return _as(str(first), vocabulary)
        case _:
            return None


def _as(word: str, vocabulary: Vocabulary) -> GuessedFact | None:
    """As a name that is known."""
    known = named(word, vocabulary, "fact", "term")
    if known is not None and known.sense not in ("text", "unknown"):
        return GuessedFact(known.sense, known.unit, known.codes)
    code = next(iter(vocabulary.called(word, "code")), None)
    return None if code is None else GuessedFact("code", codes=code.within)


def fact_entry(span: Span, file: EditorFile, vocabulary: Vocabulary) -> str | None:
    """The declaration of a name that stands in an expression; None where it stands elsewhere, or is none."""
    scalar = None if file.node is None else scalar_at(file.node, span.start)
    word = span.text.strip()
    if scalar is None or not word or not all(sign.isalnum() or sign == "_" for sign in word):
        return None
    place = place_at(file.text, span.start)
    before, after = file.text[scalar.span.start : span.start], file.text[span.end : scalar.span.end]
    found = guessed(before, after, vocabulary, not {"amount", "value", "slices"} & set(place.keys))
    around = level_at(file.text, place)
    level = wanted_at(before, vocabulary, None, around).level or "household"
    parts = [f"name: {_name(word, vocabulary)}", f"label: {word}", f"for: {level}", f"type: {found.sense}"]
    parts += [f"unit: {found.unit}"] if found.unit else []
    parts += [f"codes: {found.codes}"] if found.codes else []
    parts += [f"range: {TO_FILL}"] if found.sense in ("number", "date") else []
    return f"{{{', '.join(parts)}}}"


def _name(word: str, vocabulary: Vocabulary) -> str:
    """An English name for it: itself, or one that nothing has yet."""
    if word.isascii():
        return word
    taken = {one for each in vocabulary.names for one in each.words}
    return next(name for name in _numbered("fact") if name not in taken)


def _numbered(of: str) -> Iterator[str]:
    number = 1
    while True:
        yield f"{of}_{number}"
        number += 1


def fact_list(snapshot: EditorSnapshot) -> tuple[EditorFile, YamlSequence] | None:
    """The list of facts that a further one is added to: the last of the ruleset's own."""
    for doc in reversed(snapshot.documents.facts):
        file = snapshot.files.get(doc.name.span.source.path)
        if file is None or file.inherited or file.text != doc.name.span.source.text or file.node is None:
            continue
        listed = file.node.get("facts")
        if isinstance(listed, YamlSequence) and listed.items and isinstance(listed.items[-1], YamlMapping):
            return file, listed
    return None
