"""Journeys in WeChat and WeCom: the real system behind the simulators of the platforms."""

import asyncio
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.wechat.platform import Delivery, OfficialAccount, Shown
from tests.wechat.whole_system import whole_system
from tests.wecom.platform import SelfBuiltApp

pytestmark = pytest.mark.system

_LIMIT_BYTES = 2048
_QUIET_SECONDS = 2.0
STAFF = "zhang: {name: 张三, role: clerk}\nli: {name: 李四, role: rule_owner}\n"
# A number of the demo accounts, with arrears.
NUMBER = "18600010102"


@dataclass(frozen=True)
class Place:
    """Both platforms, and the loop that they run in."""

    runner: asyncio.Runner
    platform: OfficialAccount
    app: SelfBuiltApp

    def wechat(self, openid: str, text: str) -> list[str]:
        """All texts that come on what a follower says, in their order."""
        return self.runner.run(_said(self.platform.say(openid, text), self.platform.user(openid).shown))

    def wecom(self, userid: str, text: str) -> list[str]:
        """All texts that come on what a user of WeCom says, in their order."""
        return self.runner.run(_said(self.app.say(userid, text), self.app.shown.setdefault(userid, [])))


async def _said(saying: Coroutine[Any, Any, Delivery], shown: list[Shown]) -> list[str]:
    before = len(shown)
    delivery = await saying
    assert delivery.statuses[-1] == 200
    async with asyncio.timeout(60):
        while len(shown) == before:
            await asyncio.sleep(0.1)
    seen = 0
    while seen != len(shown):
        seen = len(shown)
        await asyncio.sleep(_QUIET_SECONDS)
    return [one.text for one in shown[before:]]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    platform = OfficialAccount(callback="")
    app = SelfBuiltApp("", {"zhang", "li", "visitor"})
    with asyncio.Runner() as runner:
        running = whole_system(platform, tmp_path_factory.mktemp("wechat"), app, STAFF)
        runner.run(running.__aenter__())
        yield Place(runner, platform, app)
        runner.run(running.__aexit__(None, None, None))
        assert (platform.faults, app.faults) == ([], [])


def test_a_question_about_a_rule_is_answered_with_its_source(place):
    told = "\n".join(place.wechat("o-asks", "补卡要带什么材料"))
    assert "证件" in told
    assert "依据" in told


def test_a_choice_is_taken_by_its_number(place):
    offered = place.wechat("o-chooses", "我要过户")[-1]
    assert "1." in offered or "1、" in offered
    told = "\n".join(place.wechat("o-chooses", "1"))
    assert told != offered
    assert "依据" in told


def test_a_long_answer_comes_in_messages_that_the_platform_takes_in_their_order(place):
    told = place.wechat("o-reads-long", "单位过户要带什么材料，有什么条件，怎么收费")
    assert all(len(one.encode()) <= _LIMIT_BYTES for one in told)
    assert "依据" in told[-1]
    assert sum(len(one) for one in told) > 100


def test_staff_see_every_condition_of_a_number_in_wecom_and_followers_of_the_account_nothing_of_it(place):
    told = "\n".join(place.wecom("zhang", f"{NUMBER}现在能销户吗"))
    assert "32.50" in told
    assert "逐项核对" in told
    follower = "\n".join(place.wechat("o-curious", f"{NUMBER}现在能销户吗"))
    assert "32.50" not in follower
    assert "逐项核对" not in follower


def test_a_rule_owner_sees_rules_and_no_account_in_wecom_as_on_the_console(place):
    for question in (f"{NUMBER}现在能销户吗", "源创三象名下哪些号码现在能销户"):
        told = "\n".join(place.wecom("li", question))
        assert "32.50" not in told
        assert "坐席或主管" in told
    assert "依据" in "\n".join(place.wecom("li", "补卡要带什么材料"))


def test_who_is_no_member_of_staff_learns_nothing_in_wecom(place):
    told = place.wecom("visitor", f"{NUMBER}现在能销户吗")
    assert len(told) == 1
    assert "还没有登记" in told[0]
