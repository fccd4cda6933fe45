"""What an assistant may read of rulesets, as resources: policies, clauses, facts, parameters.

In: rulesets, an address such as `fupin://anqiu/policies`. Out: what there is, and JSON. Called by `assistant`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.ruleset import Ruleset
from fupin_policy.service.catalogue import policies_data, ruleset_data
from fupin_policy.service.fact_schema import facts_schema
from fupin_policy.service.registers_data import clauses_data, named, parameters_data, sources_data
from fupin_policy.service.shelf import RulesetShelf

_SCHEME = "fupin://"
Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AssistantResource:
    """Something to read: its address, what it is called, what it holds."""

    address: str
    name: str
    words: Bilingual


@dataclass(frozen=True, slots=True)
class _Kind:
    """A part of every ruleset, whole, and if `one` is given each entry of it by its key."""

    name: str
    words: Bilingual
    whole: Callable[[Ruleset], Data]
    one: Callable[[Ruleset, str], Data | None] | None = None


def resources(shelf: RulesetShelf) -> Iterator[AssistantResource]:
    """All that may be read whole."""
    for name, one in shelf.served.items():
        title = one.ready.ruleset.program.title
        for kind in _KINDS:
            words = Bilingual(f"{title.zh}：{kind.words.zh}", f"{title.en}: {kind.words.en}")
            yield AssistantResource(f"{_SCHEME}{quote(name)}/{kind.name}", f"{name} {kind.name}", words)


def templates() -> Iterator[AssistantResource]:
    """What may be read of each ruleset one by one."""
    for kind in _KINDS:
        if kind.one is not None:
            address = f"{_SCHEME}{{ruleset}}/{kind.name}/{{key}}"
            yield AssistantResource(address, f"one of {kind.name}", kind.words)


def resource(shelf: RulesetShelf, address: str) -> Data | None:
    """What stands at an address; None where nothing does."""
    name, _, rest = address.removeprefix(_SCHEME).partition("/")
    part, _, key = rest.partition("/")
    served = shelf.served.get(unquote(name))
    kind = next((one for one in _KINDS if one.name == part), None)
    if not address.startswith(_SCHEME) or served is None or kind is None:
        return None
    ruleset = served.ready.ruleset
    if not key:
        return kind.whole(ruleset)
    return None if kind.one is None else kind.one(ruleset, unquote(key))


def _policy(ruleset: Ruleset, key: str) -> Data | None:
    found = policies_data(ruleset)
    policy = next((one for one in found["policies"] if one["id"] == key), None)
    return None if policy is None else {**found, "policies": [policy]}


def _clause(ruleset: Ruleset, key: str) -> Data | None:
    """By `document/clause`."""
    source, _, clause = key.partition("/")
    found = next((one for one in clauses_data(ruleset) if (one["source"], one["clause"]) == (source, clause)), None)
    return None if found is None else {"ruleset": named(ruleset), **found}


def _parameter(ruleset: Ruleset, key: str) -> Data | None:
    found = next((one for one in parameters_data(ruleset) if key in (one["name"], one["label"]["zh"])), None)
    return None if found is None else {"ruleset": named(ruleset), **found}


def _clauses(ruleset: Ruleset) -> Data:
    return {"ruleset": named(ruleset), "sources": sources_data(ruleset), "clauses": clauses_data(ruleset)}


def _parameters(ruleset: Ruleset) -> Data:
    return {"ruleset": named(ruleset), "parameters": parameters_data(ruleset)}


def _facts(ruleset: Ruleset) -> Data:
    return facts_schema(ruleset.program)


_KINDS = (
    _Kind("rules", Bilingual("规则集：施行期间、变动的日子", "the ruleset: days that it covers"), ruleset_data),
    _Kind("policies", Bilingual("政策、部门和依据", "policies, departments and sources"), policies_data, _policy),
    _Kind("clauses", Bilingual("来源文件的条款和落实", "clauses, and what rests on them"), _clauses, _clause),
    _Kind("facts", Bilingual("可以给出的事实（JSON Schema）", "the facts that may be given (JSON Schema)"), _facts),
    _Kind("parameters", Bilingual("参数历年的值和来源", "parameters over time with sources"), _parameters, _parameter),
)
