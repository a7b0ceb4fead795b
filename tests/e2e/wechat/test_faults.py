"""Messages while connections, gateways and the platforms fail: two gateways for each in processes of their own, small.

`make wechat-fault-run` is the same with 2,000 messages, in real seconds.
"""

import asyncio
from pathlib import Path

from benchmarks.wechat_faults.channels import CHANNELS, Channel
from benchmarks.wechat_faults.run import Plan, Result, run, told


def small(channel: Channel, folder: Path) -> Plan:
    """A few messages, one gateway that is stopped and one that is killed."""
    folder.mkdir()
    return Plan(
        f"sqlite:///{folder / 'conversations.db'}",
        folder,
        messages=48,
        people=24,
        channel=channel,
        delay=6.0,
        pause=5.0,
        every=4.0,
        ends=2,
        between=True,
        # Of a busy machine nothing is to be judged.
        answer_seconds=20.0,
    )


def require_right(plan: Plan, result: Result) -> None:
    """Fails unless every message was answered once, to whoever wrote it."""
    log = (plan.folder / "gateways.log").read_text(errors="replace")
    for name in ("lost", "doubled", "crossed", "resent", "unlike"):
        assert getattr(result, name) == [], f"{plan.channel} {name}\n{log[-3000:]}"
    assert result.passive + result.late + len(result.undelivered) == plan.messages
    # Its three deliveries cut, or ended together with a gateway: rare, and then nobody has promised anything.
    assert len(result.undelivered) <= plan.messages // 10, told(result)
    assert "Traceback" not in log
    for fault in ("SIGTERM", "SIGKILL", "doubled", "cut after"):
        assert result.done[fault], told(result)


async def test_no_message_is_lost_doubled_or_given_to_somebody_else(tmp_path: Path) -> None:
    # At the same time: they mostly wait.
    plans = [small(channel, tmp_path / channel) for channel in CHANNELS]
    for plan, result in zip(plans, await asyncio.gather(*map(run, plans)), strict=True):
        require_right(plan, result)
