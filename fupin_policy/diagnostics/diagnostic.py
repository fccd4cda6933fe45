"""One thing that is wrong, as data: a code, a place, the words that fill its sentences.

In: what was found. Out: sentences in both languages. Called by every room.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from fupin_policy.diagnostics.messages import Lang, Message, Severity, table
from fupin_policy.diagnostics.positions import Span, locate
from fupin_policy.diagnostics.showing import shown

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
    cause: Span | None = None
    """Where what is at fault was taken away or changed, if that is elsewhere: in an overlay."""

    @classmethod
    def of(
        cls, code: str, where: Span | str | None, /, *, suggestion: str | None = None, **words: object
    ) -> Diagnostic:
        """A fault at a span of a file or a path into a household."""
        span, path = (where, None) if isinstance(where, Span) else (None, where)
        return cls(code, words_of(words.items()), span, path, suggestion)

    @property
    def severity(self) -> Severity:
        """Whether it stops the work (`error`), or is only to be looked at (`warning`)."""
        return _messages()[self.code].severity

    def sentence(self, lang: Lang) -> str:
        """What is wrong, in one sentence."""
        message = _messages()[self.code]
        return self._filled(in_language(lang, message.zh, message.en), lang)

    def advice(self, lang: Lang) -> str:
        """What to do about it, in one sentence."""
        if self.suggestion is not None:
            hint = shown(self.suggestion)
            return in_language(lang, f"是否想写“{hint}”？", f'did you mean "{hint}"?')
        message = _messages()[self.code]
        return self._filled(in_language(lang, message.help_zh, message.help_en), lang)

    def _filled(self, template: str, lang: Lang) -> str:
        several = {name: (word,) if isinstance(word, str) else word for name, word in self.args}
        return template.format(**{name: _JOINTS[lang].join(map(shown, words)) for name, words in several.items()})

    @property
    def place(self) -> str:
        """`file:line:col`, or the path into the household."""
        return shown(self.path or "-") if self.span is None else place_of(self.span)

    def as_json(self) -> dict[str, object]:
        """The diagnostic as plain data, for `--format json`."""
        cause = {} if self.cause is None else {"cause": place_of(self.cause)}
        return cause | {
            "code": self.code,
            "severity": self.severity,
            "place": self.place,
            "zh": self.sentence("zh"),
            "en": self.sentence("en"),
            "help": {"zh": self.advice("zh"), "en": self.advice("en")},
        }


def in_language(lang: Lang, zh: str, en: str) -> str:
    """The text of one language. Raises UnknownNameError for another than these two."""
    if lang == "zh":
        return zh
    if lang == "en":
        return en
    from fupin_policy.diagnostics.languages import unknown_language

    raise unknown_language(lang)


def place_of(span: Span) -> str:
    """`file:line:col` of where a span begins."""
    position = locate(span.source, span.start)
    return f"{shown(span.source.path)}:{position.line}:{position.column}"


def words_of(args: Iterable[tuple[str, object]]) -> tuple[tuple[str, Word], ...]:
    """What was given for the holes of a sentence, as text."""
    return tuple((name, tuple(map(str, it)) if isinstance(it, list | tuple) else str(it)) for name, it in args)


@cache
def _messages() -> dict[str, Message]:
    return table()
