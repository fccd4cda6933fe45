"""Where in a file the cursor stands, as far as can be told of YAML that is being written and cannot be read yet.

In: a text and an offset. Out: the keys that lead there, whether a key or a value is being written, and its beginning.
Called by `completion`, `hover` and `references`. What is open at the cursor counts, nothing after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

_KEY = re.compile(r"""(?P<key>"[^"]*"|'[^']*'|[^\s#{}\[\],:'"&*!|>%@`?-][^:#{}\[\],]*?)[ \t]*:(?=[ \t]|$)[ \t]*""")
_ITEM = re.compile(r"-(?:[ \t]+|$)")
_BLOCK = re.compile(r"[|>][-+0-9]*[ \t]*(?:#.*)?$")
_CLOSING = {"{": "}", "[": "]"}

Role = Literal["key", "value", "item"]
"""What is being written: a key, a value, or what may become either, at the beginning of an entry of a list."""


@dataclass(frozen=True, slots=True)
class CursorPlace:
    """Where the cursor stands: `typed` is what stands of the key or value before it, from `start` on."""

    keys: tuple[str, ...]
    role: Role
    typed: str
    start: int
    present: tuple[str, ...] = ()
    """The keys that the mapping has already."""
    quoted: bool = False


@dataclass(slots=True)
class _Level:
    """A key or an entry of a list that is open, by the column at which it stands."""

    column: int
    key: str | None
    value: bool = False
    """Whether something stands beside the key."""
    siblings: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Bracket:
    """A bracket that is open: of a mapping the key whose value is being written, and those before."""

    opening: str
    start: int
    key: str | None = None
    seen: list[str] = field(default_factory=list)

    @property
    def takes_key(self) -> bool:
        """Whether a key is being written in it."""
        return self.opening == "{" and self.key is None


def place_at(text: str, offset: int) -> CursorPlace:
    """The place of an offset in a text."""
    return _Scanner(text, offset).place()


@dataclass(slots=True)
class _Scanner:
    text: str
    end: int
    levels: list[_Level] = field(default_factory=list)
    brackets: list[_Bracket] = field(default_factory=list)
    quote: str | None = None
    block: int | None = None
    """The column of the key whose value is a block of text."""
    role: Role = "key"
    start: int = 0
    present: tuple[str, ...] = ()
    top: list[str] = field(default_factory=list)
    """The keys of the file itself."""

    def place(self) -> CursorPlace:
        at = 0
        for line in self.text[: self.end].split("\n"):
            self._line(line, at)
            at += len(line) + 1
        open_keys = [level.key for level in self.levels if level.key is not None]
        if self.brackets:
            return self._in_brackets(open_keys)
        typed = self.text[self.start : self.end]
        quoted = typed[:1] in ("'", '"')
        present = (*self.present, *self._after()) if self.role != "value" else ()
        return CursorPlace(tuple(open_keys), self.role, typed[quoted:], self.start + quoted, present, quoted)

    def _in_brackets(self, open_keys: list[str]) -> CursorPlace:
        keys = [*open_keys, *(one.key for one in self.brackets if one.key is not None)]
        inner = self.brackets[-1]
        role: Role = "value" if inner.opening == "[" or inner.key is not None else "key"
        typed = self.text[inner.start : self.end].lstrip()
        start = self.end - len(typed)
        quoted = typed[:1] in ("'", '"')
        return CursorPlace(tuple(keys), role, typed[quoted:], start + quoted, tuple(inner.seen), quoted)

    def _line(self, line: str, at: int) -> None:
        column = len(line) - len(line.lstrip(" "))
        rest = line[column:].rstrip("\r")
        if self.brackets or self.quote:
            self._flow(line, at)
            return
        if self.block is not None and (column > self.block or not rest):
            self.role, self.start = "value", at + column
            return
        self.block = None
        if rest.startswith("#"):
            return
        if not rest:
            if at + len(line) == self.end:
                self._blank(column, at + column)
            return
        self._content(rest, column, at + column)

    def _blank(self, column: int, start: int) -> None:
        """Nothing stands there yet: what would begin at that column."""
        while self.levels and self.levels[-1].column >= column:
            self.levels.pop()
        self.role, self.start = "key", start
        self.present = tuple(self._siblings())

    def _content(self, rest: str, column: int, start: int) -> None:
        more = self.levels and self.levels[-1].key is not None and self.levels[-1].value
        if more and column > self.levels[-1].column and not _ITEM.match(rest):
            self.role = "value"  # a further line of a text that began beside its key
            return
        self.role = "key"
        while (item := _ITEM.match(rest)) is not None:
            while self.levels and (
                self.levels[-1].column > column or (self.levels[-1].column == column and self.levels[-1].key is None)
            ):
                self.levels.pop()
            self.levels.append(_Level(column, None))
            self.role = "item"
            width = len(item[0])
            column, start, rest = column + width, start + width, rest[width:]
        key = _KEY.match(rest)
        while self.levels and self.levels[-1].column >= column and self.role != "item":
            self.levels.pop()
        self.start, self.present = start, tuple(self._siblings())
        if key is None:
            if rest[:1] in _CLOSING:
                self._flow(rest, start)
            return
        name = key["key"].strip("'\"")
        self._siblings().append(name)
        value = rest[key.end() :]
        self.levels.append(_Level(column, name, bool(value) and not value.startswith("#")))
        self.role, self.start = "value", start + key.end()
        if value[:1] in _CLOSING:
            self._flow(value, self.start)
        elif _BLOCK.match(value):
            self.block = column

    def _siblings(self) -> list[str]:
        """The keys of the mapping that is being written."""
        return self.levels[-1].siblings if self.levels else self.top

    def _after(self) -> Iterator[str]:
        """The keys that the mapping has after the cursor."""
        line_start = self.text.rfind("\n", 0, self.start) + 1
        column = self.start - line_start
        for line in self.text[self.end :].split("\n")[1:]:
            indent = len(line) - len(line.lstrip(" "))
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            if indent < column or (indent == column and line[indent:].startswith("- ")):
                return
            if indent == column and (key := _KEY.match(line[indent:])) is not None:
                yield key["key"].strip("'\"")

    def _flow(self, line: str, at: int) -> None:
        """A line, or what is left of it, within brackets."""
        token = at
        for index, sign in enumerate(line):
            here = at + index
            if self.quote is not None:
                self.quote = None if sign == self.quote else self.quote
                continue
            inner = self.brackets[-1] if self.brackets else None
            if sign in "'\"" and not self.text[token:here].strip():
                self.quote = sign
            elif sign == "#" and line[index - 1 : index] in (" ", ""):
                return
            elif sign in _CLOSING and not self.text[token:here].strip():
                self.brackets.append(_Bracket(sign, here + 1))
                token = here + 1
            elif inner is None:
                return
            elif sign == ",":
                inner.key, inner.start, token = None, here + 1, here + 1
            elif sign == _CLOSING[inner.opening]:
                self.brackets.pop()
                token = here + 1
            elif (
                sign == ":" and inner.opening == "{" and inner.key is None and line[index + 1 : index + 2] in ("", " ")
            ):
                inner.key = self.text[inner.start : here].strip().strip("'\"")
                inner.seen.append(inner.key)
                inner.start = token = here + 1
