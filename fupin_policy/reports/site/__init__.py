"""A page for every policy, target, department and clause, made from the ruleset itself and linked both ways.

In: a folder. Out: Markdown by path, as Sphinx with MyST reads it. Called by the documentation's configuration.
"""

from fupin_policy.reports.site.site import pages

__all__ = ["pages"]
