"""Messages of one stage."""

from fupin_policy.messages import Message

MESSAGES: dict[str, Message] = {}
