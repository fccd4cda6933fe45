"""The rulesets that a service answers by, each from a folder; a changed folder is taken only where it checks.

In: folders. Out: rulesets by name, and what is wrong with newer files. Called by `application`.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from fupin_policy.diagnostics import Diagnostic, FupinError, InputError, RulesetError
from fupin_policy.documents.file_state import FileState, file_state
from fupin_policy.ruleset import Ruleset, load
from fupin_policy.service.catalogue import policies_data
from fupin_policy.service.fact_schema import facts_schema
from fupin_policy.service.refusals import json_bytes

MOST_TRIALS = 8
"""How many rulesets with other values are kept ready, of each ruleset."""


class ReadyRuleset:
    """A ruleset with what is made of it once. Safe to share between threads."""

    def __init__(self, ruleset: Ruleset) -> None:
        self.ruleset = ruleset
        self._trials: OrderedDict[str, Ruleset] = OrderedDict()
        self._lock = threading.Lock()

    @cached_property
    def facts(self) -> bytes:
        """The facts as JSON Schema."""
        return json_bytes(facts_schema(self.ruleset.program))

    @cached_property
    def policies(self) -> bytes:
        """The policies."""
        return json_bytes(policies_data(self.ruleset))

    def with_settings(self, settings: Mapping[str, Any], open_readings: Sequence[str]) -> Ruleset:
        """The same rules with values that are tried; those asked for last are kept. Raises RulesetError."""
        key = repr((sorted((name, str(value)) for name, value in settings.items()), sorted(open_readings)))
        # one at a time: each takes long, and the next may ask for the same
        with self._lock:
            found = self._trials.pop(key, None) or self.ruleset.with_values(settings, open_readings)
            self._trials[key] = found
            while len(self._trials) > MOST_TRIALS:
                self._trials.popitem(last=False)
            return found


@dataclass(frozen=True, slots=True)
class ServedRuleset:
    """A folder with the rules that decide, the state of its files when they were read last, and what is wrong there."""

    folder: Path
    ready: ReadyRuleset
    state: FileState
    problems: tuple[Diagnostic, ...] = ()


@dataclass(slots=True)
class RulesetShelf:
    """Rulesets by name. One thread refreshes; others read what there is at the moment."""

    settings: tuple[str, ...] = ()
    served: dict[str, ServedRuleset] = field(default_factory=dict)

    @classmethod
    def of(cls, folders: Sequence[Path], settings: Sequence[str] = ()) -> RulesetShelf:
        """The rulesets of folders. Raises RulesetError, and InputError where two have one name."""
        shelf = cls(tuple(settings))
        for folder in folders:
            state = file_state(folder)
            ruleset = load(folder, settings=shelf.settings)
            if ruleset.id in shelf.served:
                raise InputError.of("W021", str(folder), name=ruleset.id)
            shelf.served[ruleset.id] = ServedRuleset(folder, ReadyRuleset(ruleset), state)
        return shelf

    @property
    def digests(self) -> dict[str, str]:
        """The digest of each ruleset that decides."""
        return {name: one.ready.ruleset.digest for name, one in self.served.items()}

    @property
    def stale(self) -> list[str]:
        """The names of those whose newer files do not check."""
        return [name for name, one in self.served.items() if one.problems]

    def refresh(self, whatever: bool = False) -> list[tuple[str, bool, tuple[Diagnostic, ...]]]:
        """Look whether files have changed, or read all anew; what checks is taken.

        Out: of each that was read its name, whether other rules decide now, and what is wrong.
        """
        found = []
        for name, one in list(self.served.items()):
            # before they are read, so that what changes meanwhile is seen the next time
            state = file_state(one.folder)
            if state == one.state and not whatever:
                continue
            self.served[name], taken = self._renewed(name, one, state)
            found.append((name, taken, self.served[name].problems))
        return found

    def _renewed(self, name: str, one: ServedRuleset, state: FileState) -> tuple[ServedRuleset, bool]:
        try:
            ruleset = load(one.folder, settings=self.settings)
            if ruleset.id != name:
                raise RulesetError.of("W022", str(one.folder), old=name, new=ruleset.id)
        except FupinError as error:
            return replace(one, state=state, problems=error.diagnostics), False
        if ruleset.digest == one.ready.ruleset.digest:
            return replace(one, state=state, problems=()), False
        return ServedRuleset(one.folder, ReadyRuleset(ruleset), state), True
