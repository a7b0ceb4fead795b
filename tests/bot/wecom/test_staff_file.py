from pathlib import Path

import pytest

from actions.settings import SettingsError
from bot.wecom.staff import StaffFile, read_members


def nobody_disabled(_name: str) -> bool:
    return False


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("- zhang\n", "staff.yml"),
        ("zhang: 张三\n", "“zhang”应有 name"),
        ("zhang: {name: 张三}\n", "“zhang”应有 name"),
        ("zhang: {name: 张三, role: clerk, more: 1}\n", "“zhang”应有 name"),
        ("zhang: {name: '', role: clerk}\n", "“zhang”应有 name"),
        ("zhang: {name: 张三, role: boss}\n", "clerk、supervisor、rule_owner"),
        ("zhang san: {name: 张三, role: clerk}\n", "“zhang san”不是企业微信的用户ID"),
        ("zhang: {name: 张三, role: clerk}\nZhang: {name: 李四, role: clerk}\n", "“Zhang”出现了两次"),
        ("zhang: {name: 张三, role: clerk}\nzhang: {name: 李四, role: clerk}\n", "staff.yml:2"),
        ("zhang: [\n", "staff.yml"),
        # Read as a number, 007 would be another id.
        ("10086: {name: 张三, role: clerk}\n", "键必须是文字"),
    ],
)
def test_what_is_wrong_with_the_file_is_said_in_one_sentence(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "staff.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        read_members(path)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_lets_nobody_in_and_is_told_at_the_start(tmp_path: Path) -> None:
    staff = StaffFile(tmp_path / "staff.yml", nobody_disabled)
    assert staff.find("zhang") is None
    with pytest.raises(SettingsError, match="没有这个文件"):
        staff.check()


def test_without_a_file_nobody_is_known() -> None:
    staff = StaffFile(None, nobody_disabled)
    staff.check()
    assert staff.find("zhang") is None


def test_an_id_of_digits_is_one_in_quotes(tmp_path: Path) -> None:
    path = tmp_path / "staff.yml"
    path.write_text('"007": {name: 张三, role: clerk}\n', encoding="utf-8")
    member = StaffFile(path, nobody_disabled).find("007")
    assert member is not None
    assert member.identity.name == "张三"
