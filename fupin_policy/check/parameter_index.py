"""All parameters of a ruleset, and those as of the last 1 July that its rules ask for.

In: documents and what is declared before. Out: `ParameterDecl`s by name. Called by `program`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby

from fupin_policy.check.as_of_last import as_of_last
from fupin_policy.check.brackets import bracket_words, scale_of
from fupin_policy.check.declarations import Namespace
from fupin_policy.check.definition_sources import DatedSource
from fupin_policy.check.parameters import ParameterBuilder, ParameterKey
from fupin_policy.check.parsed import Brackets
from fupin_policy.check.units import Units
from fupin_policy.check.value_makers import Makers
from fupin_policy.core.days import MonthDay, Validity
from fupin_policy.core.declarations import AsOfLast, CodeList, FactDecl, ParameterDecl
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.program import Definition
from fupin_policy.core.registers import SourceDecl
from fupin_policy.core.types import ErrorType
from fupin_policy.documents import model


@dataclass(frozen=True)  # without slots, for the cached property
class Parameters:
    """Every parameter by English name; those that are worked out, which are typed when they are used; and scales.

    As of other days parameters are added when rules ask for them.
    """

    documents: model.Documents
    known: Sequence[FactDecl]
    lists: Mapping[str, CodeList]
    units: Units
    cited: Mapping[str, SourceDecl]
    covered: Validity
    makers: Makers
    declared: dict[str, ParameterDecl] = field(default_factory=dict)
    worked_out: dict[str, DatedSource] = field(default_factory=dict)
    scales: dict[str, Brackets] = field(default_factory=dict)

    def read(self) -> None:
        """Read every parameter."""
        names = Namespace(self.makers.reporter, {})
        for doc in self.documents.parameters:
            for name in {n.text: n for n in (doc.name, doc.label)}.values():
                names.take(name)
            self._read(doc, None)

    @property
    def in_order(self) -> list[ParameterDecl]:
        """All of them, those as of other days last, by name."""
        return sorted(self.declared.values(), key=lambda one: "" if one.of is None else one.name)

    def as_of(self, parameter: ParameterDecl, days: tuple[MonthDay, ...]) -> ParameterDecl:
        """A parameter as it stood on the last of some months and days; a reading is the same on all days."""
        days = tuple(day for day, _ in groupby(days))
        if not days or parameter.reading is not None or isinstance(parameter.type, ErrorType):
            return parameter
        base = next(doc for doc in self.documents.parameters if doc.name.text == parameter.name)
        doc = as_of_last(base, days)
        if doc.name.text not in self.declared:
            self._read(doc, AsOfLast(parameter.name, days))
        return self.declared[doc.name.text]

    def _read(self, doc: model.ParameterDoc, of: AsOfLast | None) -> None:
        scale = scale_of(doc, self.makers) if doc.type == "scale" else None
        if doc.type == "scale" and scale is None:
            unread = ParameterDecl(doc.name.text, doc.label.text, ErrorType(), (), (), doc.name.span)
            self.declared[doc.name.text] = unread
            return
        said = doc if scale is None else scale.doc
        made, source = self._builder(said).read()
        made = replace(made, of=of)
        if source is not None:
            self.worked_out[made.name] = source if of is None else replace(source, last=of.days)
        if scale is not None:
            made = replace(made, rows=bracket_words(scale, self.documents.parameters, self.units))
            self.scales[made.name] = scale.brackets(made)
        self.declared[made.name] = made

    def _builder(self, doc: model.ParameterDoc) -> ParameterBuilder:
        broken, several = self.documents.broken, [one.name.text for one in self.documents.lists]
        return ParameterBuilder(
            doc, self.known, self._terms, self.lists, self.units, self.cited, self.covered, broken, self.makers, several
        )

    @cached_property
    def _terms(self) -> Mapping[str, ParameterKey]:
        return {
            word: ParameterKey(
                term.name.text, term.level, None if term.codes is None else self.lists.get(term.codes.text)
            )
            for term in self.documents.terms
            for word in (term.name.text, term.label.text)
        }


def with_use(parameter: ParameterDecl, done: Mapping[DefinitionId, Definition]) -> ParameterDecl:
    """A parameter with the type of what it is worked out to be, where it is."""
    use = done.get(DefinitionId("use", parameter.name))
    return parameter if use is None else replace(parameter, type=use.type)
