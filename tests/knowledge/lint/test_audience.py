"""Nobody is told what is not meant for them."""

import pytest

from tests.knowledge.conftest import edit


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("lead: 到仓库办理。", "lead: 凭单位搬运函到仓库办理。", "27：“单位搬运函”只属于单位"),
        ("- 箱子不超过20公斤。", "- 凭单位搬运函。", "23：“单位搬运函”只属于单位"),
    ],
)
def test_no_individual_is_asked_for_the_papers_of_a_unit(folder, found, old, new, expected):
    edit(folder, old, new)
    assert any(problem.startswith(expected) for problem in found()), found()


def test_what_an_internal_document_says_is_for_staff(folder, found):
    fault = "27：《集团客户标准服务内容》是内部文件，引用它的要写“audience: staff”"
    assert fault not in found()
    edit(folder, "    begins: 搬运手册", "    begins: 搬运手册\n    internal: true", "documents.yml")
    assert fault in found()
    assert not any(problem.startswith("35：") for problem in found())
