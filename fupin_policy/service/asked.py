"""The body of a question: its keys, each of its kind; all that is wrong with it is said at once.

In: bytes. Out: values by name, or InputError with every problem. Called by `answers` and `batches`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Unpack

from fupin_policy.diagnostics import InputError, Reporter
from fupin_policy.intake import ReadAs, parse_json
from fupin_policy.ruleset import Ruleset

BODY = "body"
"""Where the text of a body stands, for those who read what is wrong with it."""
HOW = ("assume", "continues", "previous")
"""The keys that say how a household is read."""


@dataclass(frozen=True, slots=True)
class AskedBody:
    """What was asked, key by key. Nothing is raised before `settle`."""

    given: Mapping[str, Any]
    reporter: Reporter = field(default_factory=Reporter)

    @classmethod
    def of(cls, raw: bytes, known: Collection[str]) -> AskedBody:
        """The body with these keys. Raises InputError where it is no JSON object."""
        reporter = Reporter()
        found = parse_json(raw, reporter, BODY)
        reporter.raise_errors(InputError)
        if not isinstance(found, Mapping):
            raise InputError.of("W002", BODY)
        asked = cls(found, reporter)
        for name in found:
            if name not in known:
                hint = reporter.suggest(name, known)
                reporter.report("W003", name[:40] or BODY, suggestion=hint, name=name[:40], known=list(known))
        return asked

    def text(self, name: str) -> str:
        """A text that must be given; where it is not, an empty one."""
        if self.given.get(name) is None:
            self.reporter.report("W004", name, name=name)
            return ""
        found: str = self._of_kind(name, str, "", "文字", "text")
        return found

    def truth(self, name: str, default: bool) -> bool:
        """True or false."""
        found: bool = self._of_kind(name, bool, default, "true 或 false", "true or false")
        return found

    def mapping(self, name: str) -> Mapping[str, Any] | None:
        """An object, or None where there is none."""
        found: Mapping[str, Any] | None = self._of_kind(name, dict, None, "一个对象", "an object")
        return found

    def household(self) -> Mapping[str, Any]:
        """The household, which must be given."""
        found = self.mapping("household")
        if self.given.get("household") is None:
            self.reporter.report("W004", "household", name="household")
        return {} if found is None else found

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts."""
        found: list[Any] = self._of_kind(name, list, [], "一列文字", "a list of texts")
        if not all(isinstance(one, str) for one in found):
            self.wrong(name, "一列文字", "a list of texts")
            return ()
        return tuple(found)

    def mappings(self, name: str) -> tuple[Mapping[str, Any], ...]:
        """A list of objects."""
        found: list[Any] = self._of_kind(name, list, [], "一列对象", "a list of objects")
        if not all(isinstance(one, Mapping) for one in found):
            self.wrong(name, "一列对象", "a list of objects")
            return ()
        return tuple(found)

    def settings(self, name: str) -> Mapping[str, str | int | Decimal]:
        """Values by the names of parameters."""
        found = self.mapping(name) or {}
        for key, value in found.items():
            if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
                self.wrong(f"{name}.{key[:40]}", "文字或数", "a text or a number")
        return found

    def how(self) -> ReadAs:
        """How the household is to be read."""
        return {
            "assume": self.truth("assume", True),
            "continues": self.truth("continues", False),
            "previous": self.mapping("previous"),
        }

    def wrong(self, name: str, zh: str, en: str) -> None:
        """Record that something is not of its kind."""
        self.reporter.report("W005", name, name=name, zh=zh, en=en)

    def settle(self, ruleset: Ruleset, household: Mapping[str, Any], as_of: str, **how: Unpack[ReadAs]) -> None:
        """Raise InputError with all that was found, and with what is wrong with the household and the date besides."""
        if not self.reporter.errors:
            return
        if isinstance(self.given.get("household"), Mapping) and as_of:
            try:
                ruleset.read(household, as_of, **how)
            except InputError as error:
                self.reporter.repeat(error.diagnostics)
        raise InputError(self.reporter.errors)

    def _of_kind(self, name: str, kind: type[Any], default: Any, zh: str, en: str) -> Any:
        found = self.given.get(name)
        if found is None:
            return default
        if not isinstance(found, kind):
            self.wrong(name, zh, en)
            return default
        return found
