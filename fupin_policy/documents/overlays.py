"""A ruleset and what another one changes in it, as the one whole ruleset that they mean together.

In: files' nodes, those of the base first. Out: nodes as if one folder held them, and their digest.
Called by `documents`, before anything looks at what an entry says: what comes after knows of no overlay.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from operator import is_
from typing import Any

from fupin_policy.core.days import day_of, ends_of
from fupin_policy.diagnostics import Reporter
from fupin_policy.diagnostics.diagnostic import place_of
from fupin_policy.documents.reader import YamlMapping, YamlNode, YamlScalar, YamlSequence, as_written

DATED = ("values", "versions", "names")
"""Lists of an entry to which an overlay may add what holds from some day on, without repeating the rest."""
_ADDED = (*DATED, "examples")
_MARKS = ("replace", "remove")
_SWITCHES = frozenset(_MARKS)
_NAMING = frozenset({"id", "name", "names", "label", "title", "aliases"})
_FIRST, _LAST = date.min, date.max

EntryKey = tuple[str, str, str]
"""The kind of document, the list in it, and the name within that list."""


@dataclass(slots=True)
class FileNode:
    """A file of a layer, 0 being the base of all; its keys are in English. `lists` are its entries, by their key."""

    kind: str
    layer: int
    node: YamlMapping
    lists: dict[str, list[YamlNode | None]] = field(default_factory=dict)

    @property
    def whole(self) -> YamlMapping:
        """The file with the entries that are left of it."""
        entries, same = [], True
        for key, value in self.node.entries:
            if key.text in self.lists and isinstance(value, YamlSequence):
                left = self.lists[key.text]
                if not all(map(is_, left, value.items)):
                    value, same = replace(value, items=tuple(item for item in left if item is not None)), False
            entries.append((key, value))
        return self.node if same else replace(self.node, entries=tuple(entries))


@dataclass(frozen=True, slots=True)
class _Made:
    """A change of an entry: in which layer, where, and what it adds; None where it replaces or removes."""

    layer: int
    name: YamlScalar
    added: YamlMapping | None


@dataclass(frozen=True, slots=True)
class _Place:
    file: FileNode
    section: str
    position: int

    @property
    def entry(self) -> YamlMapping:
        found = self.file.lists[self.section][self.position]
        assert isinstance(found, YamlMapping)
        return found

    def put(self, entry: YamlMapping | None) -> None:
        self.file.lists[self.section][self.position] = entry


def merged(files: Sequence[FileNode], reporter: Reporter) -> list[tuple[str, YamlMapping]]:
    """The kinds and nodes of one whole ruleset. What an overlay does wrongly goes to `reporter`."""
    known: dict[EntryKey, _Place] = {}
    changed: dict[EntryKey, list[_Made]] = {}
    for file in files:
        _merge(file, known, changed, reporter)
    heads = [file for file in files if file.kind == "ruleset"]
    top = max((head.layer for head in heads), default=0)
    below = [head.node for head in heads if head.layer < top]
    found = [("ruleset", _head(below, head.node)) for head in heads if head.layer == top]
    return found + [(file.kind, file.whole) for file in files if file.kind != "ruleset"]


def _head(below: Sequence[YamlMapping], head: YamlMapping) -> YamlMapping:
    """What the top says of the ruleset itself; where it says nothing, what the nearest base says."""
    said = {key.text: (key, value) for node in (*below, head) for key, value in node.entries if key.text != "extends"}
    return replace(head, entries=tuple(said.values()))


def _merge(
    file: FileNode,
    known: dict[EntryKey, _Place],
    changed: dict[EntryKey, list[_Made]],
    reporter: Reporter,
) -> None:
    source = file.node.get("source")
    within = f"{source.text.strip()} " if isinstance(source, YamlScalar) else ""
    for key, value in file.node.entries if file.kind not in ("ruleset", "population") else ():
        if not isinstance(value, YamlSequence):
            continue
        file.lists[key.text] = list(value.items)
        for position, entry in enumerate(value.items):
            name = name_of(entry)
            if name is not None:
                named = (file.kind, key.text, within + name.text.strip())
                here = _Place(file, key.text, position)
                if file.layer == 0 and named not in known and not _is_marked(here.entry):
                    known[named] = here  # nothing is below that it could change
                else:
                    _Change(named, name, here, known, changed, reporter).make()


@dataclass(frozen=True, slots=True)
class _Change:
    """One entry: it removes, replaces or adds to the base's of its name, or is new."""

    key: EntryKey
    name: YamlScalar
    here: _Place
    known: dict[EntryKey, _Place]
    changed: dict[EntryKey, list[_Made]]
    """The changes of an entry. In one layer there is one, or several that add for days apart, of any order."""
    reporter: Reporter

    def make(self) -> None:
        layer = self.here.file.layer
        marks = [mark for mark in _MARKS if _is_set(self.here.entry, mark)]
        made = _Made(layer, self.name, None if marks else self.here.entry)
        earlier = [one for one in self.changed.get(self.key, ()) if one.layer == layer]
        other = next((one for one in earlier if not _apart(one.added, made.added)), None)
        if other is not None:
            self.reporter.report("Y135", self.name.span, name=self.name.text, other=place_of(other.name.span))
            self.here.put(None)
            return
        self._check_marks()
        self.here.put(_without_marks(self.here.entry))
        before = self.known.get(self.key)
        below = before is not None and before.file.layer < layer
        if below:
            self.changed.setdefault(self.key, []).append(made)
        if marks:
            self._marked(marks, before if below else None)
        elif before is None and layer and (meant := self._called_so()) is not None:
            self.reporter.report("Y136", self.name.span, suggestion=meant, name=self.name.text, other=meant)
            self.here.put(None)
        elif before is None:
            self.known[self.key] = self.here
        elif below:
            self._add(before)

    def _of_base(self) -> dict[str, YamlMapping]:
        """The entries of the base, of this kind and list, by their names."""
        found = ((key, place) for key, place in self.known.items() if key[:2] == self.key[:2])
        return {key[2]: place.entry for key, place in found if place.file.layer < self.here.file.layer}

    def _called_so(self) -> str | None:
        """The name of the base's entry of which this one has the label or title."""
        word = self.name.text.strip()
        return next((name for name, entry in self._of_base().items() if word in words_of(entry)), None)

    def _check_marks(self) -> None:
        """Report a mark that is neither on nor off; what was meant by it is that it is on."""
        for key, value in self.here.entry.entries:
            if key.text in _MARKS and not _is_switch(value):
                sample = {"sample": f"{key.text}: true"}
                self.reporter.report("Y203", value.span, wanted="true 或 false", wanted_en="true or false", **sample)

    def _marked(self, marks: Sequence[str], base: _Place | None) -> None:
        if base is None:
            zh, en = _WORDS[marks[0]]
            hint = self._called_so() or self.reporter.suggest(self.key[2], self._of_base())
            self.reporter.report("Y132", self.name.span, suggestion=hint, name=self.key[2], action=zh, action_en=en)
        else:
            self.reporter.blame(words_of(base.entry), self.name.span)
            base.put(None)
            del self.known[self.key]
        if "remove" not in marks:
            self.known[self.key] = self.here
            return
        if len(self.here.entry.entries) > 1 or len(marks) > 1:
            self.reporter.report("Y134", self.name.span, name=self.name.text)
        self.here.put(None)

    def _add(self, base: _Place) -> None:
        added = self.here.entry
        self.here.put(None)
        if any(key.text not in ("id", "name", *_ADDED) for key, _ in added.entries) or len(added.entries) == 1:
            self.reporter.report("Y133", self.name.span, name=self.name.text)
            return
        self.reporter.blame(words_of(base.entry), self.name.span)
        base.put(_added(base.entry, added))


