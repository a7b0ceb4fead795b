"""Sums of money, which some documents state and others do not."""

import pytest

from tests.knowledge.conftest import edit


@pytest.mark.parametrize("amount", ["10元", "五十元", "1.5元", "￥8", "两块钱", "三万元"])
def test_an_amount_is_found_where_the_documents_state_none(folder, found, amount):
    edit(folder, "lead: 要收搬运费。", f"lead: 要收{amount}。")
    assert any(problem.startswith("31：规则文件没有写任何金额，这里却有“") for problem in found()), found()


def test_an_amount_may_be_written_where_the_documents_state_some(folder, found):
    edit(folder, "states_amounts: false", "states_amounts: true", "pack.yml")
    edit(folder, "lead: 要收搬运费。", "lead: 要收五十元。")
    assert not any("金额" in problem for problem in found())


@pytest.mark.parametrize("amount", ["五十元", "50元"])
def test_an_amount_must_stand_in_the_cited_section(folder, compare, amount):
    edit(folder, "states_amounts: false", "states_amounts: true", "pack.yml")
    edit(folder, "lead: 要收搬运费。", f"lead: 要收搬运费{amount}。")
    assert f"所引用的《集团客户标准服务内容》一(一)里没有“{amount}”" in compare()
