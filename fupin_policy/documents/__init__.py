"""The files of a ruleset: bytes to strict YAML nodes to what they say, with a JSON Schema for every kind.

In: a folder. Out: `Documents`, or diagnostics. Called by `analysis`, `batch`, `check`, `cli`, `editor`, `reports`,
`ruleset`, `service`.
Imports `core`, `diagnostics`, `files`.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from fupin_policy.diagnostics import Reporter, Source, Span
from fupin_policy.documents import model
from fupin_policy.documents.audiences import AudienceDoc, SectionDoc
from fupin_policy.documents.data_checks import DataCheckDoc
from fupin_policy.documents.extended_rulesets import with_bases
from fupin_policy.documents.lists import ListDoc
from fupin_policy.documents.mended_nodes import kind_of
from fupin_policy.documents.model import Documents
from fupin_policy.documents.model_builder import APART, KINDS, Entries
from fupin_policy.documents.overlays import FileNode, digest_of, merged, said_in
from fupin_policy.documents.reader import YamlMapping, YamlNode, as_written, decoded, read_node
from fupin_policy.documents.reading_cache import FilePart, ReadingCache
from fupin_policy.documents.readings import ReadingDoc
from fupin_policy.documents.settings import with_settings
from fupin_policy.documents.validate import check_schema, meant, validate
from fupin_policy.documents.words import CHOICES, both
from fupin_policy.files.bounded import MAX_FILES, MAX_IN_ALL, RulesetFiles, bytes_of, read_files

__all__ = [
    "Documents",
    "documents_of",
    "file_of",
    "model",
    "nodes_of",
    "read",
    "read_plain",
    "text_of",
]

_KIND = re.compile(r"^(?:kind|种类)[ \t]*[:：][ \t]*(\w+)", re.MULTILINE)
_NAMED = re.compile(
    r"""(?<!\w)(?:id|name|label|zh|编号|英文名|名称|中文标签|标签|中文)[ \t]*[:：][ \t]*"""
    r"""['"]?([^\s,{}\[\]'"#][^,{}\[\]'"#\r\n]*)"""
)


def read(folder: Path, reporter: Reporter) -> Documents:
    """All that a folder's files say, and those of the rulesets that it extends; problems go to `reporter`.

    Raises RulesetError where what it extends cannot be read.
    """
    return documents_of(with_bases(read_files(folder), reporter), reporter)


def documents_of(files: RulesetFiles, reporter: Reporter, cache: ReadingCache | None = None) -> Documents:
    """All that some files say, once they are read; every problem in any of them goes to `reporter`.

    With a `cache`, those that have not changed since they were read last are not read again.
    """
    entries = Entries(reporter)
    layers = [_file_nodes(layer, number, entries, reporter, cache) for number, layer in enumerate(files.layers)]
    parts = [_part(kind, node, reporter, cache) for kind, node in merged([*chain(*layers)], reporter)]
    for part in parts:
        entries.take(part.entries)
    rulesets = entries.all(model.RulesetDoc)
    _one_ruleset(files, rulesets, entries, reporter)
    readings = entries.by_id(ReadingDoc)
    parameters = (*entries.by_id(model.ParameterDoc), *(one.parameter for one in readings))
    return Documents(
        rulesets[0] if rulesets else None,
        (*entries.by_id(model.CodeListDoc), *(one.codes for one in readings)),
        entries.by_id(model.FactDoc),
        (*entries.by_id(model.TermDoc), *map(_as_term, entries.by_id(DataCheckDoc))),
        with_settings(_in_layers(parameters, files), files.settings, reporter),
        entries.by_id(model.DepartmentDoc),
        entries.by_id(model.PlaceDoc),
        entries.by_id(model.SourceDoc),
        entries.all(model.ClauseDoc),
        entries.by_id(model.PolicyDoc),
        entries.by_id(model.GroupDoc),
        entries.by_id(model.TargetDoc),
        entries.by_id(model.DutyDoc),
        frozenset(entries.broken),
        digest_of(chain.from_iterable(part.said for part in parts), files.settings),
        frozenset(entries.incomplete),
        tuple(entries.strays),
        frozenset(_shown(file.path) for layer in files.layers[:-1] for file in layer.files),
        tuple(_file_digests(files)),
        files.settings,
        entries.by_id(AudienceDoc),
        entries.by_id(SectionDoc),
        entries.by_id(ListDoc),
    )


def _as_term(check: DataCheckDoc) -> model.TermDoc:
    """A check of data as a truth that is reported."""
    held = (model.TermVersionDoc(None, check.must),)
    name, label, english = check.name, check.label, check.label_en
    return model.TermDoc(name, label, check.level, None, None, held, english, output=True, check=check)


def _in_layers(docs: tuple[model.ParameterDoc, ...], files: RulesetFiles) -> tuple[model.ParameterDoc, ...]:
    """Parameters whose values know in which layer they were written; where there is one, it is the base of all."""
    if files.base is None:
        return docs
    layers = {_shown(file.path): number for number, layer in enumerate(files.layers) for file in layer.files}
    return tuple(
        replace(doc, values=tuple(replace(one, layer=layers.get(one.valid.span.source.path, 0)) for one in doc.values))
        for doc in docs
    )


