"""Parameters' values that somebody tries: on every day they stand in place of those of the files.

In: what was asked for, as `参数.X=150`, or `参数.X[东河镇]=150` for a key or a bracket. Out: the parameters with these
values, or diagnostics at it. Called by `documents` and `ruleset`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from fupin_policy.core.declarations import READING, reading_named
from fupin_policy.diagnostics import Reporter, Source, Span
from fupin_policy.documents.model import ParameterDoc
from fupin_policy.documents.parts import Dates, KeyedDoc, TextDoc, ValueDoc

_WHERE = "--set"
_FORM = re.compile(
    r"\s*(?:(?:参数|parameter)\.)?(?P<name>[^=\[［]*[^=\[［\s])\s*(?:[\[［](?P<key>[^=]*[^=\s][^=]*)[\]］]\s*)?=\s*"
    r"(?P<value>.*\S)\s*",
    re.DOTALL,
)
_PART = re.compile("[^,，]+")
_AMOUNT = re.compile(r"([+-]?[\d.,]*)(.*)")
ALL = ("all", "全部")
"""How all readings are named at once."""


def tried(settings: Iterable[str], values: Mapping[str, object], open_readings: Iterable[str]) -> tuple[str, ...]:
    """All that is asked for; a decimal is written without an exponent, as in files."""
    said = {name: format(one, "f") if isinstance(one, Decimal) else one for name, one in values.items()}
    return (*settings, *(f"{name}={one}" for name, one in said.items()), *map(opened, open_readings))


def opened(reading: str) -> str:
    """The setting by which a reading, or by a word of `ALL` each of them, is left open."""
    head, name = READING.zh, reading.strip()
    for word in READING.both:
        name = name.removeprefix(f"{word}.")
    return f"{head}=未知" if name in ALL else f"{head}.{name}=未知"


def with_settings(
    parameters: tuple[ParameterDoc, ...], settings: Sequence[str], reporter: Reporter
) -> tuple[ParameterDoc, ...]:
    """The parameters, with the values that are tried."""
    found = {doc.name.text: doc for doc in parameters}
    names = {word: doc.name.text for doc in parameters for word in _names(doc)}
    for asked in settings:
        source = Source(_WHERE, asked)
        setting = _setting(source)
        if setting is None or (setting.key and setting.name.text in READING.both):
            reporter.report("N132", Span(source, 0, len(asked)), value=asked)
        elif setting.name.text in READING.both:
            found |= {doc.name.text: replace(doc, values=(setting.always,)) for doc in parameters if doc.reading}
        elif setting.name.text in names:
            one = names[setting.name.text]
            found[one] = _tried(found[one], setting, reporter)
        else:
            name = setting.name.text
            reading = reading_named(name)
            code, said = ("N103", name) if reading is None else ("N185", reading)
            hint = _as_reading(name, names) or reporter.suggest(name, names)
            reporter.report(code, setting.name.span, suggestion=hint, name=said)
    return tuple(found.values())


def _as_reading(name: str, names: Iterable[str]) -> str | None:
    """The reading that is meant where the word before its name is left out."""
    meant = [f"{word}.{name}" for word in READING.both]
    return next((one for one in names if one in meant), None)


@dataclass(frozen=True, slots=True)
class _Setting:
    """What is asked for: a parameter, for some of its keys or one of its brackets where `key` says so, and a value."""

    name: TextDoc
    key: TextDoc | None
    value: TextDoc

    @property
    def always(self) -> ValueDoc:
        """The value on every day."""
        return ValueDoc(Dates(None, None, self.name.span), (), self.value, "example", None, None)


def _setting(source: Source) -> _Setting | None:
    """What a text asks for, if it is `参数.X=150`, or `参数.X[…]=150` for a key or a bracket."""
    written = _FORM.fullmatch(source.text)
    if written is None:
        return None
    name, key, value = (
        None if written[part] is None else TextDoc(written[part], Span(source, *written.span(part)))
        for part in ("name", "key", "value")
    )
    return None if name is None or value is None else _Setting(name, key, value)


def _tried(doc: ParameterDoc, setting: _Setting, reporter: Reporter) -> ParameterDoc:
    """A parameter with a value that is tried: for everything, or above all others for some keys or in one bracket."""
    key, value = setting.key, setting.value
    if key is None:
        return replace(doc, values=(setting.always,))
    if doc.by:
        cells = tuple((TextDoc(part[0].strip(), _within(key.span, part)),) for part in _PART.finditer(key.text))
        layer = max((one.layer for one in doc.values), default=0) + 1
        tried = replace(setting.always, rows=(KeyedDoc(cells, value),), otherwise=None, layer=layer)
        return replace(doc, values=(*doc.values, tried))
    brackets = {_bracket(row): None for one in doc.values for row in one.rows if doc.type == "scale"}
    wanted = [one for one in brackets if _same_bracket(one, key.text)]
    if not brackets:
        reporter.report("N193", key.span, name=doc.label.text, key=key.text)
    elif not wanted:
        hint = reporter.suggest(key.text, brackets)
        reporter.report("N192", key.span, suggestion=hint, name=doc.label.text, key=key.text, known=[*brackets])
    return replace(doc, values=tuple(_with_rate(one, wanted, value) for one in doc.values))


def _with_rate(dated: ValueDoc, brackets: Sequence[str], rate: TextDoc) -> ValueDoc:
    """A scale's dated value with another rate in a bracket that is written so, if it has it."""
    rows = tuple(replace(row, value=rate) if _bracket(row) in brackets else row for row in dated.rows)
    return dated if rows == dated.rows else replace(dated, rows=rows, status="example")


def _bracket(row: KeyedDoc) -> str:
    return row.cells[0][0].text if row.cells and row.cells[0] else ""


def _same_bracket(written: str, asked: str) -> bool:
    """Whether two texts are of one bracket: `3000元..<8000元` may be asked for as `3000..8000`."""
    ends = zip(_ends(written), _ends(asked), strict=False)
    return written.count("..") == asked.count("..") and all(
        amount == wanted and (unit == said or (amount != "" and said == "")) for (amount, unit), (wanted, said) in ends
    )


def _ends(bracket: str) -> list[tuple[str, str]]:
    """For each end of a bracket its number and what follows it."""
    texts = (end.strip().removeprefix("<").replace(" ", "") for end in bracket.split(".."))
    split = (_AMOUNT.fullmatch(end) for end in texts)
    return [("", "") if one is None else (one[1].replace(",", ""), one[2]) for one in split]


def _within(span: Span, part: re.Match[str]) -> Span:
    """Where a part of a text stands, without blanks around it."""
    start = span.start + part.start() + len(part[0]) - len(part[0].lstrip())
    return Span(span.source, start, start + len(part[0].strip()))


def _names(doc: ParameterDoc) -> tuple[str, ...]:
    """What a parameter is called; a reading by its label or its id, in either language's form."""
    written = (doc.label.text, doc.name.text)
    if not doc.reading:
        return written
    return tuple(f"{head}.{reading_named(one)}" for head in READING.both for one in written)
