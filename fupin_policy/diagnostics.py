"""Where something stands, what is wrong with it, and how that is shown to a person.

In: spans and message codes from every stage. Out: diagnostics as data, and their text with a caret.
Called by every room; knows none of them.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import accumulate
from typing import Literal

from fupin_policy.messages import Message, Severity, table
from fupin_policy.showing import shown

_MOST_QUOTED = 160
"""Characters of a line that are shown."""


@dataclass(frozen=True, slots=True)
class Source:
    """A text that positions refer to: `path` as shown to people, `text` in full; `line` is that of its beginning."""

    path: str
    text: str = field(repr=False)
    line: int = 1


@dataclass(frozen=True, slots=True)
class Span:
    """The half-open stretch `[start, end)` of a source, in code points."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        """The characters that the span covers."""
        return self.source.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Position:
    """A line and a column, both counted from 1."""

    line: int
    column: int


Word = str | tuple[str, ...]
"""What fills a hole of a sentence; several are told one after the other, as either language does."""
_JOINTS = {"zh": "、", "en": ", "}


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing that is wrong: its code, where it stands, and the words for its sentence.

    `span` places it in a file; `path` places it in a household (`members[1].残疾等级`); one of the two is set.
    """

    code: str
    args: tuple[tuple[str, Word], ...]
    span: Span | None = None
    path: str | None = None
    suggestion: str | None = None

    @property
    def severity(self) -> Severity:
        """Whether it stops the work (`error`), or is only to be looked at (`warning`)."""
        return _messages()[self.code].severity

    def sentence(self, lang: Literal["zh", "en"]) -> str:
        """What is wrong, in one sentence."""
        message = _messages()[self.code]
        return self._filled(message.zh if lang == "zh" else message.en, lang)

    def advice(self, lang: Literal["zh", "en"]) -> str:
        """What to do about it, in one sentence."""
        if self.suggestion is not None:
            hint = shown(self.suggestion)
            return f"是否想写“{hint}”？" if lang == "zh" else f'did you mean "{hint}"?'
        message = _messages()[self.code]
        return self._filled(message.help_zh if lang == "zh" else message.help_en, lang)

    def _filled(self, template: str, lang: Literal["zh", "en"]) -> str:
        several = {name: (word,) if isinstance(word, str) else word for name, word in self.args}
        return template.format(**{name: _JOINTS[lang].join(map(shown, words)) for name, words in several.items()})

    @property
    def place(self) -> str:
        """`file:line:col`, or the path into the household."""
        if self.span is None:
            return shown(self.path or "-")
        position = locate(self.span.source, self.span.start)
        return f"{shown(self.span.source.path)}:{position.line}:{position.column}"

    def as_json(self) -> dict[str, object]:
        """The diagnostic as plain data, for `--format json`."""
        return {
            "code": self.code,
            "severity": self.severity,
            "place": self.place,
            "zh": self.sentence("zh"),
            "en": self.sentence("en"),
            "help": {"zh": self.advice("zh"), "en": self.advice("en")},
        }


class FupinError(Exception):
    """Something given to the library is wrong; `diagnostics` says what and where."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        return "\n".join(render(d) for d in self.diagnostics)


class RulesetError(FupinError):
    """A ruleset has errors."""


class InputError(FupinError):
    """A household, or a question about one, has errors."""


class Reporter:
    """Collects diagnostics while a stage goes on; the same fault at the same place is kept once."""

    def __init__(self) -> None:
        self._found: dict[Diagnostic, None] = {}
        self._compared = 0

    def suggest(self, word: str, known: Iterable[str]) -> str | None:
        """What `suggest` finds, until that has taken long: of thousands of mistakes the first ones have one."""
        if self._compared >= MOST_COMPARED:
            return None
        words = list(known)
        self._compared += len(words)
        return suggest(word, words)

    def report(
        self,
        code: str,
        where: Span | str | None,
        /,
        *,
        suggestion: str | None = None,
        **args: object,
    ) -> None:
        """Record one fault. `where` is a span of a file or a path into a household."""
        span = where if isinstance(where, Span) else None
        path = where if isinstance(where, str) else None
        self._found.setdefault(Diagnostic(code, words_of(args.items()), span, path, suggestion))

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All that was reported, in the order of files and positions."""
        return tuple(sorted(self._found, key=_order))

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The diagnostics that are errors."""
        return tuple(d for d in self.diagnostics if d.severity == "error")

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """The diagnostics that are warnings."""
        return tuple(d for d in self.diagnostics if d.severity == "warning")

    def raise_errors(self, kind: type[FupinError] = RulesetError) -> None:
        """Raise `kind` with every error found, if there is one."""
        if self.errors:
            raise kind(self.errors)


def words_of(args: Iterable[tuple[str, object]]) -> tuple[tuple[str, Word], ...]:
    """What was given for the holes of a sentence, as text."""
    return tuple((name, tuple(map(str, it)) if isinstance(it, list | tuple) else str(it)) for name, it in args)


def locate(source: Source, offset: int) -> Position:
    """The line and column of an offset (code points) in a source."""
    starts = _line_starts(source)
    line = bisect_right(starts, offset)
    return Position(source.line + line - 1, offset - starts[line - 1] + 1)


MOST_COMPARED = 100_000
"""With how many known words in all the mistaken ones of one reader's work are compared, a fraction of a second."""


