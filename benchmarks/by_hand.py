"""What somebody would write by hand for two operations: the same three-valued verdicts, with no rules as data.

The limit that an evaluator in Python can be measured against. Values as in `knowledge.predicates.Values`.
"""

from collections.abc import Callable
from datetime import date

from knowledge.facts import NONE
from knowledge.predicates import Truth, Values

ByHand = Callable[[Values, date], tuple[str, Truth, tuple[Truth, ...]]]


def change_number(values: Values, on: date) -> tuple[str, Truth, tuple[Truth, ...]]:
    status = values.get("status")
    if status == "cancelled":
        return "not_applicable", False, ()
    arrears = values.get("arrears")
    relocated = values.get("relocated")
    campaign = values.get("campaign_restricted")
    special = values.get("special_number_restricted")
    subsidy = values.get("subsidy_agreement_end")
    truths = (
        None if arrears is None else arrears == 0,
        None if relocated is None else relocated != "new",
        None if relocated is None else relocated != "old",
        None if campaign is None else not campaign,
        None if special is None else not special,
        None if subsidy is None else subsidy == NONE or on > subsidy,
    )
    applies = None if status is None else True
    if False in truths:
        return "blocked", applies, truths
    if None in truths or applies is None:
        return "needs_review", applies, truths
    return "allowed", applies, truths


def cancel_service(values: Values, on: date) -> tuple[str, Truth, tuple[Truth, ...]]:
    status = values.get("status")
    if status == "cancelled":
        return "not_applicable", False, ()
    arrears = values.get("arrears")
    plan = values.get("plan_agreement_end")
    terms = values.get("special_terms")
    special = values.get("special_number_agreement_end")
    truths = (
        True if values.get("ownership") == "organization" else None,
        None if arrears is None else arrears == 0,
        None if plan is None else plan == NONE or on > plan,
        None if terms is None else not terms,
        None if special is None else special == NONE or on > special,
    )
    applies = None if status is None else True
    if False in truths:
        return "blocked", applies, truths
    if None in truths or applies is None:
        return "needs_review", applies, truths
    return "allowed", applies, truths


BY_HAND: dict[str, ByHand] = {"change_number": change_number, "cancel_service": cancel_service}
