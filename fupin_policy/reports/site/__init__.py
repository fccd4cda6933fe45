"""A page for every policy, target, department and clause, made from the ruleset itself and linked both ways.

In: a folder. Out: Markdown by path, as Sphinx with MyST reads it, or HTML that needs no server. Called by the
documentation's configuration and `cli`.
"""

from fupin_policy.reports.site.site import pages

__all__ = ["pages"]
