"""Who looks at an account, in which role, over which way and why."""

import os
import pwd
import re
from dataclasses import dataclass
from typing import Final, Literal

from actions.audit.wording import say
from actions.identity import Identity, mask_number
from knowledge.identifiers import Role

Channel = Literal["conversation", "command_line"]
_LIKE_A_NUMBER: Final = re.compile(r"\d(?:[ \-－]?\d){6,}")


@dataclass(frozen=True, slots=True)
class Asker:
    """The person, as the audit trail names them. No text in it holds a telephone number in clear."""

    channel: Channel
    role: Role
    who: str
    purpose: str


def in_conversation(identity: Identity) -> Asker:
    """Who asks in a conversation: a customer about numbers of their own, or a member of staff."""
    if identity.role == "staff":
        return Asker("conversation", "staff", without_numbers(identity.name or say("nameless")), say("staff_purpose"))
    own = identity.numbers
    who = say("customer_without_id", number=mask_number(own[0])) if own else say("nameless")
    if identity.customer:
        who = mask_number(identity.customer) if identity.customer in own else identity.customer
    return Asker("conversation", "customer", who, say("customer_purpose"))


def on_command_line(purpose: str | None = None) -> Asker:
    """Who runs a command: the user of the operating system, not what the environment calls them."""
    user = os.getuid()
    try:
        who = pwd.getpwuid(user).pw_name
    except KeyError:
        who = str(user)
    return Asker("command_line", "staff", who, without_numbers(purpose) if purpose else say("command_line_purpose"))


def without_numbers(text: str) -> str:
    """A text that somebody typed, with everything that looks like a telephone number masked."""
    return _LIKE_A_NUMBER.sub(lambda found: mask_number(re.sub(r"\D", "", found[0])), text)
