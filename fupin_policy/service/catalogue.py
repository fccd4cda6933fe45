"""What a ruleset has, for those who ask before they ask about a household: its policies, and what it covers.

In: a ruleset. Out: data for JSON. Called by `application`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fupin_policy.core.json_data import json_of
from fupin_policy.core.policies import Policy, PolicyVersion
from fupin_policy.core.registers import ClauseRef
from fupin_policy.ruleset import Ruleset


def ruleset_data(ruleset: Ruleset) -> dict[str, Any]:
    """What it is called, the days that it covers and on which something changes."""
    program = ruleset.program
    return {
        "id": ruleset.id,
        "digest": ruleset.digest,
        "title": program.title.as_json(),
        "covers": program.covers.as_json(),
        "changes": [day.isoformat() for day in ruleset.breakpoints],
        "policies": len(ruleset.policies),
        **({"trial": list(program.trial)} if program.trial else {}),
    }


def policies_data(ruleset: Ruleset) -> dict[str, Any]:
    """Every policy with its versions, and the documents and departments that these name."""
    versions = [version for policy in ruleset.policies for version in policy.versions]
    named = dict.fromkeys(one for version in versions for one in (*version.lead, *version.cooperating))
    sources = dict.fromkeys(ref.source for version in versions for ref in version.basis)
    return {
        "ruleset": {"id": ruleset.id, "digest": ruleset.digest},
        "policies": [_policy(policy) for policy in ruleset.policies],
        "departments": {one: _department(ruleset, one) for one in named if one in ruleset.departments},
        "sources": {one: _source(ruleset, one) for one in sources if one in ruleset.program.sources},
    }


def _policy(policy: Policy) -> dict[str, Any]:
    return {
        "id": policy.id,
        "title": policy.title.as_json(),
        "level": policy.level,
        "versions": [_version(version) for version in policy.versions],
    }


def _version(version: PolicyVersion) -> dict[str, Any]:
    return {
        **version.validity.as_json(),
        "benefit": {"kind": version.benefit.kind, "per": version.benefit.per},
        "force": version.force,
        "lead": list(version.lead),
        "cooperating": list(version.cooperating),
        "basis": _refs(version.basis),
        **({} if version.note is None else {"note": version.note.as_json()}),
    }


def _refs(basis: Iterable[ClauseRef]) -> list[dict[str, str]]:
    return [{"source": one.source, "clause": one.clause} for one in basis]


def _department(ruleset: Ruleset, name: str) -> list[dict[str, Any]]:
    """What it is called, over time."""
    names = ruleset.departments[name].names
    return [{**one.validity.as_json(), "name": one.name.as_json()} for one in names]


def _source(ruleset: Ruleset, name: str) -> dict[str, Any]:
    source = ruleset.program.sources[name]
    found: dict[str, Any] = {"title": source.title.as_json(), "number": source.number, "issued": json_of(source.issued)}
    return found
