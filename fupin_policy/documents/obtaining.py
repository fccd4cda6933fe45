"""How a benefit is obtained, as a version of a policy says it.

In: the version's entry. Out: an `ObtainDoc`. Called by `documents.model_builder`.
"""

from __future__ import annotations

import re
from typing import get_args

from fupin_policy.core.policies import Channel
from fupin_policy.documents import model
from fupin_policy.documents.entry_reader import EntryReader, MalformedEntry
from fupin_policy.documents.parts import BilingualDoc

_DAYS = re.compile(r"([1-9][0-9]{0,3}) ?(?:天|日|days?)")
"""The schema has the same pattern."""


def obtained(version: EntryReader) -> model.ObtainDoc | None:
    """How it is obtained, where the version says so. Raises MalformedEntry for what the schema has reported."""
    node = version.node.get("obtain")
    if node is None:
        return None
    entry = version.of(node)
    return model.ObtainDoc(
        entry.one_of("how", get_args(Channel)),
        entry.maybe("where"),
        entry.each("documents", _document),
        _days(entry.plain("within")),
        entry.plain("phone"),
    )


def _document(entry: EntryReader) -> BilingualDoc:
    return BilingualDoc(entry.text("zh").text, entry.text("en").text, entry.text("zh").span)


def _days(text: str | None) -> int | None:
    if text is None:
        return None
    found = _DAYS.fullmatch(text)
    if found is None:
        raise MalformedEntry
    return int(found[1])
