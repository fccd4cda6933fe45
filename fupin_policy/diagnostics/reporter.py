"""The errors that carry diagnostics, and what collects them while a stage goes on.

In: message codes with spans or paths. Out: diagnostics, sorted, each once. Called by every room.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Self, TypeVar

from fupin_policy.diagnostics.diagnostic import Diagnostic
from fupin_policy.diagnostics.positions import Span, line_of
from fupin_policy.diagnostics.renderer import render
from fupin_policy.diagnostics.suggestions import MAX_COMPARED, suggest

T = TypeVar("T")


class FupinError(Exception):
    """Something given to the library is wrong; `diagnostics` says what and where."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__(self.diagnostics)

    @classmethod
    def of(cls, code: str, where: Span | str | None, /, *, suggestion: str | None = None, **words: object) -> Self:
        """One fault that ends the work at once, as `Reporter.report` takes it."""
        return cls([Diagnostic.of(code, where, suggestion=suggestion, **words)])

    def __str__(self) -> str:
        return "\n".join(render(d) for d in self.diagnostics)


class RulesetError(FupinError):
    """A ruleset has errors."""


class InputError(FupinError):
    """A household, or a question about one, has errors."""


class UnknownNameError(InputError, KeyError):
    """Something is asked for by a name that nothing has; the diagnostic says which was perhaps meant.

    It is a `KeyError`, too, as a lookup in a mapping raises it.
    """

    @classmethod
    def among(cls, code: str, where: str, name: object, known: Iterable[str], /, **words: object) -> Self:
        """The error for a name, with the nearest of those that are known."""
        return cls.of(code, where, suggestion=suggest(str(name), known), name=name, **words)


class Reporter:
    """Collects diagnostics while a stage goes on; the same fault at the same place is kept once."""

    def __init__(self) -> None:
        self._found: dict[Diagnostic, None] = {}
        self._compared = 0
        self._blamed: dict[str, Span] = {}

    def blame(self, words: Iterable[str], cause: Span) -> None:
        """From now on, what is wrong about one of these words elsewhere has its cause there."""
        self._blamed.update(dict.fromkeys(words, cause))

    def _cause(self, span: Span | None, said: Iterable[object]) -> Span | None:
        """The change that a fault comes from: of a name in its sentence, else in the line at which it stands."""
        if not self._blamed or span is None:
            return None
        found = next((self._blamed[word] for word in map(str, said) if word in self._blamed), None)
        if found is None:
            line = line_of(span)
            named = [word for word in self._blamed if word in line]
            found = self._blamed[max(named, key=len)] if named else None
        return None if found is None or found.source == span.source else found

    def suggest(self, word: str, known: Iterable[str]) -> str | None:
        """What `suggest` finds, until that has taken long: of thousands of mistakes the first ones have one."""
        if self._compared >= MAX_COMPARED:
            return None
        words = list(known)
        self._compared += len(words)
        return suggest(word, words)

    def report(self, code: str, where: Span | str | None, /, *, suggestion: str | None = None, **words: object) -> None:
        """Record one fault. `where` is a span of a file or a path into a household."""
        found = Diagnostic.of(code, where, suggestion=suggestion, **words)
        self._found.setdefault(replace(found, cause=self._cause(found.span, words.values())))

    def repeat(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Record again what another reporter has found."""
        for one in diagnostics:
            self._found.setdefault(replace(one, cause=one.cause or self._cause(one.span, dict(one.args).values())))

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
        if self._found and self.errors:
            raise kind(self.errors)

    def result(self, made: T | None, kind: type[FupinError] = RulesetError) -> T:
        """What a stage has made. Raises `kind` with every error found; without one, something was made."""
        self.raise_errors(kind)
        if made is None:
            raise AssertionError("nothing was made, and no error reported")
        return made


def _order(diagnostic: Diagnostic) -> tuple[str, int, str, str]:
    if diagnostic.span is None:
        return ("", 0, diagnostic.path or "", diagnostic.code)
    return (diagnostic.span.source.path, diagnostic.span.start, "", diagnostic.code)
