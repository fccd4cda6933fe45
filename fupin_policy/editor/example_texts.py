"""An example as it is written beside a policy: where it goes, and its text.

In: a file with a policy; a household with what should come out. Out: a place, a text. Called by `example_fixes` and
`example_writer`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fupin_policy.analysis.example_search import FoundExample
from fupin_policy.documents.reader import YamlMapping, YamlScalar, YamlSequence
from fupin_policy.documents.words import CHOICES
from fupin_policy.editor.snapshot import EditorFile

_PLAIN = re.compile(r"[^\W\d_][\w·（）、]*|\d{4}-\d\d-\d\d")
"""Texts that need no quotes between the brackets of YAML."""
_MEANT_OTHERWISE = ("true", "false", "yes", "no", "on", "off", "null")
_CHINESE = {
    "examples": "例子",
    "name": "名称",
    "as_of": "基准日",
    "household": "一户",
    "expect": "应得结果",
    "status": "状态",
    "amount": "金额",
    "beneficiaries": "受益人",
}


@dataclass(frozen=True, slots=True)
class ExamplePlace:
    """Where in a file a further example of a policy goes.

    Its dash stands in a `column`, unless the list is written in brackets (None). `opens`: the policy has none yet.
    """

    offset: int
    column: int | None
    opens: bool
    chinese: bool
    """Whether the keys of the file are Chinese."""

    def text(self, name: str, found: FoundExample) -> str:
        """What is inserted there."""
        entries = list(_entries(name, found, self.chinese))
        if self.column is None:
            return f", {{{', '.join(f'{key}: {value}' for key, value in entries)}}}"
        indent = " " * self.column
        head = f"\n{indent[2:]}{self._key('examples')}:" if self.opens else ""
        lines = f"\n{indent}  ".join(f"{key}: {value}" for key, value in entries)
        return f"{head}\n{indent}- {lines}"

    def _key(self, name: str) -> str:
        return _CHINESE[name] if self.chinese else name


def example_place(file: EditorFile, policy: str) -> ExamplePlace | None:
    """Where an example of a policy goes; None where it is not in the file, or written in brackets as a whole."""
    policies = None if file.node is None else file.node.get("policies")
    listed = policies.items if isinstance(policies, YamlSequence) else ()
    entry = next((one for one in listed if isinstance(one, YamlMapping) and _named(one, policy)), None)
    if entry is None or file.inherited or file.text[entry.span.start : entry.span.start + 1] == "{":
        return None
    chinese, examples = _chinese(file.text), entry.get("examples")
    if not isinstance(examples, YamlSequence) or not examples.items:
        if examples is not None:
            return None  # an empty list in brackets
        return ExamplePlace(_end(file.text, entry.span.end), _column(file.text, entry.span.start) + 2, True, chinese)
    last = examples.items[-1].span
    if file.text[examples.span.start : examples.span.start + 1] == "[":
        return ExamplePlace(last.end, None, False, chinese)
    line = file.text[file.text.rfind("\n", 0, last.start) + 1 : last.start]
    return ExamplePlace(_end(file.text, last.end), line.rindex("-"), False, chinese) if "-" in line else None


def _named(entry: YamlMapping, policy: str) -> bool:
    given = entry.get("id")
    return isinstance(given, YamlScalar) and given.text.strip() == policy


def _chinese(text: str) -> bool:
    return re.search(r"^\ufeff?种类[ \t]*:", text, re.MULTILINE) is not None


def _column(text: str, offset: int) -> int:
    return offset - text.rfind("\n", 0, offset) - 1


def _end(text: str, end: int) -> int:
    """The end of what is written up to an offset, comments behind it on the same line included."""
    end = len(text[:end].rstrip())
    line = text[end:].partition("\n")[0]
    return end + len(line) if line.lstrip().startswith("#") else end


def _entries(name: str, found: FoundExample, chinese: bool) -> Iterator[tuple[str, str]]:
    said = {
        _CHINESE.get(key, key) if chinese else key: _expected(value, chinese) for key, value in found.expect.items()
    }
    plain = next(iter(said.values())) if len(said) == 1 else said
    entries = {"name": name, "as_of": found.as_of, "household": found.household, "expect": plain}
    yield from ((_CHINESE[key] if chinese else key, _written(value)) for key, value in entries.items())


def _expected(value: Any, chinese: bool) -> Any:
    return CHOICES[value][0] if chinese and isinstance(value, str) and value in CHOICES else value


def _written(value: Any) -> str:
    """A value in YAML, all in one line."""
    match value:
        case bool():
            return "是" if value else "否"
        case int():
            return str(value)
        case Mapping():
            return f"{{{', '.join(f'{_written(key)}: {_written(one)}' for key, one in value.items())}}}"
        case list():
            return f"[{', '.join(map(_written, value))}]"
        case _:
            plain = _PLAIN.fullmatch(str(value)) and str(value).lower() not in _MEANT_OTHERWISE
            return str(value) if plain else json.dumps(str(value), ensure_ascii=False)