def _apart(one: YamlMapping | None, other: YamlMapping | None) -> bool:
    """Whether two entries only add what holds on days of their own, so that either may come first."""
    if one is None or other is None:
        return False
    keys = {key.text for entry in (one, other) for key, _ in entry.entries} - {"id", "name"}
    lists = [(one.get(key), other.get(key)) for key in keys]
    return keys <= set(DATED) and all(_days_apart(mine, theirs) for mine, theirs in lists)


def _days_apart(mine: YamlNode | None, theirs: YamlNode | None) -> bool:
    if not isinstance(mine, YamlSequence) or not isinstance(theirs, YamlSequence):
        return mine is None or theirs is None
    pairs = ((_days(one), _days(other)) for one in mine.items for other in theirs.items)
    return all(a is not None and b is not None and (a[1] < b[0] or b[1] < a[0]) for a, b in pairs)


_WORDS = {"replace": ("替换", "replace"), "remove": ("删去", "remove")}


def name_of(entry: YamlNode) -> YamlScalar | None:
    """The id of an entry, or its English name."""
    found = (entry.get("id") or entry.get("name")) if isinstance(entry, YamlMapping) else None
    return found if isinstance(found, YamlScalar) and found.text.strip() else None


def _is_set(entry: YamlMapping, mark: str) -> bool:
    value = entry.get(mark)
    return value is not None and not (isinstance(value, YamlScalar) and value.text == "false")


