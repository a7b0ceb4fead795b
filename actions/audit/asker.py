"""Who looks at an account, in which role, over which way and why."""

import os
import pwd
from dataclasses import dataclass
from typing import Literal

from actions.audit.wording import say
from actions.identity import Identity, mask_number
from actions.privacy.masking import mask
from knowledge.identifiers import Role

Channel = Literal["conversation", "command_line", "verification", "console"]


@dataclass(frozen=True, slots=True)
class Asker:
    """The person, as the audit trail names them. No text in it holds a telephone number in clear.

    `holder`: the id of the customer who must hold a number for this person to see anything of it; None where there is no
    such bound. `whole`: all numbers of that customer may be looked at together.
    """

    channel: Channel
    role: Role
    who: str
    purpose: str
    holder: str | None = None
    whole: bool = False


def in_conversation(identity: Identity) -> Asker:
    """Who asks in a conversation: a customer about their own numbers, a handler about a unit's, or a member of staff.

    Raises `PermissionError` for a member of staff who may not look at accounts: they are to be told so before it comes to a
    look.
    """
    if identity.role == "staff":
        if not identity.accounts:
            raise PermissionError("a member of staff who may not look at accounts")
        return Asker("conversation", "staff", without_numbers(identity.name or say("nameless")), say("staff_purpose"))
    own = identity.numbers
    who = say("customer_without_id", number=mask_number(own[0])) if own else say("nameless")
    if identity.customer:
        who = mask_number(identity.customer) if identity.customer in own else identity.customer
    purpose = say("handler_purpose" if identity.organization else "customer_purpose")
    # Some channels know a customer by the number only; that says nothing of who holds it.
    holder = identity.organization or (None if identity.customer in own else identity.customer)
    return Asker("conversation", "customer", who, purpose, holder, whole=identity.organization is not None)


def on_command_line(purpose: str | None = None) -> Asker:
    """Who runs a command: the user of the operating system, not what the environment calls them."""
    user = os.getuid()
    try:
        who = pwd.getpwuid(user).pw_name
    except KeyError:
        who = str(user)
    return Asker("command_line", "staff", who, without_numbers(purpose) if purpose else say("command_line_purpose"))


def on_verification_page(number: str) -> Asker:
    """Somebody who proves that a number is theirs, before anybody is signed in."""
    who = say("customer_without_id", number=mask_number(number))
    return Asker("verification", "customer", who, say("verification_purpose"))


def on_binding(number: str, customer: str) -> Asker:
    """Somebody who has bound a number to their account on a messaging platform, as its holder `customer`."""
    who = say("customer_without_id", number=mask_number(number))
    return Asker("verification", "customer", who, say("binding_purpose"), customer)


def in_console(name: str, purpose: str) -> Asker:
    """A member of staff at the console, who says why."""
    return Asker("console", "staff", without_numbers(name), without_numbers(purpose))


def without_numbers(text: str) -> str:
    """A text that somebody typed, with everything taken out that is nobody else's business."""
    return mask(text).text
