"""Answers as an assistant reads them aloud: lines in Chinese, then in English, made of the answer's data alone.

In: what `answers` has answered. Out: text. Called by `assistant_questions`.
Every amount, department and clause is taken from the answer as it stands there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fupin_policy.core.benefits import PER
from fupin_policy.core.bilingual import pick
from fupin_policy.core.decision import Status
from fupin_policy.core.program import Program
from fupin_policy.core.registers import ClauseRef
from fupin_policy.diagnostics import Lang
from fupin_policy.prose.amounts import money_name
from fupin_policy.prose.references import references_text

Found = Mapping[str, Any]
AnswerLines = Callable[["AnswerWords", Found], Iterator[str]]


def in_both(lines: AnswerLines, found: Found, program: Program) -> dict[str, str]:
    """An answer's lines in each language."""
    langs: tuple[Lang, ...] = ("zh", "en")
    return {lang: "\n".join(lines(AnswerWords(program, lang), found)) for lang in langs}


@dataclass(frozen=True, slots=True)
class AnswerWords:
    """The words of answers by one program in one language."""

    program: Program
    lang: Lang

    def said(self, zh: str, en: str) -> str:
        """One of two."""
        return zh if self.lang == "zh" else en

    def told(self, words: Mapping[str, str]) -> str:
        """Words that stand in an answer in both languages."""
        return words[self.lang]

    def head(self, found: Found) -> Iterator[str]:
        """By which rules and on which day; and that values were only tried, if so."""
        rules, day = found["ruleset"], found.get("as_of", "")
        yield self.said("规则集", "rules") + f" {rules['id']} {rules['digest']}" + (f"  {day}" if day else "")
        if trial := found.get("trial"):
            yield self.said("只是试算：", "only tried: ") + "; ".join(trial)

    def decisions(self, found: Found) -> Iterator[str]:
        """Each decision in a line, with what is below it; those that do not apply in one line together."""
        applies = [one for one in found["decisions"] if one["status"] != Status.INELIGIBLE.value]
        for one in applies:
            yield from self.decision(one)
        if not applies:
            yield self.said("没有符合或待定的政策", "no policy applies or is open")
        refused = [self.title(one) for one in found["decisions"] if one["status"] == Status.INELIGIBLE.value]
        if refused:
            yield self.said("不符合：", "not eligible: ") + self.listed(refused)

    def title(self, decision: Found) -> str:
        """A policy's title and id."""
        return f"{self.told(decision['title'])} [{decision['policy']}]"

    def decision(self, found: Found) -> Iterator[str]:
        """How it came out, how much, who answers, on which clauses, what is missing, assumed, or provisional."""
        status = pick(Status(found["status"]).words, self.lang)
        amount = "" if found["amount"] is None else self.said("：", ": ") + self.amount(found["amount"])
        mark = self.said("（暂定）", " (provisional)") if found["provisional"] else ""
        yield f"- {status} {self.title(found)}{amount}{mark}"
        yield from (f"  {line}" for line in self._below(found))

    def _below(self, found: Found) -> Iterator[str]:
        bodies = found["departments"]
        names = {
            self.said("给", "for"): found["beneficiaries"],
            self.said("可能给", "perhaps for"): found["possible_beneficiaries"],
            self.said("牵头", "lead"): [self.told(one) for one in bodies.get("lead", ())],
            self.said("可能牵头", "perhaps lead"): [self.told(one) for one in bodies.get("possible_lead", ())],
            self.said("配合", "cooperating"): [self.told(one) for one in bodies.get("cooperating", ())],
            self.said("可能配合", "perhaps cooperating"): [
                self.told(one) for one in bodies.get("possible_cooperating", ())
            ],
            self.said("依据", "basis"): [self.clauses(found["basis"])] if found["basis"] else [],
            self.said("还缺", "missing"): [self._fact(one) for one in found["missing"]],
            self.said("没有给出、先当作", "not given, assumed"): [
                f"{self._fact(one)} = {self.told(one['value'])}" for one in found["assumed"]
            ],
        }
        for name, some in names.items():
            if some:
                yield name + self.said("：", ": ") + self.listed(some)
        if found["provisional"]:
            yield self.said("所用的数值有的没有文件规定", "some figures behind it are not enacted")

    def amount(self, amount: Found) -> str:
        """`每月 200.00–280.00 元`."""
        ends = amount["min"] if amount["value"] is not None else f"{amount['min']}–{amount['max']}"
        period = pick(PER[amount["per"]], self.lang)
        money = f"{ends} {money_name(self.program, self.lang)}"
        return f"{period} {money}" if self.lang == "zh" else f"{money} {period}"

    def clauses(self, basis: Sequence[Found]) -> str:
        """Clauses as people cite them."""
        refs = [ClauseRef(one["source"], one["clause"]) for one in basis]
        return references_text(refs, self.program.sources, self.lang)

    def listed(self, texts: Sequence[str]) -> str:
        """Texts in a row."""
        return self.said("、", ", ").join(texts)

    def _fact(self, fact: Found) -> str:
        name = fact["label"] if self.lang == "zh" else fact["fact"].replace("_", " ")
        return f"{fact['member']}.{name}" if "member" in fact else name


def evaluation_lines(words: AnswerWords, found: Found) -> Iterator[str]:
    """What `evaluate` answers."""
    yield from words.head(found)
    yield from words.decisions(found)


def explanation_lines(words: AnswerWords, found: Found) -> Iterator[str]:
    """What `explain` answers: the explanations as they are told everywhere."""
    yield from words.head(found)
    for one in (*found["explanations"], *found["figures"]):
        yield words.told(one["text"])