def _is_marked(entry: YamlMapping) -> bool:
    return not _SWITCHES.isdisjoint([key.text for key, _ in entry.entries])


def _is_switch(value: YamlNode) -> bool:
    return isinstance(value, YamlScalar) and value.text in ("true", "false")


def _without_marks(entry: YamlMapping) -> YamlMapping:
    """What an entry says itself; the same entry where it has no marks, as nearly all have none."""
    if not _is_marked(entry):
        return entry
    return replace(entry, entries=tuple((key, value) for key, value in entry.entries if key.text not in _MARKS))


def words_of(node: YamlMapping) -> set[str]:
    """Every word by which others may speak of an entry, a department's names over time included."""
    found: set[str] = set()
    waiting = [value for key, value in node.entries if key.text in _NAMING]
    while waiting:
        match waiting.pop():
            case YamlScalar(text):
                found.add(text.strip())
            case YamlMapping(entries):
                waiting += [value for key, value in entries if key.text in ("zh", "en")]
            case YamlSequence(items):
                waiting += items
    return found


def _added(base: YamlMapping, over: YamlMapping) -> YamlMapping:
    """The base's entry with what an overlay adds: on the days that this covers, it stands alone."""
    said = {key.text: (key, value) for key, value in base.entries}
    for key, value in over.entries:
        _, there = said.get(key.text, (key, None))
        if isinstance(value, YamlSequence) and isinstance(there, YamlSequence):
            both = [*there.items, *value.items]
            keyed = key.text == "values" and base.get("by") is not None
            kept = _cut(there.items, value.items, keyed) if key.text in DATED else []
            items = in_order([*kept, *value.items]) if key.text in DATED else both
            value = replace(value, items=tuple(items))
        if key.text in _ADDED:
            said[key.text] = (key, value)
    return replace(base, entries=tuple(said.values()))


def _cut(base: Iterable[YamlNode], over: Iterable[YamlNode], keyed: bool) -> list[YamlNode]:
    """What is left of dated entries beside others, of which each covers its days, and its codes, alone.

    Of values by keys only codes in the same words are left out here: which keys are the same is seen when they are
    known (`check.keyed`).
    """
    taken = [(days, _codes(item) if keyed else None) for item in over if (days := _days(item)) is not None]
    found: list[YamlNode] = []
    for item in base:
        days = _days(item)
        if days is None or not isinstance(item, YamlMapping):
            found.append(item)
            continue
        left = [(days, item)]
        for away, codes in taken:
            left = [part for piece, entry in left for part in _beside(piece, entry, away, codes)]
        found += [entry if piece == days else _on(entry, *piece) for piece, entry in left]
    return found


