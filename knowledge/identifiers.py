"""The public identifiers of the ontology: operations, aspects, topics, decisions. None of them is ever renamed."""

from typing import Final, Literal, get_args

Aspect = Literal["overview", "documents", "conditions", "channels", "fee", "time_limit", "procedure", "eligibility"]
Decision = Literal["answer", "other_service", "out_of_scope", "chitchat", "handoff", "clarify"]
Ownership = Literal["organization", "individual"]
Role = Literal["customer", "staff"]
Status = Literal["stated", "partial", "lost", "not_stated", "refers_to_public_rules", "contradictory"]
Audience = Literal["all", "staff"]

ASPECTS: Final[tuple[Aspect, ...]] = get_args(Aspect)
DECISIONS: Final[tuple[Decision, ...]] = get_args(Decision)
OWNERSHIPS: Final[tuple[Ownership, ...]] = get_args(Ownership)
ROLES: Final[tuple[Role, ...]] = get_args(Role)
STATUSES: Final[tuple[Status, ...]] = get_args(Status)
AUDIENCES: Final[tuple[Audience, ...]] = get_args(Audience)

# `eligibility` is answered from account state, never from the rule text alone.
RULE_ASPECTS: Final[tuple[Aspect, ...]] = tuple(a for a in ASPECTS if a != "eligibility")
