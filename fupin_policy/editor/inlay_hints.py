"""What a parameter comes to, shown behind its name where a rule uses it.

In: a snapshot, one of its files, a date. Out: places with short texts. Called by `showing_features`.
The value is that of the day, or of the nearest one on which the version with the rule is in force.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from fupin_policy.documents import model
from fupin_policy.documents.reader import YamlScalar
from fupin_policy.editor.hover import holds_on, value_text
from fupin_policy.editor.nodes import mapping_with
from fupin_policy.editor.snapshot import EditorFile, EditorSnapshot

_USE = re.compile(r"""(?:参数|parameter)\s*[.．]\s*("?)([^\W\d]\w*)\1""")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LONGEST = 24


@dataclass(frozen=True, slots=True)
class InlayText:
    """A text that is shown at an offset and does not stand in the file."""

    offset: int
    text: str


def inlay_hints(snapshot: EditorSnapshot, file: EditorFile, today: date) -> Iterator[InlayText]:
    """The values of the parameters that a file's rules use."""
    docs = {name.text: doc for doc in snapshot.documents.parameters for name in (doc.name, doc.label)}
    path = file.path.as_posix()
    ends = {end for where, _, end in snapshot.names if where == path}
    for found in _USE.finditer(file.text):
        doc = docs.get(found[2])
        if doc is not None and found.end() in ends:
            value = next((one for one in doc.values if holds_on(one, _day(file, found.start(), today))), None)
            if value is not None:
                shown = value_text(value, _unit(doc))
                yield InlayText(found.end(), f" = {shown if len(shown) <= _LONGEST else f'{shown[:_LONGEST]}…'}")


def _unit(doc: model.ParameterDoc) -> str:
    return "" if doc.unit is None else doc.unit.text


def _day(file: EditorFile, offset: int, today: date) -> date:
    """The day nearest to today on which the version around an offset is in force."""
    version = None if file.node is None else mapping_with(file.node, "valid", offset)
    valid = None if version is None else version.get("valid")
    if not isinstance(valid, YamlScalar):
        return today
    start, _, end = valid.text.partition("..")
    return max(_date(start, date.min), min(_date(end, date.max), today))


def _date(text: str, otherwise: date) -> date:
    found = _DAY.search(text)
    try:
        return otherwise if found is None else date.fromisoformat(found[0])
    except ValueError:
        return otherwise