def _codes(item: YamlNode) -> frozenset[str] | None:
    """The codes for which an entry has a value; None where it is for all. Rows are cut later."""
    value = item.get("value") if isinstance(item, YamlMapping) else None
    if isinstance(item, YamlMapping) and item.get("rows") is not None:
        return frozenset()
    return frozenset(key.text for key, _ in value.entries) if isinstance(value, YamlMapping) else None


def _beside(
    days: _Days, entry: YamlMapping, away: _Days, codes: frozenset[str] | None
) -> Iterator[tuple[_Days, YamlMapping]]:
    """What is left of an entry on some days where others, for some codes or all, are covered by another."""
    (start, end), (first, last) = days, away
    if last < start or end < first:
        yield days, entry
        return
    if start < first:
        yield (start, first - timedelta(1)), entry
    value, both = entry.get("value"), (max(start, first), min(end, last))
    if codes is not None and isinstance(value, YamlMapping):
        kept = tuple((key, one) for key, one in value.entries if key.text not in codes)
        rest = replace(value, entries=kept)
        if kept:
            yield both, replace(entry, entries=tuple((k, rest if k.text == "value" else v) for k, v in entry.entries))
    elif codes is not None:
        yield both, entry
    if last < end:
        yield (last + timedelta(1), end), entry


_Days = tuple[date, date]


def _days(item: YamlNode) -> _Days | None:
    """The first and the last day of a dated entry; None where they cannot be read."""
    valid = item.get("valid") if isinstance(item, YamlMapping) else None
    if not isinstance(valid, YamlScalar):
        return None
    start, end = ends_of(valid.text)
    first, last = day_of(start) if start else _FIRST, day_of(end) if end else _LAST
    return None if first is None or last is None or first > last else (first, last)


def _on(item: YamlMapping, first: date, last: date) -> YamlMapping:
    """A dated entry on some of its days."""
    cut = [
        (key, replace(value, text=_text((first, last))))
        if key.text == "valid" and isinstance(value, YamlScalar)
        else (key, value)
        for key, value in item.entries
    ]
    return replace(item, entries=tuple(cut))


def _text(days: _Days) -> str:
    first, last = days
    return f"{'' if first == _FIRST else first}..{'' if last == _LAST else last}"


def in_order(items: Iterable[YamlNode]) -> list[YamlNode]:
    """Dated entries by their first day."""
    return sorted(items, key=lambda item: (_days(item) or (_FIRST, _LAST))[0])


def digest_of(said: Iterable[str], settings: Sequence[str]) -> str:
    """`sha256:…` of what a ruleset says (`said_in` of each file); comments, quotes, files, order count for nothing."""
    texts = sorted([*said, *(_line(["setting", setting]) for setting in settings)])
    return "sha256:" + hashlib.sha256("\n".join(texts).encode("utf-8", "surrogatepass")).hexdigest()


def said_in(kind: str, node: YamlNode) -> Iterator[str]:
    """What a file says, a text for each of its entries."""
    if kind == "ruleset" or not isinstance(node, YamlMapping):
        yield _line([kind, _canonical(node)])
        return
    lists = [(key.text, value) for key, value in node.entries if isinstance(value, YamlSequence)]
    rest = {key.text: as_written(value) for key, value in node.entries if not isinstance(value, YamlSequence)}
    yield from (_line([kind, rest, key, _canonical(item)]) for key, value in lists for item in value.items)


def _line(row: list[Any]) -> str:
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _canonical(node: YamlNode, key: str = "") -> Any:
    match node:
        case YamlMapping(entries):
            days = _days(node)
            said = {name.text: _canonical(value, name.text) for name, value in entries}
            return said if days is None else {**said, "valid": _text(days)}
        case YamlSequence(items):
            return [_canonical(item) for item in (in_order(items) if key in DATED else items)]
        case YamlScalar():
            return as_written(node)
