"""Where in the files of a ruleset a name stands: where it is declared, in expressions, and elsewhere in YAML.

In: a snapshot and its names. Out: spans. Called by `server`, `renaming`, `hover` and `describing`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from fupin_policy.diagnostics import Source, Span
from fupin_policy.documents.reader import YamlMapping, YamlNode, YamlScalar, YamlSequence
from fupin_policy.editor.snapshot import EditorFile, EditorSnapshot
from fupin_policy.editor.uses import sorts_at
from fupin_policy.editor.vocabulary import DeclaredName, NameSort, Vocabulary

_HOUSEHOLDS = ("household", "figures")
_IN_EXPRESSIONS: tuple[NameSort, ...] = ("fact", "term", "parameter", "reading", "code", "policy")


@dataclass(frozen=True, slots=True)
class NameUse:
    """A name where it stands; of what kinds it may be there, and of a code its list."""

    span: Span
    sorts: tuple[NameSort, ...]
    within: str | None = None
    other: str | None = None
    """Of a name in an expression, what it is called in the other language."""


def uses_of(snapshot: EditorSnapshot, vocabulary: Vocabulary, named: DeclaredName) -> list[Span]:
    """Every place where a name stands, its declaration first."""
    found = {(one.source.path, one.start): one for one in named.spans if _stands(one, snapshot, named)}
    for file in snapshot.files.values():
        for use in uses_in(snapshot, file, vocabulary):
            if _means(use, named):
                found.setdefault((use.span.source.path, use.span.start), use.span)
    return list(found.values())


def name_at(
    snapshot: EditorSnapshot, vocabulary: Vocabulary, file: EditorFile, offset: int
) -> tuple[DeclaredName, Span] | None:
    """The name that stands at an offset of a file, and where it does."""
    path = file.path.as_posix()
    for one in vocabulary.names:
        for span in one.spans:
            if span.source.path == path and span.start <= offset <= span.end and _stands(span, snapshot, one):
                return one, span
    for use in uses_in(snapshot, file, vocabulary):
        if use.span.start <= offset <= use.span.end:
            word = use.span.text.strip()
            found = sorted((one for one in vocabulary.names if _means(use, one)), key=lambda one: word not in one.words)
            if found:  # of a clause the clause itself, else its source
                return found[0], use.span
    return None


def _stands(span: Span, snapshot: EditorSnapshot, named: DeclaredName) -> bool:
    """Whether a place of a declaration is still where it was when the files were read."""
    file = snapshot.files.get(span.source.path)
    return file is not None and file.text[span.start : span.end].strip() in (*named.words, named.zh)


def _means(use: NameUse, named: DeclaredName) -> bool:
    word = use.span.text.strip()
    if named.sort not in use.sorts or word not in named.words:
        return named.sort == "source" and "clause" in use.sorts and word.split(" ")[0] == named.name
    if use.other is not None and named.sort != "policy":
        return use.other in named.words
    return use.within is None or named.within == use.within


def uses_in(snapshot: EditorSnapshot, file: EditorFile, vocabulary: Vocabulary) -> Iterator[NameUse]:
    """Every name that a file uses."""
    path = file.path.as_posix()
    for (where, start, end), words in snapshot.names.items():
        if where == path:
            span = Span(Source(path, file.text), start, end)
            word = span.text.strip("\"' ")
            lead = len(span.text) - len(span.text.lstrip("\"' "))
            dotted = word.rpartition(".")[0] if word not in (words.zh, words.en) else ""
            if dotted in ("参数", "parameter", "读法", "reading"):
                lead, word = lead + len(dotted) + 1, word[len(dotted) + 1 :]
            begin = start + lead
            where_used = replace(span, start=begin, end=begin + len(word))
            yield NameUse(where_used, _IN_EXPRESSIONS, None, _other(word, words.both))
    if file.node is not None and file.kind is not None:
        yield from _in_node(file.node, file.kind, (), vocabulary)


def _other(word: str, both: tuple[str, ...]) -> str:
    return next((one for one in both if one != word), word)


def _in_node(node: YamlNode, kind: str, path: tuple[str, ...], vocabulary: Vocabulary) -> Iterator[NameUse]:
    match node:
        case YamlMapping(entries):
            for key, value in entries:
                if path[-1:] == ("examples",) and key.text in _HOUSEHOLDS:
                    yield from _of_household(value, vocabulary)
                elif path[-1:] == ("examples",) and key.text == "expect":
                    yield from _of_expected(value)
                elif path[-1:] == ("sets",):
                    yield from _of_household(node, vocabulary)
                else:
                    yield from _in_node(value, kind, (*path, key.text), vocabulary)
        case YamlSequence(items):
            for item in items:
                yield from _in_node(item, kind, path, vocabulary)
        case YamlScalar():
            sorts = sorts_at(kind, path)
            if sorts and not node.escaped:
                yield NameUse(node.span, sorts)


def _of_household(node: YamlNode, vocabulary: Vocabulary) -> Iterator[NameUse]:
    """Facts by which a household is given, and the codes that they have there."""
    match node:
        case YamlMapping(entries):
            for key, value in entries:
                yield NameUse(key.span, ("fact", "list"))
                fact = next(iter(vocabulary.called(key.text, "fact")), None)
                if fact is not None and fact.codes is not None:
                    yield from (NameUse(one.span, ("code",), fact.codes) for one in _scalars(value))
                yield from _of_household(value, vocabulary)
        case YamlSequence(items):
            for item in items:
                yield from _of_household(item, vocabulary)


def _of_expected(node: YamlNode) -> Iterator[NameUse]:
    """Policies and terms by name of which an example says what it expects."""
    for key, value in node.entries if isinstance(node, YamlMapping) else ():
        yield NameUse(key.span, ("policy", "target"))
        if key.text == "figures" and isinstance(value, YamlMapping):
            yield from (NameUse(name.span, ("term",)) for name, _ in value.entries)


def _scalars(node: YamlNode) -> Iterator[YamlScalar]:
    match node:
        case YamlScalar():
            yield node
        case YamlSequence(items):
            yield from (item for item in items if isinstance(item, YamlScalar))
