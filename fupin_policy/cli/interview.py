"""The command `interview`: questions one at a time until everything is decided.

In: parsed arguments, answers from standard input. Out: text or JSON, an exit code. Called by `cli.main`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fupin_policy.cli.common import (
    PROBLEMS,
    asked_date,
    asked_ruleset,
    assumes,
    assuming_arguments,
    audience_arguments,
    given_name,
    given_path,
    household_text,
    previous_arguments,
    read_as,
    read_households,
    show_result,
)
from fupin_policy.core.bilingual import Bilingual, counted, pick
from fupin_policy.core.types import Code
from fupin_policy.diagnostics import InputError, render
from fupin_policy.diagnostics.showing import tell
from fupin_policy.files.atomic import Own, atomic_file, check_file
from fupin_policy.intake.notation import HALF_WIDTH
from fupin_policy.prose.document_list import document_lines
from fupin_policy.prose.question_words import (
    NOTHING_TO_TAKE_BACK,
    WAYS,
    asked_titles,
    choice_lines,
    left_words,
)

if TYPE_CHECKING:
    from fupin_policy.analysis.interview import Interview, Question
    from fupin_policy.diagnostics import Lang
    from fupin_policy.ruleset import Ruleset

STOP, WHY, BACK = ("q", "Q", "结束"), ("?", "？"), ("回退", "退回", "back")
LANGS: tuple[Lang, Lang] = ("zh", "en")


def interview_arguments(command: argparse.ArgumentParser) -> None:
    """What `fupin interview` takes."""
    command.add_argument(
        "file", nargs="?", type=given_name, help="已知的资料：JSON 或 YAML，一户 / what is known of one household"
    )
    command.add_argument("--as-of", metavar="DATE", help="基准日，默认今天 / the date, by default today")
    command.add_argument("--lang", choices=("zh", "en"), default="zh", help="语言 / language")
    assuming_arguments(command)
    previous_arguments(command)
    audience_arguments(command)
    command.add_argument(
        "-o", "--output", type=given_path, metavar="FILE", help="问完后写下住户资料 / keep the household"
    )


def interview(arguments: argparse.Namespace) -> int:
    """`fupin interview`."""
    from fupin_policy.analysis.interview import Interview
    from fupin_policy.core.days import to_day
    from fupin_policy.ruleset import day_of

    output, own = arguments.output, _read_from(arguments.file)
    if output is not None:
        check_file(output, own)
    ruleset = asked_ruleset(arguments)
    day = to_day(day_of(ruleset.program, asked_date(arguments)))
    talk = _Talk(ruleset, arguments.lang, arguments.format == "text")
    previous = read_as(arguments).get("previous")

    def begun() -> Interview | None:
        given = _given(arguments.file, talk)
        return None if given is None else Interview(ruleset, given, day, every=arguments.every, previous=previous)

    start = begun()
    if start is None:
        return PROBLEMS
    counted_first = arguments.file is None and ruleset.program.max_members > 0
    found, asked = talk.through(start, begun if counted_first else None)
    evaluation = found.result(assume=assumes(arguments))
    if output is not None:
        with atomic_file(output, own) as aside:
            aside.write_text(json.dumps(found.given, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    count = f"共问 {len(asked)} 个问题" if arguments.lang == "zh" else f"{counted(len(asked), 'question')} asked"
    data = {"questions": asked, "household": dict(found.given), "evaluation": evaluation.as_json()}
    told = household_text(ruleset, evaluation, arguments.lang, arguments.every)
    bring = document_lines(evaluation.decisions, arguments.lang)
    return show_result(arguments, data, f"\n{told}", *bring, f"\n{count}")


def _read_from(file: str | None) -> Own:
    """What may be replaced: the very file that the household was read from, as all of it is kept."""
    return lambda path: file is not None and file.endswith(".json") and path.samefile(file)


def _given(file: str | None, talk: _Talk) -> Mapping[str, Any] | None:
    """What is known at first: of the file's only household, or how many members there are."""
    if file is not None:
        found = [household for _, household in read_households(file)]
        if len(found) != 1:
            tell("文件里应只有一户 / one household is asked about at a time", file=sys.stderr)
            return None
        return found[0]
    program = talk.ruleset.program
    if program.max_members == 0:
        return {"id": "1"}
    while True:
        answer = talk.ask(f"家中有几口人（{program.min_members}–{program.max_members}）", "how many members are there")
        if answer is None:
            return None
        answer = answer.translate(HALF_WIDTH).rstrip("人口个 ")
        if answer.isdecimal() and program.min_members <= int(answer) <= program.max_members:
            return {"id": "1", "members": [{"id": f"m{number}"} for number in range(1, int(answer) + 1)]}


