"""What each fault of a billing system does to the facts: unknown where it struck, and never a default."""

from datetime import timedelta
from typing import get_args

import pytest

from actions.accounts.errors import SourceUnavailable
from actions.accounts.facts import Absent, Known, Unknown
from tests.actions.accounts.billing.conftest import NOBODY, NUMBER, OTHER, TRUE
from tests.simulators.billing import LASTING, NO_ANSWER, PARTLY_WRONG, SECRET, Fault

NOT_TEXTS = {
    *("payment", "arrears", "refundable", "points", "campaign_restricted", "special_number_restricted"),
    *("special_terms", "roaming", "roaming_prepayment", "roaming_closed_on"),
}


def reasons(account) -> dict[str, str]:
    return {name: fact.reason for name, fact in account.facts.items() if isinstance(fact, Unknown)}


async def test_every_fact_comes_as_the_system_has_it(source, facts):
    account = await source.find(NUMBER, facts)
    assert account.values() == TRUE
    assert set(account.facts) == set(facts) == source.facts
    assert (account.number, account.customer, account.customer_name) == (NUMBER, "G1001", "源创三象科技有限公司")


async def test_every_fact_says_where_it_comes_from_and_of_which_time_it_is(source, system):
    stamp = system.now().replace(microsecond=0) - timedelta(minutes=3)
    system.now = lambda: stamp
    account = await source.find(NUMBER, TRUE)
    assert {type(fact) for fact in account.facts.values()} == {Known, Absent}
    assert {(fact.source, fact.read_at) for fact in account.facts.values()} == {("计费系统", stamp)}


async def test_without_a_stamp_in_the_mapping_facts_are_of_the_time_they_were_answered(make_source, system):
    source = make_source(
        ("  as_of: {at: data.asOf, form: iso8601}\n", ""),
        ("  max_age: 15m\n", ""),
        ("    max_age: 1d\n", ""),
        (", max_age: 1d}", "}"),
    )
    before = system.now()
    account = await source.find(NUMBER, TRUE)
    assert all(before <= fact.read_at <= system.now() for fact in account.facts.values())


async def test_a_number_that_the_system_declares_unknown_is_none(source):
    assert await source.find(NOBODY, TRUE) is None


async def test_a_status_404_that_does_not_say_so_is_no_such_declaration(make_source):
    source = make_source(('equals: ["NO_SUCH_NUMBER"]', 'equals: ["GONE"]'))
    with pytest.raises(SourceUnavailable, match="404"):
        await source.find(NOBODY, TRUE)


async def test_no_such_number_about_another_number_says_nothing(source, system, monkeypatch):
    monkeypatch.setattr("actions.accounts.billing.mapping.NotFound.says", lambda *_: True)
    assert await source.find(NUMBER, TRUE) is None
    system.fault = "wrong_number"
    assert set(reasons(await source.find(NUMBER, TRUE))) == set(TRUE)


async def test_a_number_cannot_lead_to_another_address(source, system):
    assert await source.find("../../admin?x=1#", TRUE) is None
    assert system.requests[-1].raw_path == "/v1/subscribers/..%2F..%2Fadmin%3Fx=1%23"


async def test_a_number_that_cannot_be_written_is_nobodys(source):
    assert await source.find("\udcff", TRUE) is None


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("slow", "没有在 0.05 秒内答复"),
        ("error_500", "500"),
        ("busy", "429"),
        ("forbidden", "403"),
        ("dropped", "断开"),
        ("dropped_midway", "断开"),
        ("truncated", "不是完整的 JSON"),
        ("html", "不是完整的 JSON"),
        ("repeated_key", "不是完整的 JSON"),
        ("huge", "超过了 20000 字节"),
        ("redirect", "转到别的地址"),
        ("compressed", "压缩"),
        ("failure_code", "没有成功"),
    ],
)
async def test_without_a_usable_answer_nothing_is_said_of_the_account(make_source, system, fault, said):
    source = make_source(each_seconds=0.05 if fault == "slow" else 1)
    system.fault = fault
    with pytest.raises(SourceUnavailable, match=said):
        await source.find(NUMBER, TRUE)


def test_every_fault_is_tested():
    assert set(get_args(Fault)) == {*NO_ANSWER, *PARTLY_WRONG}
    assert NO_ANSWER[-1] == "repeated_key"


async def test_a_redirect_is_not_followed(source, system):
    system.fault = "redirect"
    with pytest.raises(SourceUnavailable):
        await source.find(NUMBER, TRUE)
    assert len(system.requests) == 1


async def test_all_attempts_together_end_in_time(make_source, system):
    source = make_source(each_seconds=0.1, total_seconds=0.15, attempts=10)
    system.fault = "slow"
    with pytest.raises(SourceUnavailable, match=r"没有在 0\.15 秒内答复"):
        await source.find(NUMBER, TRUE)
    assert len(system.requests) < 5


async def test_nobody_listening_is_said(make_source, system):
    source = make_source((system.url, "http://127.0.0.1:1"))
    with pytest.raises(SourceUnavailable, match="连不上"):
        await source.find(NUMBER, TRUE)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("wrong_number", "不是这个号码"),
        ("no_number", "号码"),
        ("very_stale", "时效"),
        ("no_stamp", "没有说明"),
        ("future_stamp", "在将来"),
    ],
)
async def test_data_that_is_not_of_this_number_and_this_time_says_nothing_at_all(source, system, fault, said):
    system.fault = fault
    for _ in range(8):
        account = await source.find(NUMBER, TRUE)
        assert set(reasons(account)) == set(TRUE)
        assert all(said in reason and "计费系统" in reason for reason in reasons(account).values())


