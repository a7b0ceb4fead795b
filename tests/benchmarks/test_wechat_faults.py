"""The fuzzing of the Official Account, small."""

from benchmarks.wechat_faults import fuzz


async def test_no_odd_body_is_answered_with_a_fault_of_ours(tmp_path, monkeypatch):
    monkeypatch.setenv("BOT_VAR", str(tmp_path))
    figures = await fuzz.run(3000, 1, timed=False)
    assert figures.wrong == []
    assert figures.bodies == 3000
    assert set(figures.statuses) >= {200, 403}
