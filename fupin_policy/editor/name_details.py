"""What `fupin describe` tells of a name besides what an editor shows beside it, and of words that no file declares.

In: names, documents. Out: lines of text. Called by `describing`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fupin_policy.diagnostics import Lang, Span
from fupin_policy.documents import Documents
from fupin_policy.documents.model import RulesetDoc, VersionDoc
from fupin_policy.documents.parts import ExpressionDoc, RuleBodyDoc, TableDoc, named_bodies
from fupin_policy.editor.vocabulary import DeclaredName
from fupin_policy.language.keywords import keywords
from fupin_policy.language.reference import ReferenceEntry, entries

_MAX_ENTRIES = 2


def details(named: DeclaredName, documents: Documents, lang: Lang) -> Iterator[str]:
    """Of a term how it is worked out, of a policy who leads by which clause, of a clause and a unit what they are."""
    match named.sort:
        case "term":
            for term in documents.terms:
                if term.name.text == named.name:
                    for version in term.versions:
                        days = "" if version.valid is None else f"{version.valid.span.text}: "
                        yield f"- {days}{_worked_out(version.value, lang)}"
        case "policy":
            for policy in documents.policies:
                if policy.id.text == named.name:
                    yield from (_answering(one, lang) for one in policy.versions)
        case "clause":
            yield from _clause(named, documents, lang)
        case "unit" if documents.ruleset is not None:
            yield from _unit(named, documents.ruleset, lang)


def _worked_out(body: RuleBodyDoc, lang: Lang) -> str:
    """An expression as it stands; of a table only that it is one, as its rows are for the file to show."""
    if isinstance(body, ExpressionDoc):
        return _line(body.span.text)
    keys = _spans(one.span for one in (body.by if isinstance(body, TableDoc) else (body.of,)))
    return f"按 {keys} 的表" if lang == "zh" else f"table by {keys}"


def _line(text: str) -> str:
    return " ".join(text.split())


def _spans(found: Iterable[Span]) -> str:
    return "、".join(_line(one.text) for one in found)


def _answering(version: VersionDoc, lang: Lang) -> str:
    amount = version.benefit.amount
    parts = [
        ("金额", "amount", "" if amount is None else _worked_out(amount, lang)),
        ("牵头", "lead", _spans(one.span for one in named_bodies(version.lead))),
        ("依据", "basis", _spans(one.span for one in version.basis)),
    ]
    colon = "：" if lang == "zh" else ": "
    told = [f"{zh if lang == 'zh' else en}{colon}{text}" for zh, en, text in parts if text]
    return f"- {version.valid.span.text}: {'；'.join(told) if lang == 'zh' else '; '.join(told)}"


def _clause(named: DeclaredName, documents: Documents, lang: Lang) -> Iterator[str]:
    for clause in documents.clauses:
        if f"{clause.source.text} {clause.id.text}" != named.name:
            continue
        yield from _source(clause.source.text, documents, lang)
        for words, bodies in ((("牵头", "lead"), clause.lead), (("配合", "cooperating"), clause.cooperating)):
            if bodies:
                yield f"{words[0] if lang == 'zh' else words[1]}: {_spans(one.span for one in bodies)}"
        if clause.nothing is not None:
            why = clause.nothing.zh if lang == "zh" else clause.nothing.en
            yield f"{'没有编码的原因' if lang == 'zh' else 'why nothing is encoded'}: {why}"


def _source(name: str, documents: Documents, lang: Lang) -> Iterator[str]:
    for source in documents.sources:
        if source.id.text == name:
            title = source.title.zh if lang == "zh" else source.title.en
            yield " · ".join(one for one in (source.number, title) if one)


def _unit(named: DeclaredName, ruleset: RulesetDoc, lang: Lang) -> Iterator[str]:
    for unit in ruleset.units:
        base = unit.label.text if lang == "zh" else unit.name.text
        if unit.name.text == named.name:
            if unit.money is not None:
                yield f"{'货币' if lang == 'zh' else 'currency'}: {unit.money.text}"
            yield f"{'小数位数' if lang == 'zh' else 'decimals'}: {unit.decimals}"
        for one in unit.multiples:
            if named.name in (unit.name.text, one.name.text):
                word, power = one.label.text if lang == "zh" else one.name.text, one.power
                yield f"1 {word} = {10**power} {base}" if power >= 0 else f"1 {base} = {10**-power} {word}"


def clauses_called(word: str, names: Iterable[DeclaredName], documents: Documents) -> list[DeclaredName]:
    """Clauses by their number alone, or after their document's; a document by its number."""
    numbers = {source.number: source.id.text for source in documents.sources if source.number}
    number = next((one for one in sorted(numbers, key=len, reverse=True) if word.startswith(one)), None)
    full = word if number is None else f"{numbers[number]} {word.removeprefix(number).strip()}".strip()
    return [
        one
        for one in names
        if (one.sort == "clause" and (one.name == full or one.name.partition(" ")[2] == full))
        or (one.sort == "source" and one.name == full)
    ]


def basis_clauses(word: str, documents: Documents, lang: Lang) -> list[tuple[str, tuple[str, ...], tuple[Span, ...]]]:
    """Clauses that no file registers but policies rest on: each with what is told of it, and where it is named."""
    found: dict[str, list[Span]] = {}
    for policy in documents.policies:
        for version in policy.versions:
            for one in version.basis:
                source, _, clause = one.text.partition(" ")
                if clause and word in (one.text, clause):
                    found.setdefault(f"{source} {clause}", []).append(one.span)
    told = "条款 · 没有登记" if lang == "zh" else "clause · not registered"
    return [
        (name, (name, told, *_source(name.partition(" ")[0], documents, lang)), tuple(spans))
        for name, spans in found.items()
    ]


def of_language(word: str, lang: Lang) -> tuple[str, ...]:
    """What a word of the language of rules means, with an example; nothing for any other word."""
    keyword = next((one for one in keywords().values() if word in (*one.zh, *one.en)), None)
    if keyword is None:
        return ()
    lines = [f"{keyword.zh[0] if keyword.zh else word} {keyword.en[0] if keyword.en else ''}".strip()]
    lines.append("规则语言的词" if lang == "zh" else "word of the language of rules")
    words = {*keyword.zh, *keyword.en}
    own = keyword.token.lower()
    fitting = sorted((one for one in entries() if _shows(one, words)), key=lambda one: (one.rule != own, _length(one)))
    for entry in fitting[:_MAX_ENTRIES]:
        lines.append(entry.zh if lang == "zh" else entry.en)
        lines += [f"  {zh if lang == 'zh' else en}" for zh, en in entry.examples if _says(zh, en, words)]
    return tuple(lines)


def _shows(entry: ReferenceEntry, words: set[str]) -> bool:
    return any(_says(zh, en, words) for zh, en in entry.examples)


def _says(zh: str, en: str, words: set[str]) -> bool:
    return any(word in zh if not word.isascii() else f" {word}" in f" {en}" for word in words)


def _length(entry: ReferenceEntry) -> int:
    return min(len(zh) for zh, _ in entry.examples)
