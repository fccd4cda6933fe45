"""The facts of a ruleset as JSON Schema (2020-12): what a household may be given with.

In: a program. Out: schemas, with titles in Chinese and descriptions in English. Called by `openapi` and `application`.
Everything that the intake takes is valid; some that it refuses is valid too (a number's range in a text, what two facts
say of each other, checks of data): then the answer says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fupin_policy.core.days import to_date
from fupin_policy.core.declarations import FactDecl, ListDecl
from fupin_policy.core.expressions import Level
from fupin_policy.core.program import Program, unit_text
from fupin_policy.core.types import Code, Day, Number, Truth
from fupin_policy.intake.notation import AT_LEAST_WORDS, EACH_WORDS, LIMITS, NONE_WORDS, RESERVED, TRUTHS, UNKNOWN_WORDS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
JsonSchema = dict[str, Any]
_BLANK: JsonSchema = {"type": "string", "pattern": "^\\s*$"}
_NOTHING: list[JsonSchema] = [{"type": "null"}, _BLANK]
_UNKNOWN: JsonSchema = {"enum": sorted(UNKNOWN_WORDS), "description": "nobody knows it, and nothing is assumed"}
_DIGITS = "[-+.,/0-9年月日\\s０-９．，－＋／−]*"
_ID: JsonSchema = {
    "anyOf": [
        {"type": "string", "minLength": 1, "maxLength": LIMITS["id"]},
        {"type": "integer", "minimum": -(2 ** LIMITS["whole_bits"]), "maximum": 2 ** LIMITS["whole_bits"]},
    ]
}


def facts_schema(program: Program) -> JsonSchema:
    """One schema by itself, of a household."""
    parts = FactSchemas(program, "#/$defs/")
    return {
        "$schema": DIALECT,
        "$id": f"urn:fupin:{program.id}:{program.digest}",
        **parts.household(),
        "$defs": parts.definitions(),
    }


@dataclass(frozen=True, slots=True)
class FactSchemas:
    """The schemas of a program, which refer to each other under a `prefix`."""

    program: Program
    prefix: str

    def household(self) -> JsonSchema:
        """A household."""
        keys, program = _meanings("household"), self.program
        least, most = program.min_members, program.max_members
        properties = self._properties("household")
        properties |= dict.fromkeys((*keys["id"], *self._identifier("household")), _ID)
        members: JsonSchema = {"type": "array", "minItems": least, "maxItems": most, "items": self._ref("member")}
        properties |= {key: {"anyOf": [members, *(_NOTHING if not least else [])]} for key in keys["members"]}
        properties |= {key: {"anyOf": [self._ref("village"), *_NOTHING]} for key in keys["village"]}
        title = {"title": program.title.zh, "description": f"a household: {program.title.en}"}
        return {**title, "type": "object", "properties": properties, "additionalProperties": False}

    def definitions(self) -> dict[str, JsonSchema]:
        """What a household refers to, by name: its members, its village, each list's items, each fact."""
        member = self._properties("member")
        member |= dict.fromkeys((*_meanings("member")["id"], *self._identifier("member")), _ID)
        found = {
            "member": _object("成员", "a member", member),
            "village": _object("村", "the village, whose facts may stand here", self._properties("village")),
        }
        for one in self.program.lists:
            found[f"item.{one.name}"] = _object(one.label, f"one of {one.words.en}", self._properties(one.name))
            found[f"list.{one.name}"] = self._list(one)
        for fact in self.program.facts:
            if fact.ago == 0:
                found[_name(fact)] = self._fact(fact)
        return found

    def _ref(self, name: str) -> JsonSchema:
        return {"$ref": f"{self.prefix}{name}"}

    def _identifier(self, level: Level) -> Iterable[str]:
        return (self.program.identifiers[level],) if level in self.program.identifiers else ()

    def _properties(self, level: Level) -> dict[str, JsonSchema]:
        """By every name that a fact or a list may be given under."""
        facts = [one for one in self.program.facts if one.level == level and one.ago == 0]
        found = {key: self._ref(_name(fact)) for fact in facts for key in fact.called}
        lists = {key: self._ref(f"list.{one.name}") for one in self.program.lists_of(level) for key in one.keys}
        return found | lists

    def _list(self, declared: ListDecl) -> JsonSchema:
        items: JsonSchema = {"type": "array", "maxItems": declared.most, "items": self._ref(f"item.{declared.name}")}
        some = {"type": "object", "properties": dict.fromkeys(sorted(AT_LEAST_WORDS), items)}
        more = {**some, "maxProperties": 1, "additionalProperties": False, "description": "there may be more"}
        empty = {
            "type": "object",
            "maxProperties": 1,
            "properties": {word: {"type": "null"} for word in AT_LEAST_WORDS},
        }
        ways = [items, more, {**empty, "additionalProperties": False}, _UNKNOWN, *_NOTHING]
        return {"title": declared.label, "description": declared.words.en, "anyOf": ways}

    def _fact(self, fact: FactDecl) -> JsonSchema:
        """A fact by itself, or by month or year."""
        words = fact.words if fact.series is None else fact.series.words
        unit = self._unit(fact)
        note = [] if fact.note is None else [fact.note.en]
        said = "; ".join([words.en, *([unit] if unit else []), *note])
        title: JsonSchema = {"title": words.zh, "description": said}
        if fact.series is None:
            return {**title, "anyOf": [*self._ways(fact), *_NOTHING]}
        month = "^\\s*[0-9]{4}(-|年)[0-9]{1,2}月?\\s*$" if fact.series.each == "month" else "^\\s*[0-9]{4}年?\\s*$"
        value: JsonSchema = {"anyOf": [*self._ways(fact), *_NOTHING]}
        each = dict.fromkeys(sorted(EACH_WORDS), value)
        months = {"type": "object", "properties": each, "patternProperties": {month: value}}
        return {**title, "anyOf": [{**months, "additionalProperties": False}, _UNKNOWN, *_NOTHING]}

    def _unit(self, fact: FactDecl) -> str:
        if not isinstance(fact.type, Number):
            return ""
        many = {0: "", 4: "万", -2: "% of "}.get(fact.power, f"10^{fact.power} ")
        return many + unit_text(fact.type.unit, self.program.unit_labels, "zh")

    def _ways(self, fact: FactDecl) -> list[JsonSchema]:
        """Every way in which a value may be given."""
        if fact.kind == "text" or fact.type is None:
            return [{"type": ["string", "number", "boolean"]}]
        exact = self._exact(fact)
        if fact.kind == "codes":
            several = {"type": "array", "items": {"anyOf": exact}}
            return [*exact, several, {"type": "string"}, {"type": "object", "maxProperties": 0}]
        return [*exact, *self._partly(fact, exact), _UNKNOWN]

    def _partly(self, fact: FactDecl, exact: list[JsonSchema]) -> list[JsonSchema]:
        """What is known in part: between two ends, or one of several."""
        none: list[JsonSchema] = [{"type": "null"}, {"const": ""}]
        one: JsonSchema = {"type": "array", "minItems": 1, "items": {"anyOf": exact}}
        parts: dict[str, JsonSchema] = {"one_of": {"anyOf": [one, *none]}}
        if isinstance(fact.type, Number | Day):
            ends: JsonSchema = {"anyOf": [*exact, *none]}
            parts |= {"min": ends, "max": ends}
        else:
            parts |= {"min": {"anyOf": none}, "max": {"anyOf": none}}
        return [{"type": "object", "properties": parts, "additionalProperties": False}]

    def _exact(self, fact: FactDecl) -> list[JsonSchema]:
        """Every way in which it may be given exactly."""
        match fact.given_type:
            case Truth():
                words = "|".join("".join(f"[{c.upper()}{c}]" if c.isascii() else c for c in word) for word in TRUTHS)
                return [{"type": "boolean"}, {"type": "string", "pattern": f"^\\s*({words})\\s*$"}]
            case Number(_, scale, low, high):
                ends = [Decimal(end).scaleb(-scale) for end in (low, high)]
                # only here, and for readers of the schema alone, an end that is not whole is no text
                least, most = (int(end) if end == int(end) else float(end) for end in ends)
                kind = "integer" if scale <= 0 else "number"
                number: JsonSchema = {"type": kind, "minimum": least, "maximum": most}
                return [number, {"type": "string", "pattern": f"^{_DIGITS}[0-9０-９]{_DIGITS}$"}]
            case Day(low, high):
                said = (
                    f"{to_date(low).isoformat()} … {to_date(high).isoformat()}; the year, or year and month, alone too"
                )
                text: JsonSchema = {"type": "string", "pattern": f"^{_DIGITS}[0-9０-９]{_DIGITS}$", "description": said}
                whole_day: JsonSchema = {"type": "integer", "minimum": 1000, "maximum": 99991231}
                none: list[JsonSchema] = [{"enum": sorted(NONE_WORDS)}] if fact.given is not None else []
                return [text, whole_day, *none]
            case Code(name):
                codes = self.program.code_lists[name].codes
                words_of = dict.fromkeys(word for one in codes for word in (one.code, one.name, one.label))
                wholes = [
                    int(word) for word in words_of if word.isascii() and word.isdecimal() and str(int(word)) == word
                ]
                said = "; ".join(f"{one.code} {one.label} {one.words.en}" for one in codes)
                return [{"enum": [*words_of, *wholes], "description": said}]
            case _:
                return []


def _meanings(level: Level) -> dict[str, list[str]]:
    """By meaning (an id, members, a village) the words for it."""
    found: dict[str, list[str]] = {}
    for key, meaning in RESERVED[level].items():
        found.setdefault(meaning, []).append(key)
    return found


def _name(fact: FactDecl) -> str:
    return f"fact.{fact.name if fact.series is None else fact.series.name}"


def _object(zh: str, en: str, properties: dict[str, JsonSchema]) -> JsonSchema:
    return {
        "title": zh,
        "description": en,
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
