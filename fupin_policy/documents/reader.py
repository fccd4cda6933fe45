"""Bytes to strict YAML nodes with positions.

In: a file's bytes. Out: `YamlScalar`, `YamlSequence`, `YamlMapping`, or diagnostics. Called by `documents`.
Nodes are composed from PyYAML's events, because its own composer forgets anchors and lets a key be given twice.
Scalars stay text; what `no`, `010` or `12:30` mean is for the one who asks, by the rules of YAML 1.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml

from fupin_policy.diagnostics import Reporter, Source, Span
from fupin_policy.documents.typing_slips import report_slip
from fupin_policy.documents.yaml_problems import YAML_PROBLEMS
from fupin_policy.files.bounded import MAX_BYTES

MAX_DEEP = 30
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# a further byte order mark is invisible too, and libyaml leaves it out of its count of places
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_NOTHING = ("", "~", "null", "Null", "NULL")
_INT = re.compile(r"[-+]?[0-9]{1,40}\Z")
_DECIMAL = re.compile(r"[-+]?[0-9]{1,40}\.[0-9]{1,40}\Z")


@dataclass(frozen=True, slots=True)
class YamlScalar:
    """A piece of text. `span` covers its raw content, without quotes or the header of a block."""

    text: str
    plain: bool
    escaped: bool
    block: bool
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class YamlSequence:
    """A list."""

    items: tuple[YamlNode, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class YamlMapping:
    """Keys with values, in order; no key twice."""

    entries: tuple[tuple[YamlScalar, YamlNode], ...]
    span: Span = field(compare=False)

    def get(self, key: str) -> YamlNode | None:
        """The value of a key, if it is there."""
        for name, value in self.entries:
            if name.text == key:
                return value
        return None


YamlNode = YamlScalar | YamlSequence | YamlMapping


class _Refused(Exception):
    """Reading cannot go on after what was just reported."""


def read_node(path: str, data: bytes, reporter: Reporter) -> YamlNode | None:
    """The one document of a file, or None with what is wrong reported at its place. `path` is as shown to people."""
    text = decoded(path, data, reporter)
    if text is None:
        return None
    source = Source(path, text)
    # found here, because libyaml counts its position in bytes and names no place
    if (found := _UNPRINTABLE.search(text)) is not None:
        word = f"U+{ord(found.group()):04X}"
        span = Span(source, found.start(), found.end())
        reporter.report("Y103", span, problem=f"有控制字符 {word}", problem_en=f"a control character, {word}")
        return None
    try:
        return _Composer(source, reporter, yaml.parse(text, Loader=_LOADER)).document()
    except _Refused:
        return None
    except yaml.MarkedYAMLError as error:
        if not report_slip(error, source, reporter):
            mark = error.problem_mark or error.context_mark
            at = 0 if mark is None else mark.index
            _not_yaml(error.problem or "", Span(source, at, min(at + 1, len(text))), reporter)
    except (yaml.YAMLError, ValueError) as error:
        _not_yaml(str(error), Span(source, 0, 0), reporter)
    except RecursionError:
        reporter.report("Y107", Span(source, 0, 0), most=MAX_DEEP)
    return None


def to_python(node: YamlNode) -> Any:
    """Plain values by the rules of YAML 1.2: `no`, `on`, `12:30` are text, `010` is ten; decimals are `Decimal`."""
    match node:
        case YamlMapping(entries):
            return {key.text: to_python(value) for key, value in entries}
        case YamlSequence(items):
            return [to_python(item) for item in items]
        case YamlScalar(text, plain):
            return _plain(text) if plain else text


def as_written(node: YamlNode) -> Any:
    """Plain values of which every scalar keeps its letters: `0012` is no number yet. Only nothing is None."""
    match node:
        case YamlMapping(entries):
            return {key.text: as_written(value) for key, value in entries}
        case YamlSequence(items):
            return [as_written(item) for item in items]
        case YamlScalar(text, plain):
            return None if plain and text in _NOTHING else text


def _plain(text: str) -> Any:
    if text in _NOTHING:
        return None
    if text in ("true", "True", "TRUE"):
        return True
    if text in ("false", "False", "FALSE"):
        return False
    if _INT.match(text):
        return int(text)
    return Decimal(text) if _DECIMAL.match(text) else text


def decoded(path: str, data: bytes, reporter: Reporter) -> str | None:
    """A file's bytes as text; None where it is too large or not UTF-8, which is reported."""
    if len(data) > MAX_BYTES:
        reporter.report("Y101", Span(Source(path, ""), 0, 0), most=MAX_BYTES // 1024 // 1024)
        return None
    try:
        # a byte order mark is no part of the text, in editors as here
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        readable = data[: error.start].decode("utf-8")
        reporter.report("Y102", Span(Source(path, readable), len(readable), len(readable)), byte=error.start)
        return None
    return text


def _not_yaml(problem: str, span: Span, reporter: Reporter) -> None:
    """Report in a clerk's words what the YAML parser says in its own, where those are known."""
    plain = " ".join(problem.split())[:120]
    zh, en = YAML_PROBLEMS.get(plain, ("此处写法有误", plain or "something is wrong here"))
    reporter.report("Y103", span, problem=zh, problem_en=en)


@dataclass(slots=True)
class _Composer:
    source: Source
    reporter: Reporter
    events: Iterator[Any]

    def document(self) -> YamlNode | None:
        """The one document that the events describe."""
        node: YamlNode | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if node is not None:
                    self._refuse("Y108", event)
                node = self._node(next(self.events), 0)
        if node is None or (isinstance(node, YamlScalar) and node.plain and node.text == ""):
            self.reporter.report("Y109", Span(self.source, 0, 0))
            return None
        return node

    def _node(self, event: Any, depth: int) -> YamlNode:
        if depth > MAX_DEEP:
            self._refuse("Y107", event, most=MAX_DEEP)
        if isinstance(event, yaml.AliasEvent):
            self._refuse("Y104", event)
        if getattr(event, "anchor", None) is not None:
            self._refuse("Y104", event)
        if event.tag is not None:
            self._refuse("Y105", event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(event, depth)
        return self._mapping(event, depth)

    def _sequence(self, start: Any, depth: int) -> YamlSequence:
        items = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._node(event, depth + 1))
        return YamlSequence(tuple(items), self._span(start, event))

    def _mapping(self, start: Any, depth: int) -> YamlMapping:
        entries: dict[str, tuple[YamlScalar, YamlNode]] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            value = self._node(next(self.events), depth + 1)
            if not isinstance(key, YamlScalar):
                self.reporter.report("Y110", key.span)
            elif key.text in entries:
                self.reporter.report("Y106", key.span, key=key.text)
            else:
                entries[key.text] = (key, value)
        return YamlMapping(tuple(entries.values()), self._span(start, event))

    def _scalar(self, event: Any) -> YamlScalar:
        span = self._span(event, event)
        raw = span.text
        if event.style in ("'", '"'):
            span = Span(self.source, span.start + 1, max(span.start + 1, span.end - 1))
        elif event.style in ("|", ">"):
            header = raw.find("\n")
            span = Span(self.source, span.start + header + 1 if header >= 0 else span.end, span.end)
        escaped = event.style == '"' and "\\" in raw
        return YamlScalar(
            event.value, event.style is None or event.style == "", escaped, event.style in ("|", ">"), span
        )

    def _span(self, start: Any, end: Any) -> Span:
        return Span(self.source, start.start_mark.index, end.end_mark.index)

    def _refuse(self, code: str, event: Any, **words: str | int) -> None:
        self.reporter.report(code, self._span(event, event), suggestion=None, **words)
        raise _Refused
