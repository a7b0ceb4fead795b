"""An overview hides neither a gap nor a difference."""

from tests.knowledge.conftest import edit


def test_an_overview_is_incomplete_where_an_aspect_is(found):
    assert found() == ["8：有的方面残缺，“overview”的状态应是“partial”"]


def test_an_overview_must_be_split_where_an_aspect_is(folder, found):
    edit(
        folder,
        "    organization: {status: stated, cite: 一(二), lead: 搬箱子要先预约。}\n"
        "    individual: {status: refers_to_public_rules, cite: 一(二)}\n",
        "    any: {status: partial, cite: 一(二), lead: 搬箱子要先预约。}\n",
    )
    assert "7：有的方面区分单位和个人，“overview”也要分开写" in found()
