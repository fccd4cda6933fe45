"""A ruleset to begin with: the files of a new folder, with one policy and its examples.

In: what a county is called, its first document and policy. Out: texts by path. Called by `cli.new_ruleset`.
The texts are `templates/`; what is filled in is quoted as YAML and JSON do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from fupin_policy.diagnostics import InputError
from fupin_policy.files.shipped import shipped

RULES = "规则"
"""The folder of the rules in a new folder."""
SCHEMAS = "schemas"
_AMOUNT = re.compile(r"[0-9]{1,7}(\.[0-9]{1,2})?")
_HOLE = re.compile(r"\{\{(\w+)\}\}")
_MODELINE = "# yaml-language-server: $schema="
_AGE, _YEARS = 80, 9


@dataclass(frozen=True, slots=True)
class NewRuleset:
    """What a new ruleset is made of; the amount is in yuan a month, the rules hold from the beginning of `year`."""

    county: str
    document: str
    policy: str
    amount: str
    department: str
    year: int

    def texts(self) -> Mapping[str, str]:
        """What stands in each file, by its path. Raises InputError where the amount is none or a name is empty."""
        if not _AMOUNT.fullmatch(self.amount):
            raise InputError.of("B281", "--amount", amount=self.amount)
        named = {name: getattr(self, name) for name in ("county", "document", "policy", "department")}
        for name, text in named.items():
            if not text.strip():
                raise InputError.of("B282", f"--{name}")
        whole, _, part = self.amount.partition(".")
        words = {name: json.dumps(text, ensure_ascii=False) for name, text in named.items()}
        words |= {"amount": f"{int(whole)}.{part:0<2}", "year": str(self.year)}
        words |= {"last": str(self.year + _YEARS), "born": str(self.year - _AGE)}
        templates = files("fupin_policy.documents") / "templates"
        return {
            path: _with_modeline(path, _HOLE.sub(lambda hole: words[hole[1]], text)) for path, text in _in(templates)
        }


def lesson_texts() -> Mapping[str, str]:
    """The files of the lesson's ruleset and its household, as `NewRuleset.texts` gives those of a new one."""
    lesson = {f"{RULES}/{one.name}": one for one in sorted(shipped("docs/examples/lesson").iterdir())}
    found = {path: file.read_text(encoding="utf-8") for path, file in lesson.items()}
    rules = {path: _with_modeline(path, text.partition("\n")[2]) for path, text in found.items()}
    return rules | {"一户.json": shipped("docs/examples/household.json").read_text(encoding="utf-8")}


def _in(folder: Traversable, path: str = "") -> Iterator[tuple[str, str]]:
    for one in sorted(folder.iterdir(), key=lambda each: each.name):
        if one.is_dir():
            yield from _in(one, f"{path}{one.name}/")
        else:
            yield f"{path}{one.name}", one.read_text(encoding="utf-8")


def _with_modeline(path: str, text: str) -> str:
    """A text with the line by which an editor finds the schema of its kind, in a folder beside its own."""
    if not path.endswith(".yaml"):
        return text
    kind = text.partition("\n")[0].removeprefix("kind: ")
    return f"{_MODELINE}../{SCHEMAS}/{kind}.json\n{text}"
