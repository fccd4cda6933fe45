"""A parameter that a decision rests on, with the value that it had, since when and by what standing.

In: nothing. Out: data, its JSON and a line of text. Made by `parameter_uses`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from fupin_policy.core.bilingual import Bilingual, pick, plain
from fupin_policy.core.declarations import Standing
from fupin_policy.core.json_data import json_parts
from fupin_policy.diagnostics import Lang
from fupin_policy.prose.wording import COLON, COMMA, NO_OPTION, NO_VALUE, in_brackets

STANDINGS = {
    "enacted": Bilingual("文件规定", "enacted"),
    "reported": Bilingual("据报道", "reported"),
    "example": Bilingual("示例数值", "example figure"),
}


TAKEN = {
    "enacted": Bilingual("采用的读法", "the reading that is taken"),
    "example": Bilingual("试用的读法", "a reading that is tried"),
    None: NO_OPTION,
}


@dataclass(frozen=True, slots=True)
class ParameterUse:
    """A parameter that the decision rests on. Without a value on the date, `standing` and `since` are None.

    `reading`: it is a reading of the law, whose `source` is the clause that can be read in several ways. `as_of`: it is
    read as it stood on that day.
    """

    name: str
    label: str
    value: Bilingual
    standing: Standing | None
    source: str
    since: date | None
    english: str = ""
    reading: bool = False
    as_of: date | None = None
    number: str = ""
    """The source and clause as people cite it, in Chinese, where the source has a number."""

    @property
    def standing_words(self) -> Bilingual:
        """What the value rests on, in words; or that there is none."""
        known = NO_VALUE if self.standing is None else STANDINGS[self.standing]
        return TAKEN.get(self.standing, known) if self.reading else known

    def as_json(self) -> dict[str, Any]:
        """The use as plain data."""
        further = [name for name in ("reading", "as_of") if getattr(self, name)]
        return json_parts(self, "name", "label", "value", "standing", "source", "since", *further)

    def dates(self, lang: Lang) -> list[str]:
        """As of which day it is read, if as of another than the day asked about; since when the value holds."""
        said = [] if self.as_of is None else [Bilingual(f"截至 {self.as_of}", f"as of {self.as_of}")]
        if self.since not in (None, date.min):
            said.append(Bilingual(f"{self.since} 起", f"from {self.since}"))
        return [pick(one, lang) for one in said]

    def under(self, lang: Lang) -> list[str]:
        """What stands under its value in a line of figures."""
        return [*self.dates(lang), *([] if self.standing == "enacted" else [pick(self.standing_words, lang)])]

    def line(self, lang: Lang) -> str:
        """`高龄津贴_60至79岁：80.00 元（2019-01-01 起，示例数值，example-figures）`."""
        return f"{self.called(lang)}{COLON[lang]}{pick(self.value, lang)}" + in_brackets(self.remark(lang), lang)

    def called(self, lang: Lang) -> str:
        """What the parameter is called."""
        return plain(self.label if lang == "zh" else self.english or self.name)

    def remark(self, lang: Lang) -> str:
        """What stands beside its value: since when it holds, what it rests on, on which clause."""
        source = self.number if self.number and lang == "zh" else self.source
        said = (*self.dates(lang), pick(self.standing_words, lang), source)
        return COMMA[lang].join(part for part in said if part)
