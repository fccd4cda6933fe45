"""The questions of the command line for others than people: an ASGI application for systems, tools for assistants.

In: folders of rulesets, limits, a token. Out: answers in JSON and Arrow. Called by `cli`. Needs the extra
`pip install fupin-policy[service]`, or for assistants `fupin-policy[assistant]`.
Imports `analysis`, `core`, `diagnostics`, `documents`, `files`, `intake`, `prose`, `ruleset`.
"""
