"""The contract of the conditions, written down a second time, naively: complete accounts only, yes or no.

What follows for an account with unknown facts is not written anywhere here: every value of every unknown fact is tried.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from typing import Any

from knowledge.facts import Value

Met = bool | None
"""None: the rules we have are silent about this account, however much is known of it."""


@dataclass
class Naive:
    """One condition: the facts it looks at, and whether it is met when they and the day are given."""

    facts: tuple[str, ...]
    met: Callable[..., Met]
    seen: dict[Any, Met] = field(default_factory=dict)

    def truth(self, values: Mapping[str, Value], on: date, domains: Mapping[str, Iterable[Value]]) -> Met:
        """The answer that every value of every unknown fact gives, else None."""
        key = (on, *(values.get(name) for name in self.facts))
        if key not in self.seen:
            choices = [[values[name]] if name in values else domains[name] for name in self.facts]
            answers = {self.met(*combination, on) for combination in product(*choices)}
            self.seen[key] = answers.pop() if len(answers) == 1 else None
        return self.seen[key]


@dataclass
class Contract:
    """One operation."""

    conditions: dict[str, Naive]
    applies: Naive


def ended(end: Value, on: date) -> bool:
    return end == "none" or end < on  # type: ignore[operator]


ARREARS_SETTLED = Naive(("arrears",), lambda arrears, on: arrears == 0)
LOST = Naive((), lambda on: None)
PUBLIC_RULES = Naive(("ownership",), lambda ownership, on: True if ownership == "organization" else None)
SPECIAL_NUMBER = Naive(("special_number_agreement_end",), ended)
EXISTS = Naive(("status",), lambda status, on: status != "cancelled")


def operation(
    *, lost: bool = False, public_rules: bool = False, applies: Naive = EXISTS, **conditions: Naive
) -> Contract:
    """An operation with the two conditions that stand for what our copy of the rules does not say."""
    special = {"lost_text": LOST} if lost else {}
    if public_rules:
        special["individual_public_rules"] = PUBLIC_RULES
    return Contract({**special, **conditions}, applies)


def while_status(**statuses: bool) -> Naive:
    """Applies to numbers of these statuses, or to all but these; never to a cancelled one."""
    (wanted,) = set(statuses.values())
    return Naive(("status",), lambda status, on: status != "cancelled" and (status in statuses) == wanted)


NEVER = Contract({}, Naive((), lambda on: False))

CONTRACT: Mapping[str, Contract] = {
    "change_number": operation(
        arrears_settled=ARREARS_SETTLED,
        not_relocated_new=Naive(("relocated",), lambda relocated, on: relocated != "new"),
        not_relocated_old=Naive(("relocated",), lambda relocated, on: relocated != "old"),
        no_campaign_restriction=Naive(("campaign_restricted",), lambda restricted, on: not restricted),
        no_special_number_restriction=Naive(("special_number_restricted",), lambda restricted, on: not restricted),
        no_subsidy_agreement=Naive(("subsidy_agreement_end",), ended),
    ),
    "cancel_service": operation(
        public_rules=True,
        arrears_settled=ARREARS_SETTLED,
        no_plan_agreement=Naive(("plan_agreement_end",), ended),
        no_special_terms=Naive(("special_terms",), lambda special, on: not special),
        no_special_number_agreement=SPECIAL_NUMBER,
    ),
    "suspend_service": operation(
        lost=True,
        public_rules=True,
        applies=while_status(suspended=False),
        no_special_number_agreement=SPECIAL_NUMBER,
    ),
    "resume_service": operation(
        lost=True,
        public_rules=True,
        applies=while_status(suspended=True, barred=True),
        not_barred_for_arrears=Naive(
            ("status", "arrears"), lambda status, arrears, on: status != "barred" or arrears == 0
        ),
    ),
    "transfer_ownership": operation(lost=True, public_rules=True, no_special_number_agreement=SPECIAL_NUMBER),
    "replace_sim": operation(
        public_rules=True,
        arrears_settled=ARREARS_SETTLED,
        postpaid_state=Naive(
            ("payment", "status"),
            lambda payment, status, on: payment == "prepaid" or status not in ("suspended", "lost"),
        ),
        prepaid_stage=Naive(
            ("payment", "lifecycle"),
            lambda payment, stage, on: payment == "postpaid" or stage not in ("recharge", "locked"),
        ),
    ),
    "refund_prepayment": operation(
        applies=Naive(("status", "prepayment_kind"), lambda status, kind, on: status != "cancelled" and kind != "none"),
        agreements_ended=Naive(
            ("plan_agreement_end", "subsidy_agreement_end", "special_number_agreement_end"),
            lambda plan, subsidy, special, on: ended(plan, on) and ended(subsidy, on) and ended(special, on),
        ),
        not_special_number_deposit=Naive(("prepayment_kind",), lambda kind, on: kind != "special_number"),
    ),
    "unsubscribe_product": operation(public_rules=True, arrears_settled=ARREARS_SETTLED),
    "book_product": operation(public_rules=True),
    "manage_password": operation(
        arrears_settled=ARREARS_SETTLED,
        blacklist_clear=Naive(("blacklisted",), lambda blacklisted, on: None if blacklisted else True),
    ),
    "unlock_account": operation(
        applies=Naive(
            ("status", "payment", "ownership", "lifecycle"),
            lambda status, payment, ownership, stage, on: (
                status != "cancelled"
                and payment == "prepaid"
                and ownership == "individual"
                and stage in ("locked", "expired")
            ),
        ),
        not_past_lock=Naive(("lifecycle",), lambda stage, on: stage != "expired"),
    ),
    "query_lifecycle": operation(
        applies=Naive(
            ("status", "payment", "ownership"),
            lambda status, payment, ownership, on: (
                status != "cancelled" and payment == "prepaid" and ownership == "individual"
            ),
        ),
    ),
    "query_points": operation(
        public_rules=True, signed_member=Naive(("signed_member",), lambda signed, on: bool(signed))
    ),
    "query_call_records": operation(public_rules=True),
    "print_call_records": operation(public_rules=True),
    "mask_call_records": operation(public_rules=True),
    "relocate": operation(lost=True),
    "report_loss": operation(lost=True, applies=while_status(lost=False)),
    "cancel_loss": operation(lost=True, applies=while_status(lost=True)),
    "change_profile": operation(lost=True),
    "redeem_points": operation(lost=True),
    "international_roaming": operation(lost=True, public_rules=True),
    "new_connection": NEVER,
    "group_products": NEVER,
    "balance_reminder": NEVER,
    "arrears_collection": NEVER,
    "report_fault": NEVER,
}


def status(applies: Met, truths: Iterable[Met]) -> str:
    """The status as the contract words it."""
    truths = list(truths)
    if applies is False:
        return "not_applicable"
    if any(truth is False for truth in truths):
        return "blocked"
    if applies is None or any(truth is None for truth in truths):
        return "needs_review"
    return "allowed"
