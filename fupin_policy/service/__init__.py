"""The questions of the command line over HTTP: an ASGI application for systems that have one household, or many.

In: folders of rulesets, limits, a token. Out: answers in JSON and Arrow. Called by `cli`. Needs the extra:
`pip install fupin-policy[service]`.
Imports `analysis`, `core`, `diagnostics`, `documents`, `files`, `intake`, `ruleset`.
"""
