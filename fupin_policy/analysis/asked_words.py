"""What a question of the interview says: whose fact is asked for, of which month or item, and what may be answered.

In: a `Question`. Out: its words in both languages. Called by `cli` and `service`.
"""

from __future__ import annotations

from fupin_policy.analysis.interview import Question
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.declarations import FactDecl, ListDecl
from fupin_policy.core.item_facts import words_in_list
from fupin_policy.core.program import Program
from fupin_policy.core.types import Truth
from fupin_policy.intake.notation import EACH
from fupin_policy.prose.question_words import answer_words, of_member
from fupin_policy.prose.wording import in_brackets


def asked_words(question: Question, program: Program) -> Bilingual:
    """`m1 的出生日期（如 1959-06-30，或只填年份）`: what is asked for, whose it is, what may be answered."""
    fact = question.fact
    if isinstance(fact, ListDecl):
        most = f"{question.least}–{fact.most}"
        many = Bilingual(f"{fact.label}有几项（{most}）", f"how many {fact.words.en} ({most})")
        return of_member(question.member, many)
    hint = answer_words(fact, program)
    words = of_member(question.member, _named(question, fact), isinstance(fact.type, Truth))
    zh = words.zh + (in_brackets(hint.zh, "zh") if hint.zh else "")
    return Bilingual(zh, words.en + (in_brackets(hint.en, "en") if hint.en else ""))


def _named(question: Question, fact: FactDecl) -> Bilingual:
    """What a fact is called where it is asked for: with its month, or its place in a list."""
    if question.of is not None and question.item is not None:
        return words_in_list(question.of.words, question.item, fact.words)
    if fact.series is None:
        return fact.words
    words = fact.series.words
    if question.period != EACH:
        return Bilingual(f"{words.zh} {question.period}", f"{words.en} {question.period}")
    first, last = min(question.periods), max(question.periods)
    return Bilingual(
        f"{words.zh}（{first} 至 {last}）各期一样就填一个，不一样就空着、逐期再问",
        f"{words.en} ({first} to {last}): one answer if always the same, else nothing, to be asked one by one",
    )
