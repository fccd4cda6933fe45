"""Facts that are numbers of identity: what they tell, and the checks of data that come with them.

In: a fact's document, all others, its declaration. Out: the `IdentityFormat`, the truth facts beside it, the checks'
definitions and figures. Called by `declarations` and `program`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import ALWAYS
from fupin_policy.core.declarations import CodeList, FactDecl, IdentityFormat, SexFact
from fupin_policy.core.expressions import Fact
from fupin_policy.core.identifiers import DefinitionId, InputId
from fupin_policy.core.outputs import CheckSeverity, DataCheck, FigureDecl
from fupin_policy.core.program import Definition
from fupin_policy.core.types import Truth
from fupin_policy.diagnostics import Reporter
from fupin_policy.documents import model
from fupin_policy.documents.number_formats import IdentityFormatDoc
from fupin_policy.documents.parts import TextDoc

_LEVELS = ("household", "member")
_SEXES = (("male", "男", "男性"), ("female", "女", "女性"))
"""The words by which the codes of the two are known."""


def number_format(
    doc: model.FactDoc, docs: Sequence[model.FactDoc], lists: Mapping[str, CodeList], reporter: Reporter
) -> IdentityFormat | None:
    """What a fact declares of its numbers; None where it declares nothing, or where what it does is reported."""
    said = doc.number
    if said is None:
        return None
    names = {"fact": doc.label.text, "fact_en": doc.name.text}
    if doc.type != "text" or doc.level not in _LEVELS:
        reporter.report("N220", said.span, **names)
        return None
    if said.kind is None and (said.birth or said.sex or not said.unique):
        reporter.report("N221", said.span, **names)
        return None
    birth, sex = _named(doc, said.birth, "date", docs, reporter), _named(doc, said.sex, "code", docs, reporter)
    codes = None if sex is None or said.sex is None else _sexes(sex, said.sex, lists, reporter)
    return IdentityFormat(said.kind, None if birth is None else birth.name.text, codes, said.unique)


def _named(
    doc: model.FactDoc, name: TextDoc | None, kind: str, docs: Sequence[model.FactDoc], reporter: Reporter
) -> model.FactDoc | None:
    """The fact of the same level, of a kind, that a number fills; None where there is none, which is reported."""
    if name is None:
        return None
    called = {word.text: one for one in docs for word in (one.name, one.label, *one.aliases)}
    found = called.get(name.text)
    words = {"fact": doc.label.text, "fact_en": doc.name.text, "name": name.text}
    if found is None:
        reporter.report("N115", name.span, suggestion=reporter.suggest(name.text, called), name=name.text)
    elif (found.level, found.type) != (doc.level, kind) or found.none or found.previous or found.each:
        what = ("日期", "date") if kind == "date" else ("代码", "code")
        reporter.report("N222", name.span, **words, level=doc.level, kind=what[0], kind_en=what[1])
    elif (other := _filled_before(doc, found, docs)) is not None:
        reporter.report("N224", name.span, **words, other=other.label.text, other_en=other.name.text)
    else:
        return found
    return None


def _filled_before(doc: model.FactDoc, found: model.FactDoc, docs: Sequence[model.FactDoc]) -> model.FactDoc | None:
    """A number declared before this one that fills the same fact: of two, nobody could say which holds."""
    words = {word.text for word in (found.name, found.label, *found.aliases)}
    for other in docs[: docs.index(doc)]:
        filled = () if other.number is None else (other.number.birth, other.number.sex)
        if any(one is not None and one.text in words for one in filled):
            return other
    return None


def _sexes(doc: model.FactDoc, name: TextDoc, lists: Mapping[str, CodeList], reporter: Reporter) -> SexFact | None:
    """The codes of the two sexes in the list of a fact."""
    of = (doc.codes or doc.name).text
    if of not in lists:
        return None  # reported where the fact is read
    masks = [
        next((1 << at for at, code in enumerate(lists[of].codes) if {code.name, code.label} & set(words)), None)
        for words in _SEXES
    ]
    if None in masks:
        reporter.report("N223", name.span, list=of)
        return None
    return SexFact(doc.name.text, masks[0] or 0, masks[1] or 0)


@dataclass(frozen=True, slots=True)
class _Part:
    """What is checked of a number: the fact beside it, what that is called, and what is told where it does not hold."""

    part: str
    label: Bilingual
    words: Bilingual


_PARTS = (
    _Part(
        "legible",
        Bilingual("{}完整", "{} in full"),
        Bilingual(
            "{}被遮盖、位数不对，或是 15 位的旧号码：请按证件填写完整的 18 位号码",
            "the {} is masked, of a wrong length or an old one of 15 digits: enter all 18 characters of the document",
        ),
    ),
    _Part(
        "valid",
        Bilingual("{}无误", "{} without a slip"),
        Bilingual(
            "{}的校验码或其中的日期不对：请按证件逐位核对",
            "the check character or the date in the {} is wrong: compare each character with the document",
        ),
    ),
    _Part(
        "birth",
        Bilingual("{}与{}相符", "{} agrees with {}"),
        Bilingual(
            "{}第 7–14 位的日期与所填的{}不同：请按证件改正其中之一",
            "digits 7 to 14 of the {} are another day than the {} that is given: correct one of them by the document",
        ),
    ),
    _Part(
        "sex",
        Bilingual("{}与{}相符", "{} agrees with {}"),
        Bilingual(
            "{}第 17 位（单数为男，双数为女）与所填的{}不同：请按证件改正其中之一",
            "digit 17 of the {} (odd for men) is another than the {} that is given: correct one by the document",
        ),
    ),
    _Part(
        "unique",
        Bilingual("{}不重复", "{} stands once"),
        Bilingual(
            "另有户或人填写了同一个{}：请核实是谁的",
            "the same {} is given for another household or person: find out whose it is",
        ),
    ),
)


def beside(fact: FactDecl, facts: Mapping[str, Bilingual]) -> list[FactDecl]:
    """The truth facts beside a number, for what is checked of it; `facts` has what those that it fills are called."""
    number = fact.number
    if number is None:
        return []
    return [
        FactDecl(
            f"{fact.name}.{one.part}",
            label.zh,
            (),
            fact.level,
            "truth",
            Truth(),
            False,
            False,
            label_en=label.en,
            tells_of=fact.name,
        )
        for one in _parts(number)
        for label in [_filled(one.label, fact, one.part, facts)]
    ]


def _parts(number: IdentityFormat) -> Iterator[_Part]:
    wanted = {
        "legible": number.kind is not None,
        "valid": number.kind is not None,
        "birth": number.birth is not None,
        "sex": number.sex is not None,
        "unique": number.unique,
    }
    return (one for one in _PARTS if wanted[one.part])


def _filled(words: Bilingual, fact: FactDecl, part: str, facts: Mapping[str, Bilingual]) -> Bilingual:
    """What is said, of a number and the fact that it fills."""
    number = fact.number
    fills = None if number is None else {"birth": number.birth, "sex": number.sex and number.sex.name}.get(part)
    other = facts.get(fills or "", Bilingual("", ""))
    return Bilingual(words.zh.format(fact.words.zh, other.zh), words.en.format(fact.words.en, other.en))


def checks(facts: Sequence[FactDecl], docs: Iterable[model.FactDoc]) -> Iterator[tuple[Definition, FigureDecl]]:
    """The checks of data of all numbers: that each fact beside one holds. What cannot be read rejects nobody."""
    said: dict[str, IdentityFormatDoc] = {doc.name.text: doc.number for doc in docs if doc.number is not None}
    shown = {fact.name: fact.words for fact in facts}
    numbers = {fact.name: fact for fact in facts if fact.number is not None}
    for fact in facts:
        if fact.tells_of is None:
            continue
        number = numbers[fact.tells_of]
        part = next(one for one in _PARTS if fact.name == f"{number.name}.{one.part}")
        severity: CheckSeverity = said[number.name].severity or "warn"
        check = DataCheck(
            "warn" if part.part == "legible" else severity, _filled(part.words, number, part.part, shown), ()
        )
        name, expr = DefinitionId("term", fact.name), Fact(InputId(fact.name), fact.level, Truth())
        yield (
            Definition(name, fact.level, Truth(), ((ALWAYS, expr),), None, fact.words),
            FigureDecl(fact.name, fact.words, fact.level, Truth(), check=check),
        )


def with_numbers(facts: Sequence[FactDecl]) -> list[FactDecl]:
    """Facts with those beside the numbers among them."""
    shown = {fact.name: fact.words for fact in facts}
    return [one for fact in facts for one in (fact, *beside(fact, shown))]