def _part(kind: str, node: YamlMapping, reporter: Reporter, cache: ReadingCache | None) -> FilePart:
    if cache is not None:
        return cache.part(node, reporter, partial(_part_of, kind))
    return _part_of(kind, node, reporter)


def _part_of(kind: str, node: YamlMapping, reporter: Reporter) -> FilePart:
    """What a file has in it, after it was checked against the schema of its kind."""
    entries = Entries(reporter)
    entries.add(kind, check_schema(kind, node, reporter))
    return FilePart(entries, () if kind in APART else tuple(said_in(kind, node)))


def _file_nodes(
    files: RulesetFiles, layer: int, entries: Entries, reporter: Reporter, cache: ReadingCache | None
) -> Iterator[FileNode]:
    """The files of a layer that can be read, with their keys in English."""
    for file in files.files:
        shown = _shown(file.path)
        if file.data is None:
            reporter.report("Y117", Span(Source(shown, ""), 0, 0))
            continue
        read_file = _read_file if cache is None else partial(cache.read, read=_read_file)
        found = read_file(shown, file.data, reporter)
        if found is None:
            entries.broken.update(_names_in(file.data))
            entries.incomplete.update(_kinds_in(file.data))
        else:
            yield FileNode(found[0], layer, found[1])


def _file_digests(files: RulesetFiles) -> Iterator[tuple[int, str, str]]:
    """How far below the top each file stands, its name within its folder, and the SHA-256 of its bytes."""
    for depth, layer in enumerate(reversed(files.layers)):
        for file in layer.files:
            yield depth, _shown(Path(file.name)), hashlib.sha256(file.data or b"").hexdigest()


def _shown(path: Path) -> str:
    """A file's name as text, which it need not be."""
    return path.as_posix().encode("utf-8", "replace").decode()


def read_plain(path: str, data: bytes, reporter: Reporter) -> Any:
    """The value of one YAML file, such as a household, whose scalars are texts; None with the problem reported.

    What a text means is for the one who reads it as an id, a number, a date: `01` and `1` are two ids.
    """
    node = read_node(path, data, reporter)
    return None if node is None else as_written(node)


def file_of(path: Path, reporter: Reporter) -> bytes | None:
    """What is in one file that somebody named; None where that is reported. Raises FileNotFoundError."""
    if not path.exists():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    data = bytes_of(path)
    if data is None:
        reporter.report("Y117", path.as_posix())
    return data


def text_of(path: Path, reporter: Reporter) -> str | None:
    """The text of one file that somebody named; None where something is reported. Raises FileNotFoundError."""
    data = file_of(path, reporter)
    return None if data is None else decoded(path.as_posix(), data, reporter)


def nodes_of(path: str, data: bytes, kind: str, reporter: Reporter) -> YamlNode | None:
    """A file of one kind that is no part of a ruleset, checked against its schema; None with the problem reported."""
    node = read_node(path, data, reporter)
    return None if node is None else validate(kind, node, reporter)


def _names_in(data: bytes) -> set[str]:
    """The names that an unreadable file seems to give, so that not every use of them is called unknown."""
    return {found.strip() for found in _NAMED.findall(_decoded(data))}


def _kinds_in(data: bytes) -> tuple[str, ...]:
    """The kind that an unreadable file seems to be of; every kind where it does not say so."""
    found = _KIND.search(_decoded(data))
    english = None if found is None else next((one for one in KINDS if found[1] in (one, *CHOICES[one])), None)
    return KINDS if english is None else (english,)


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")  # what it most likely is, saved on a Chinese Windows


def _read_file(path: str, data: bytes, reporter: Reporter) -> tuple[str, YamlMapping] | None:
    """The kind and the node of one file; None where it could not be read as a document of a kind."""
    node = read_node(path, data, reporter)
    if node is None:
        return None
    known = [both(CHOICES, one) for one in KINDS]
    kind = kind_of(node) if isinstance(node, YamlMapping) else None
    if kind is None or not isinstance(node, YamlMapping):
        reporter.report("Y113", Span(node.span.source, node.span.start, node.span.start + 1), known=known)
        return None
    if kind.text not in KINDS:
        hint = reporter.suggest(kind.text, KINDS)
        reporter.report("Y204", kind.span, suggestion=hint, value=kind.text, known=known)
        return None
    return kind.text, meant(kind.text, node, reporter)


def _one_ruleset(
    files: RulesetFiles, found: tuple[model.RulesetDoc, ...], entries: Entries, reporter: Reporter
) -> None:
    folder = files.folder.as_posix()
    if files.too_many:
        reporter.report("Y118", folder, folder=folder, files=MAX_FILES, most=MAX_IN_ALL // 1024 // 1024)
    elif not files.files:
        reporter.report("Y114", folder, folder=folder)
    elif not found and not reporter.errors:
        reporter.report("Y115", folder)
    for extra in found[1:]:
        reporter.report("Y116", extra.span)
