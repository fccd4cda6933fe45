"""What of a decision depends only on the date, as C tables: who is responsible, on which clause, for what period.

In: the manifest. Out: C text. Called by `library`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fupin_policy.c_library.spelling import array, flag, literal
from fupin_policy.c_library.tables import words_of


def rule_tables(manifest: Mapping[str, Any]) -> str:
    """Bodies with their places' offices, frames, and for each policy which frame holds from which day."""
    facts = {fact["name"]: index for index, fact in enumerate(manifest["facts"])}
    places = {name: f"offices_{index}" for index, name in enumerate(manifest["places"])}
    parts = [
        array(f"static const anqiu_words {places[name]}[]", map(words_of, offices))
        for name, offices in manifest["places"].items()
    ]
    parts.append(array("static const body bodies[]", (_body(one, facts, places) for one in manifest["bodies"])))
    rows = []
    for index, frame in enumerate(manifest["frames"]):
        parts += _obtain(index, frame)
        parts += [_numbers(f"lead_{index}", frame["lead"]), _numbers(f"joining_{index}", frame["cooperating"])]
        for at, one in enumerate(frame.get("answers", ())):
            parts.append(_numbers(f"answer_{index}_{at}", [*one["lead"], *one["cooperating"]]))
        if "answers" in frame:
            parts.append(array(f"static const answer answers_{index}[]", _answers(index, frame["answers"])))
        clauses = (f"{{{literal(ref['source'])}, {literal(ref['clause'])}}}" for ref in frame["basis"])
        parts.append(array(f"static const anqiu_clause basis_{index}[]", clauses))
        rows.append(_frame(index, frame))
    parts.append(array("static const frame frames[]", rows))
    parts.append(_since(manifest, facts))
    parts += [*_over_time("stretches", manifest["stretches"]), *_over_time("unstated", manifest["provisional"])]
    return "".join(parts)


def _since(manifest: Mapping[str, Any], facts: Mapping[str, int]) -> str:
    """For each policy the date that an earlier result tells since when it has applied, or -1."""
    inputs = {one["name"] for one in manifest["inputs"]}
    asked = {
        fact["previous"]: facts[fact["name"]]
        for fact in manifest["facts"]
        if "previous" in fact and fact["kind"] == "date" and inputs >= {fact["name"], fact.get("given")}
    }
    return _numbers("since", [asked.get(policy["policy"], -1) for policy in manifest["policies"]])


def _over_time(name: str, subjects: list[list[tuple[int, int]]]) -> Iterator[str]:
    """For each of some subjects what holds from which day on; the last day never comes."""
    for index, steps in enumerate(subjects):
        found = (f"{{{day}, {int(value)}}}" for day, value in steps)
        yield array(f"static const stretch {name}_{index}[]", (*found, "{INT32_MAX, 0}"))
    yield array(f"static const stretch *const {name}[]", [f"{name}_{at}" for at in range(len(subjects))] or ["NULL"])


def _body(body: Mapping[str, Any], facts: Mapping[str, int], places: Mapping[str, str]) -> str:
    place = body["place"]
    office = ("-1", "NULL") if place is None else (str(facts[place]), places[place])
    return f"{{{words_of(body)}, {', '.join(office)}}}"


def _numbers(name: str, numbers: list[int]) -> str:
    return f"static const int16_t {name}[] = {{{', '.join(map(str, numbers)) or '0'}}};\n"


def _obtain(index: int, frame: Mapping[str, Any]) -> Iterator[str]:
    """How it is obtained, where that is said."""
    if "obtain" in frame:
        found = frame["obtain"]
        documents = f"documents_{index}" if found["documents"] else "NULL"
        if found["documents"]:
            yield array(f"static const anqiu_document {documents}[]", map(_document, found["documents"]))
        where, days = (-1 if found[key] is None else found[key] for key in ("where", "days"))
        working = found.get("working_days", -1)
        phone = "NULL" if found["phone"] is None else literal(found["phone"])
        count = len(found["documents"])
        words = f"{literal(found['how'])}, {documents}, {count}, {where}, {days}, {working}, {phone}"
        yield f"static const obtaining obtain_{index} = {{{words}}};\n"


def _document(document: Mapping[str, Any]) -> str:
    return f"{{{words_of(document)}, {words_of(document.get('when'))}, {document.get('asked', -1)}}}"


def _answers(index: int, answers: Sequence[Mapping[str, list[int]]]) -> Iterator[str]:
    """Who may answer, where that is by condition."""
    for at, one in enumerate(answers):
        yield f"{{answer_{index}_{at}, {len(one['lead'])}, {len(one['cooperating'])}}}"


def _frame(index: int, frame: Mapping[str, Any]) -> str:
    counts = ", ".join(str(len(frame[part])) for part in ("lead", "cooperating", "basis"))
    provisional = f"{flag(frame['provisional_refusal'])}, {flag(frame['provisional'])}"
    answers = f"answers_{index}" if "answers" in frame else "NULL"
    starts = frame.get("starts", "same_day").upper()
    obtain = f"&obtain_{index}" if "obtain" in frame else "NULL"
    words = f"{literal(frame['per'] or '')}, {literal(frame.get('force', 'entitlement'))}"
    rest = f"{provisional}, {obtain}, {answers}, {starts}"
    return f"{{lead_{index}, joining_{index}, basis_{index}, {counts}, {words}, {rest}}}"