class _Talk:
    """Asks on standard output, where anybody is to read it, and hears on standard input."""

    def __init__(self, ruleset: Ruleset, lang: Lang, shown: bool) -> None:
        self.ruleset, self.lang, self.shown = ruleset, lang, shown

    def through(
        self, interview: Interview, anew: Callable[[], Interview | None] | None
    ) -> tuple[Interview, list[dict[str, Any]]]:
        """Ask until everything is decided, nothing more is known, or the answers end.

        Who goes back from the first question is asked `anew` how many members there are.
        """
        asked: list[dict[str, Any]] = []
        self.say(pick(WAYS, self.lang))
        while questions := interview.questions():
            question = questions[0]
            self._progress(interview, questions)
            answer = self._answer(question)
            if answer in STOP or answer is None:
                break
            if answer.lower() in BACK:
                before = self._before(interview, anew)
                if before is None:
                    break
                interview, asked = before, asked[:-1]
                continue
            if (found := self._heard(interview, question, answer)) is not None:
                interview = found
                asked.append({"fact": question.name, "member": question.member, "answer": answer})
        return interview, asked

    def _before(self, interview: Interview, anew: Callable[[], Interview | None] | None) -> Interview | None:
        """The interview before the last answer; None where the answers end."""
        if interview.earlier is None and anew is not None:
            return anew()
        if interview.earlier is None:
            self.say(pick(NOTHING_TO_TAKE_BACK, self.lang))
        return interview.back()

    def _progress(self, interview: Interview, questions: Sequence[Question]) -> None:
        """How much is open, and about how many questions that takes."""
        from fupin_policy.analysis.interview import is_open, questions_left
        from fupin_policy.core.declarations import ListDecl

        undecided = sum(is_open(one) for one in interview.evaluation.decisions if interview.is_wanted(one))
        lists = dict.fromkeys(one.fact.words for one in questions if isinstance(one.fact, ListDecl))
        assumed = sum(one.is_assumed for one in questions)
        self.say(f"\n{pick(left_words(undecided, *questions_left(questions), assumed, lists), self.lang)}")

    def _heard(self, interview: Interview, question: Question, answer: str) -> Interview | None:
        """The interview with an answer, and what that decided told; None, and why, where it cannot be read."""
        from fupin_policy.analysis.given_answers import given_answer
        from fupin_policy.analysis.interview import decided
        from fupin_policy.reports.decisions_text import brief_lines

        try:
            found = interview.answered(question, given_answer(answer, question, self.ruleset.program))
        except InputError as error:
            for problem in error.diagnostics:
                tell(render(problem), file=sys.stderr)
            return None
        settled = filter(found.is_wanted, decided(interview.evaluation, found.evaluation))
        for line in brief_lines(settled, self.ruleset.program, self.lang):
            self.say(line)
        return found

    def _answer(self, question: Question) -> str | None:
        """An answer; None where there are no more. Who asks why is told which policies wait for it."""
        words, choices = self._what(question)
        while (answer := self.ask(words.zh, words.en, choices)) in WHY:
            titles = [pick(policy.title, self.lang) for policy in question.policies]
            self.say(asked_titles(titles, self.lang))
            note = question.note
            if note is not None:
                self.say(pick(note, self.lang))
        return answer

    def _what(self, question: Question) -> tuple[Bilingual, list[str]]:
        """What is asked for, whose it is, and what may be answered; then the lines of its choices."""
        from fupin_policy.analysis.asked_words import asked_words
        from fupin_policy.core.declarations import ListDecl

        fact, program = question.fact, self.ruleset.program
        kind = None if isinstance(fact, ListDecl) else fact.type
        codes = program.code_lists[kind.code_list].codes if isinstance(kind, Code) else ()
        return asked_words(question, program), list(choice_lines(codes, self.lang))

    def ask(self, zh: str, en: str, choices: Sequence[str] = ()) -> str | None:
        """A line of standard input, None at its end."""
        self.say(f"{zh}？" if self.lang == "zh" else f"{en}?")
        for line in choices:
            self.say(line)
        if self.shown and sys.stdin.isatty():
            tell("> ", end="", flush=True)
        line = sys.stdin.readline()
        return None if line == "" else line.strip()

    def say(self, text: str) -> None:
        if self.shown:
            tell(text)
