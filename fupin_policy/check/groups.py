"""Groups of policies of which only one may be drawn, and of those that give the same benefit.

In: documents, parsed policies. Out: CORE's groups; what cannot stand together is reported. Called by `program`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from fupin_policy.check import declarations as declare
from fupin_policy.check.definition_sources import PolicySource
from fupin_policy.core.benefits import sign, span_of
from fupin_policy.core.policies import Group
from fupin_policy.diagnostics import Reporter
from fupin_policy.documents import model


def groups(documents: model.Documents, reporter: Reporter) -> list[Group]:
    """The groups; a policy stands in one at most."""
    known = {doc.id.text for doc in documents.policies}
    taken = declare.Namespace(reporter, {})
    found = []
    for doc in documents.groups:
        for name in doc.policies:
            taken.take(name, as_word=False)
            if name.text not in known and name.text not in documents.broken:
                reporter.report("N104", name.span, suggestion=reporter.suggest(name.text, known), name=name.text)
        if doc.most is not None and doc.keep != "capped":
            reporter.report("T281", doc.most.span, keep=doc.keep)
        policies = tuple(name.text for name in doc.policies)
        found.append(Group(doc.id.text, declare.words(doc.title), doc.keep, policies))
    return found


def check_benefit_groups(documents: model.Documents, reporter: Reporter) -> None:
    """A name that only one policy has says nothing, and may be a slip of the pen."""
    named = [doc.benefit_group for doc in documents.policies if doc.benefit_group is not None]
    counts = Counter(name.text for name in named)
    for name in named:
        if counts[name.text] == 1 and not documents.broken:
            others = counts.keys() - {name.text}
            reporter.report("N141", name.span, suggestion=reporter.suggest(name.text, others), name=name.text)


def check_groups(
    documents: model.Documents, reporter: Reporter, groups: list[Group], policies: Mapping[str, PolicySource]
) -> None:
    """Of one level, or households' beside members' of which the highest is drawn; and where amounts are weighed or
    added, all with amounts that go one way, and that come equally often or, to be weighed, again and again.
    """
    periods = {doc.id.text: {v.benefit.per for v in doc.versions} for doc in documents.policies}
    signs = {doc.id.text: {sign(v.benefit.kind) for v in doc.versions} for doc in documents.policies}
    for group, doc in zip(groups, documents.groups, strict=True):
        members = [policies[name] for name in group.policies if name in policies]
        levels, pers = {policy.level for policy in members}, set().union(*(periods[one.id] for one in members), set())
        if len(levels) > 1 and (group.keep != "highest" or levels != {"household", "member"}):
            words = {
                "reason": "对象不同，有的给户，有的给成员",
                "reason_en": "some are for households, some for members",
            }
            reporter.report("T220", doc.span, **words)
        if group.keep != "first" and None in pers:
            reporter.report("T220", doc.span, reason="有的没有金额", reason_en="some state no amount")
        elif group.keep == "capped" and len(pers) > 1:
            reporter.report("T220", doc.span, reason="周期不同", reason_en="periods differ")
        elif group.keep == "highest" and len({span_of(per) for per in pers if per is not None}) > 1:
            words = {"reason": "有的一次性发，有的按期发", "reason_en": "some come once, some again and again"}
            reporter.report("T220", doc.span, **words)
        ways = set().union(*(signs[policy.id] for policy in members), set())
        if {1, -1} <= ways or (group.keep != "first" and len(ways) > 1):
            words = {
                "reason": "有的是给的钱，有的是缴的钱或借的钱",
                "reason_en": "some are given, some are paid or lent",
            }
            reporter.report("T220", doc.span, **words)
