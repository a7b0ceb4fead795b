"""Who is asking. An identity comes from the channel (verified metadata), never from what somebody typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from knowledge.identifiers import Role


@dataclass(frozen=True, slots=True)
class Identity:
    """A signed-in customer (with the numbers that are theirs) or a member of staff.

    `handler`: acts for the organization with the id `customer` (经办人), and may look at any number of it.
    `accounts`: whether a member of staff may look at accounts; it changes nothing for customers.
    """

    role: Role
    numbers: tuple[str, ...] = ()
    customer: str | None = None
    name: str | None = None
    handler: bool = False
    accounts: bool = True

    @property
    def organization(self) -> str | None:
        """The id of the customer all whose numbers are this person's to look at, where there is one."""
        return self.customer if self.handler and self.role == "customer" else None

    def to_metadata(self) -> dict[str, Any]:
        """The JSON form that travels as message metadata; `from_metadata` reads it back."""
        return {
            "role": self.role,
            "numbers": list(self.numbers),
            "customer": self.customer,
            "name": self.name,
            "handler": self.handler,
            "accounts": self.accounts,
        }


def from_metadata(value: Mapping[str, Any] | None) -> Identity | None:
    """The identity in verified metadata; None for anything that is not one (an unknown role gives no rights)."""
    if not value or value.get("role") not in ("customer", "staff"):
        return None
    numbers = value.get("numbers") or []
    return Identity(
        role=value["role"],
        numbers=tuple(str(number) for number in numbers),
        customer=value.get("customer"),
        name=value.get("name"),
        handler=value.get("handler") is True,
        accounts=value.get("accounts", True) is True,
    )


def mask_number(number: str) -> str:
    """A number fit for display: an 11-digit mobile keeps 3 + 4 digits, anything else its first and last two.

    A masked number stays as it is.
    """
    if "**" in number:
        return number
    if len(number) == 11 and number.isdigit():
        return f"{number[:3]}****{number[-4:]}"
    return f"{number[:2]}{'*' * max(len(number) - 4, 2)}{number[-2:]}"
