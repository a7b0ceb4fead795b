"""The fuzzing of the callbacks, small."""

import pytest

from benchmarks.wechat_faults import fuzz
from benchmarks.wechat_faults.channels import Channel


@pytest.mark.parametrize(("channel", "bodies"), [("wechat", 3000), ("wecom", 900), ("robot", 900)])
async def test_no_odd_body_is_answered_with_a_fault_of_ours_or_without_a_signature(
    channel: Channel, bodies: int, tmp_path, monkeypatch
):
    monkeypatch.setenv("BOT_VAR", str(tmp_path))
    figures = await fuzz.run(channel, bodies, 1, timed=False)
    assert (figures.wrong, figures.unsigned, figures.logged) == ([], [], [])
    assert figures.bodies == bodies
    assert set(figures.statuses) >= {200, 403}
