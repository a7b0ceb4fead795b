"""Messages while connections, gateways and the platform fail: two gateways in processes of their own, small.

`make wechat-fault-run` is the same with 2,000 messages, in real seconds.
"""

from pathlib import Path

import pytest

from benchmarks.wechat_faults.channels import CHANNELS, Channel
from benchmarks.wechat_faults.run import Plan, run, told


@pytest.mark.parametrize("channel", CHANNELS)
async def test_no_message_is_lost_doubled_or_given_to_somebody_else(channel: Channel, tmp_path: Path) -> None:
    plan = Plan(
        f"sqlite:///{tmp_path / 'conversations.db'}",
        tmp_path,
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
    result = await run(plan)
    log = (tmp_path / "gateways.log").read_text(errors="replace")
    for name in ("lost", "doubled", "crossed", "resent", "unlike"):
        assert getattr(result, name) == [], f"{name}\n{log[-3000:]}"
    assert result.passive + result.late + len(result.undelivered) == plan.messages
    # Its three deliveries cut, or ended together with a gateway: rare, and then nobody has promised anything.
    assert len(result.undelivered) <= plan.messages // 10, told(result)
    assert "Traceback" not in log
    for fault in ("SIGTERM", "SIGKILL", "doubled", "cut after"):
        assert result.done[fault], told(result)
