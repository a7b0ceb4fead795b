"""What a mapping file says: where the billing system is asked, and how its answer becomes our facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Literal

from actions.accounts.billing.places import Marker, Place, Scalar, Without
from actions.accounts.freshness import MaxAge
from knowledge.facts import FactSpec, Value

JsonType = Literal["text", "integer", "number", "boolean"]
Rounding = Literal["up", "down"]
# The unit that a sum of money is given in -> how many of it are 1 元.
UNITS: Final[Mapping[str, Decimal]] = {"元": Decimal(1), "角": Decimal(10), "分": Decimal(100), "厘": Decimal(1000)}
NUMBER: Final = "{number}"


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where it stands of which time the data is, and in which form (see `times`)."""

    place: Place
    form: str


@dataclass(frozen=True, slots=True)
class FactMapping:
    """How one fact is read.

    `words` translates values as written in the file; `none` are values that mean "there is none", `none_when` says
    the same elsewhere in the answer. A number is divided by `divisor`; a date is moved by `days`.
    """

    spec: FactSpec
    place: Place
    json: JsonType
    words: Mapping[str, Value] | None = None
    none: tuple[Scalar, ...] = ()
    none_when: Marker | Without | None = None
    divisor: Decimal = Decimal(1)
    rounding: Rounding | None = None
    at_most: Decimal | None = None
    form: str = "%Y-%m-%d"
    days: int = 0
    as_of: Stamp | None = None
    max_age: MaxAge | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked. `{number}` in the address and in the texts of the body stands for the number."""

    url: str
    method: Literal["GET", "POST"] = "GET"
    body: Mapping[str, Any] | None = None
    # Whether the same question may be asked again after a fault.
    repeatable: bool = True
    # The one with the secret is not shown where the request is.
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    ca: Path | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """How long is waited, how often is asked, when a pause is made, and how much is read; times in seconds."""

    each_seconds: float = 1.0
    total_seconds: float = 2.5
    attempts: int = 3
    wait_seconds: float = 0.1
    failures: int = 5
    pause_seconds: float = 30.0
    max_bytes: int = 200_000


@dataclass(frozen=True, slots=True)
class NotFound:
    """How the system says that it has no such number: by the status, by a value in the answer, or by both."""

    status: int | None
    marker: Marker | None

    def says(self, status: int, document: Any) -> bool:
        """Whether this answer says it."""
        if self.status is not None and status != self.status:
            return False
        return self.marker is None or self.marker.shown(document)


@dataclass(frozen=True, slots=True)
class SourceMapping:
    """A whole mapping file. `number` is where the answer repeats the number it is about."""

    name: str
    request: Request
    limits: Limits
    number: Place
    success: Marker | None
    not_found: NotFound | None
    as_of: Stamp | None
    customer_id: Place | None
    customer_name: Place | None
    facts: tuple[FactMapping, ...]