def suggest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is nearest to a mistaken one, if one is near; never the word itself."""
    from difflib import get_close_matches

    # most words have too few signs in common to be near, and need no exact comparison
    words = [other for other in known if other != word]
    possible = [other for other in words if 4 * sum(sign in other for sign in word) >= len(word) + len(other)]
    matches = get_close_matches(word, possible, n=1, cutoff=0.5)
    return matches[0] if matches else _in_full(word, words)


def _in_full(word: str, known: Sequence[str]) -> str | None:
    """The shortest known word that a Chinese one shortens: 最低生活保障 for 低保."""
    if len(word) < 2 or word.isascii():
        return None
    full = [other for other in known if _shortens(word, other)]
    return min(full, key=lambda other: (len(other), other), default=None)


def _shortens(word: str, other: str) -> bool:
    signs = iter(other)
    return all(sign in signs for sign in word)


def slip_of(word: str, known: Iterable[str]) -> str | None:
    """The known word of which a mistaken one is a slip of the pen: of few words, others are near to it by accident."""
    from difflib import get_close_matches

    matches = get_close_matches(word, list(known), n=1, cutoff=0.75) if len(word) <= _MOST_QUOTED else []
    return matches[0] if matches else None


def render(diagnostic: Diagnostic) -> str:
    """A diagnostic as several lines of text: both languages, the place, the line with a caret, the advice."""
    label_zh, label_en = ("错误", "error") if diagnostic.severity == "error" else ("警告", "warning")
    head = [
        f"{label_zh} {diagnostic.code}  {diagnostic.sentence('zh')}",
        f"{label_en} {diagnostic.code}  {diagnostic.sentence('en')}",
        f"  --> {diagnostic.place}",
    ]
    quoted = [] if diagnostic.span is None else _quote(diagnostic.span)
    advice = f" = 建议 / help: {diagnostic.advice('zh')} / {diagnostic.advice('en')}"
    return "\n".join([*head, *quoted, advice])


def _quote(span: Span) -> list[str]:
    """The line in which a span begins, as much of it as fits around the place, with carets below."""
    text = span.source.text
    position = locate(span.source, span.start)
    line_start = span.start - position.column + 1
    line_end = text.find("\n", span.start)
    line_end = len(text) if line_end < 0 else line_end - (text[line_end - 1 : line_end] == "\r")
    first = max(line_start, span.start - _MOST_QUOTED // 2)
    last = min(line_end, first + _MOST_QUOTED)
    end = max(span.start, min(last, span.end))
    before, marked, after = shown(text[first : span.start]), shown(text[span.start : end]), shown(text[end:last])
    before = f"…{before}" if first > line_start else before
    number = str(position.line)
    gutter = " " * len(number)
    carets = "^" * max(1, _width(marked))
    quoted = f"{before}{marked}{after}{'…' if last < line_end else ''}"
    return [f"{gutter} |", f"{number} | {quoted}", f"{gutter} | {' ' * _width(before)}{carets}"]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _order(diagnostic: Diagnostic) -> tuple[str, int, str, str]:
    if diagnostic.span is None:
        return ("", 0, diagnostic.path or "", diagnostic.code)
    return (diagnostic.span.source.path, diagnostic.span.start, "", diagnostic.code)


@cache
def _messages() -> dict[str, Message]:
    return table()


@lru_cache(maxsize=2)  # diagnostics come file by file; a service must not keep every text that was wrong
def _line_starts(source: Source) -> tuple[int, ...]:
    return tuple(accumulate((len(line) + 1 for line in source.text.split("\n")[:-1]), initial=0))