async def test_each_fact_has_its_own_limit_of_age(source, system):
    system.fault = "stale"
    account = await source.find(NUMBER, TRUE)
    assert account.values() == {name: TRUE[name] for name in LASTING}
    assert "15 分钟" in reasons(account)["arrears"]


@pytest.mark.parametrize("fault", ["missing_fields", "nulls", "wrong_types", "foreign_words"])
async def test_a_faulty_part_makes_its_own_facts_unknown_and_no_others_wrong(source, system, fault):
    system.fault = fault
    struck = set()
    for _ in range(60):
        account = await source.find(NUMBER, TRUE)
        struck |= set(reasons(account))
        assert account.values().items() <= TRUE.items()
        assert set(account.values()) | set(reasons(account)) == set(TRUE)
    # Only texts can be foreign words.
    assert struck == (set(TRUE) - NOT_TEXTS if fault == "foreign_words" else set(TRUE))


def spoilt(place: str, value: object):
    """A change of one value in the answer."""

    def change(document):
        *steps, last = place.split(".")
        node = document["data"]
        for step in steps:
            node = node[step]
        node[last] = value

    return change


@pytest.mark.parametrize(
    ("place", "value", "fact", "said"),
    [
        ("fee.owe", "3250", "arrears", "应是整数"),
        ("fee.owe", 32.5, "arrears", "应是整数"),
        ("fee.owe", -1, "arrears", "不能小于"),
        ("fee.owe", 100_000_001, "arrears", "不像真的"),
        ("fee.owe", 10**400, "arrears", "不像真的"),
        ("fee.balance", "1e3", "balance", "不是数"),
        ("fee.balance", "", "balance", "不是数"),
        ("fee.balance", "٣", "balance", "不是数"),
        ("fee.balance", "0.001", "balance", "四舍五入"),
        ("fee.balance", "99999999999999.00", "balance", "太大"),
        ("fee.refundable", 5, "refundable", "四舍五入"),
        ("roaming.prepaid", True, "roaming_prepayment", "应是数"),
        ("points", 1.5, "points", "应是整数"),
        ("state", "X", "status", "“X”不在对照表里"),
        ("state", "a", "status", "不在对照表里"),
        ("pay", True, "payment", "应是整数"),
        ("restricted.campaign", 2, "campaign_restricted", "不在对照表里"),
        ("restricted.special", "false", "special_number_restricted", "应是真假值"),
        ("planEnd", "2027123", "plan_agreement_end", "不是约定格式"),
        ("planEnd", "20270230000000", "plan_agreement_end", "不是约定格式"),
        ("planEnd", "99991231000000", "plan_agreement_end", "不像真的"),
        ("special.has", False, "special_number_agreement_end", "一面说没有"),
        ("special.until", "0000-00-00", "special_number_agreement_end", "不是约定格式"),
        ("roaming.closedAt", 10**18, "roaming_closed_on", "不是约定格式"),
        ("roaming.closedAt", "0", "roaming_closed_on", "应是整数"),
        ("agreements", [], "subsidy_agreement_end", None),
        ("agreements", {}, "subsidy_agreement_end", "没有这一项"),
        ("agreements", [{"type": "OTHER"}, {"end": "x"}], "subsidy_agreement_end", "没有这一项"),
        ("agreements", [{"type": "SUBSIDIES"}], "subsidy_agreement_end", "没有这一项"),
        ("agreements", [{"type": "SUBSIDY"}] * 2, "subsidy_agreement_end", "给出了几份"),
    ],
)
async def test_a_value_that_cannot_be_is_unknown_with_its_reason(source, system, place, value, fact, said):
    system.change = spoilt(place, value)
    account = await source.find(NUMBER, TRUE)
    if said is None:
        assert isinstance(account.fact(fact), Absent)
    else:
        assert set(reasons(account)) == {fact}
        assert said in reasons(account)[fact]


async def test_what_another_system_would_call_none_is_not_ours(source, system):
    system.change = spoilt("relocated", "none")
    assert "不在对照表里" in reasons(await source.find(NUMBER, TRUE))["relocated"]


async def test_a_customer_name_that_cannot_be_shown_is_left_out(source, system):
    for name in (None, 5, " ", "x" * 300, "a\x00b"):
        system.change = spoilt("customer.name", name)
        assert (await source.find(OTHER, TRUE)).customer_name is None


async def test_neither_the_secret_nor_the_number_is_ever_told(make_source, system, caplog):
    caplog.set_level("DEBUG")
    said = []
    source = make_source(attempts=1)
    for fault in get_args(Fault):
        system.fault = fault
        try:
            said.append(str((await source.find(NUMBER, TRUE)).facts))
        except SourceUnavailable as failure:
            said.append(f"{failure} {failure!r} {failure.__context__!r}")
    said += [record.getMessage() for record in caplog.records if record.name.startswith("actions")]
    assert len(said) > len(get_args(Fault))
    assert not any(SECRET in text for text in [*said, *(record.getMessage() for record in caplog.records)])
    assert not any(NUMBER in text for text in said)
    assert SECRET not in repr(source._mapping)
    assert system.requests[0].headers["Authorization"] == f"Bearer {SECRET}"