def interview_lines(words: AnswerWords, found: Found) -> Iterator[str]:
    """What `ask_next` answers: the questions, the best first, and what is sure already."""
    yield from words.head(found)
    left = found["left"]
    if not found["questions"]:
        yield words.said("没有要问的了", "nothing is left to ask")
    else:
        yield words.said(f"还要问 {left['min']} 到 {left['max']} 个：", f"{left['min']} to {left['max']} left to ask:")
    for one in found["questions"]:
        whose = "" if one["member"] is None else f" ({one['member']})"
        yield f"- {words.told(one['text'])} [{one['question']}{whose}]"
    yield from words.decisions(found["evaluation"])


def timeline_lines(words: AnswerWords, found: Found) -> Iterator[str]:
    """What `timeline` answers: the decisions on the first day, and every change on its day."""
    yield from words.head(found)
    for one in found["stretches"][:1]:
        yield f"{one['from']}:"
        yield from words.decisions(one)
    if not found["changes"]:
        yield words.said("其间没有变动", "nothing changes meanwhile")
    for one in found["changes"]:
        before, after = (pick(Status(one[when]["status"]).words, words.lang) for when in ("before", "after"))
        amounts = [words.amount(one[when]["amount"]) for when in ("before", "after") if one[when]["amount"]]
        yield f"{one['on']} {words.title(one['after'])}: {before} → {after} {' → '.join(amounts)}".rstrip()


def comparison_lines(words: AnswerWords, found: Found) -> Iterator[str]:
    """What `compare` answers: the decisions that differ, before and after."""
    yield from words.head(found["after"])
    if not found["changes"]:
        yield words.said("没有一项决定不同", "no decision differs")
    for one in found["changes"]:
        yield words.said("原来：", "before:")
        yield from words.decision(one["before"])
        yield words.said("试算：", "tried:")
        yield from words.decision(one["after"])


def policy_lines(words: AnswerWords, found: Found) -> Iterator[str]:
    """What `list_policies` answers: a line for each policy, and its versions below."""
    yield from _counted(words, found, "policies")
    for one in found["policies"]:
        yield f"- {words.told(one['title'])} [{one['id']}]"
        for version in one["versions"]:
            lead = words.listed([_body(words, found["departments"], body) for body in version["lead"]])
            basis = words.clauses(version["basis"])
            yield f"  {_days(version)}  {lead}  {basis}".rstrip()


def fact_lines(words: AnswerWords, found: Found) -> Iterator[str]:
    """What `list_facts` answers: a line for each fact."""
    yield from _counted(words, found, "facts")
    for one in found["facts"]:
        unit = [words.told(one["unit"])] if one.get("unit") and words.told(one["unit"]) else []
        choices = [words.listed([words.told(code) for code in one["choices"]])] if "choices" in one else []
        yield f"- {words.told(one['label'])} [{one['name']}]  {'  '.join([one['level'], one['kind'], *unit, *choices])}"


def parameter_lines(words: AnswerWords, found: Found) -> Iterator[str]:
    """What `list_parameters` answers: each with its values over time; what no document states is marked."""
    yield from _counted(words, found, "parameters")
    for one in found["parameters"]:
        yield f"- {words.told(one['label'])} [{one['name']}]"
        for value in one["values"]:
            shown = words.listed([_row(words, row) for row in value["values"]])
            shown = shown or words.said("按算式", "worked out")
            mark = words.said("（暂定）", " (provisional)") if value["provisional"] else ""
            basis = words.clauses([value["basis"]])
            yield f"  {_days(value)}  {shown}{mark}  {basis}".rstrip()


def clause_lines(words: AnswerWords, found: Found) -> Iterator[str]:
    """What `search_clauses` answers: each clause as it is cited, what it says, what rests on it."""
    yield from _counted(words, found, "clauses")
    for one in found["clauses"]:
        yield f"- {words.told(one['cited'])} {words.told(one['summary'])} [{one['source']} {one['clause']}]"
        rests = [*one["policies"], *one["targets"], *one["duties"], *one["parameters"]]
        if rests:
            yield f"  {words.said('据此', 'rests on it')}: {words.listed(rests)}"
        if one["nothing"] is not None:
            yield f"  {words.said('没有写成规则', 'nothing is encoded')}: {words.told(one['nothing'])}"


def name_lines(words: AnswerWords, found: Found) -> Iterator[str]:
    """What `describe` answers."""
    yield from words.head(found)
    for one in found["names"][words.lang]:
        yield from one["lines"]
        yield words.said(f"用在 {len(one['used'])} 处", f"used in places: {len(one['used'])}")


def _counted(words: AnswerWords, found: Found, name: str) -> Iterator[str]:
    yield from words.head(found)
    shown, count = len(found[name]), found["found"]
    if shown < count:
        yield words.said(f"共 {count} 项，这里是前 {shown} 项", f"the first {shown} of {count}; search for more words")
    elif not count:
        yield words.said("没有找到", "nothing was found")


def _body(words: AnswerWords, departments: Found, body: str) -> str:
    """What a department was called last."""
    names = departments.get(body)
    return words.told(names[-1]["name"]) if names else body


def _days(validity: Found) -> str:
    """`2019-01-01..`, as rules have it: what begins or ends with the calendar has no end there."""
    ends = {date.min.isoformat(), date.max.isoformat()}
    return "..".join("" if validity[end] in ends else validity[end] for end in ("from", "to"))


def _row(words: AnswerWords, row: Found) -> str:
    value = words.told(row["value"])
    return value if row["of"] is None else f"{words.told(row['of'])} {value}"
