"""The test cases beside the rule files are run by the lint."""


def test_an_answer_that_is_not_what_its_case_says_is_found(folder, found):
    path = folder / "operations" / "move_box.cases.yml"
    path.write_text("on: 2026-01-31\ncases:\n  - {aspect: fee, never: [目前不收费]}\n", encoding="utf-8")
    assert any("不应有“目前不收费”" in problem for problem in found())
    path.write_text("on: 2026-01-31\ncases:\n  - {aspect: fee, contains: [目前不收费]}\n", encoding="utf-8")
    assert not any("不应有“目前不收费”" in problem for problem in found())
