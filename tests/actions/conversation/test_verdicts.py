import pytest

from actions.audit.asker import in_conversation
from actions.conversation.context import Context, Request
from actions.conversation.verdicts import NoSubject, Subject, choose_number
from actions.identity import Identity, from_metadata, mask_number
from actions.settings import ROOT
from actions.understanding import Understanding
from knowledge.loader import load_rules

PACK = load_rules(ROOT / "knowledge").pack
REQUEST = Request(operation="cancel_service", aspect="eligibility")
ONE = Identity(role="customer", numbers=("18600000001",))
TWO = Identity(role="customer", numbers=("18600000001", "18600000002"))
STAFF = Identity(role="staff", name="李")
NOTHING = Understanding("answer")


def named(*numbers: str) -> Understanding:
    return Understanding("answer", numbers=numbers)


def test_a_customer_with_one_number_need_not_name_it() -> None:
    assert choose_number(ONE, NOTHING, REQUEST, Context(), PACK) == Subject("18600000001")


def test_a_customer_never_gets_at_a_number_of_somebody_else() -> None:
    answer = choose_number(ONE, named("18699999999"), REQUEST, Context(), PACK)
    assert isinstance(answer, NoSubject)
    assert "186****9999" in answer.text
    assert "18699999999" not in answer.text


def test_a_number_that_the_conversation_remembers_is_checked_against_the_sign_in_again() -> None:
    answer = choose_number(TWO, NOTHING, REQUEST, Context(number="18699999999"), PACK)
    assert isinstance(answer, NoSubject)


def test_a_member_of_staff_who_looks_at_no_accounts_gets_no_number_looked_at() -> None:
    owner = Identity(role="staff", name="李", accounts=False)
    for understanding, context in ((named("18699999999"), Context()), (NOTHING, Context(number="18699999999"))):
        answer = choose_number(owner, understanding, REQUEST, context, PACK)
        assert isinstance(answer, NoSubject)
        assert "坐席或主管" in answer.text
    with pytest.raises(PermissionError):
        in_conversation(owner)
    # As it travels to where it is asked.
    assert from_metadata(owner.to_metadata()) == owner
    assert from_metadata({**owner.to_metadata(), "accounts": None}) == owner
    assert from_metadata(STAFF.to_metadata()) == STAFF


def test_several_numbers_are_offered_masked_and_each_choice_carries_its_own() -> None:
    answer = choose_number(TWO, NOTHING, REQUEST, Context(), PACK)
    assert isinstance(answer, NoSubject)
    assert [choice.label for choice in answer.choices] == ["186****0001", "186****0002"]
    assert [choice.request.number for choice in answer.choices] == ["18600000001", "18600000002"]


def test_the_number_chosen_stays_chosen() -> None:
    assert choose_number(TWO, NOTHING, REQUEST, Context(number="18600000002"), PACK) == Subject("18600000002")


def test_a_sign_in_without_numbers_sees_no_account() -> None:
    assert isinstance(choose_number(Identity(role="customer"), NOTHING, REQUEST, Context(), PACK), NoSubject)


def test_staff_name_the_number_and_may_go_on_about_it() -> None:
    assert isinstance(choose_number(STAFF, NOTHING, REQUEST, Context(), PACK), NoSubject)
    assert choose_number(STAFF, named("18600000001"), REQUEST, Context(), PACK) == Subject("18600000001")
    assert choose_number(STAFF, NOTHING, REQUEST, Context(number="18600000001"), PACK) == Subject("18600000001")


def test_a_customer_names_a_number_by_its_end() -> None:
    end = Understanding("clarify", tails=("0002",))
    assert choose_number(TWO, end, REQUEST, Context(number="18600000001"), PACK) == Subject("18600000002")
    answer = choose_number(TWO, Understanding("clarify", tails=("9999",)), REQUEST, Context(), PACK)
    assert isinstance(answer, NoSubject)
    assert "9999" in answer.text


def test_the_other_number_is_the_one_that_was_not_looked_at() -> None:
    other = Understanding("clarify", other_number=True)
    assert choose_number(TWO, other, REQUEST, Context(number="18600000001"), PACK) == Subject("18600000002")
    assert isinstance(choose_number(TWO, other, REQUEST, Context(), PACK), NoSubject)


def test_who_has_one_number_has_no_other() -> None:
    other = Understanding("clarify", other_number=True)
    answer = choose_number(ONE, other, REQUEST, Context(number="18600000001"), PACK)
    assert isinstance(answer, NoSubject)
    assert "186****0001" in answer.text
    assert not answer.choices


def test_staff_give_the_whole_number_where_its_end_is_not_of_the_last_one() -> None:
    context = Context(number="18600000001")
    assert choose_number(STAFF, Understanding("answer", tails=("0001",)), REQUEST, context, PACK) == Subject(
        "18600000001"
    )
    for another in (Understanding("answer", tails=("0002",)), Understanding("answer", other_number=True)):
        assert isinstance(choose_number(STAFF, another, REQUEST, context, PACK), NoSubject)


def test_a_chosen_number_goes_before_a_remembered_one() -> None:
    chosen = Request(operation="cancel_service", aspect="eligibility", number="18600000002")
    assert choose_number(TWO, NOTHING, chosen, Context(number="18600000001"), PACK) == Subject("18600000002")


def test_metadata_with_an_unknown_role_gives_no_identity() -> None:
    assert from_metadata({"role": "admin", "numbers": ["18600000001"]}) is None
    assert from_metadata(None) is None


def test_masks_keep_too_little_to_call_the_number() -> None:
    assert mask_number("18612345678") == "186****5678"
    assert mask_number("02212345678") == "022****5678"
    assert mask_number("1234") == "12**34"
