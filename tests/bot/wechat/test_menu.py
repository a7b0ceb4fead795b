"""The menu's file: what is refused, and how that is said."""

import pytest

from bot.wechat.menu import MenuError, read_menu

ONE = "menu: [{name: 帮助, asks: 你能做什么}]"


@pytest.fixture
def read(tmp_path):
    def read(content: str | bytes):
        file = tmp_path / "menu.yml"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_menu(file)

    return read


def test_our_own_menu_is_one():
    menu = read_menu()
    entry = menu.entry("绑定号码")
    assert entry is not None
    assert entry.asks == "绑定号码"
    assert menu.entry("没有的") is None


def test_each_kind_of_entry_takes_the_form_of_the_platform(read):
    menu = read(
        "menu:\n"
        "  - {name: 帮助, asks: 你能做什么}\n"
        "  - {name: 网站, url: 'https://hall.example/a'}\n"
        "  - {name: 更多, entries: [{name: 时间, says: 周一到周五, key: hours}]}\n"
    )
    assert menu.to_platform() == {
        "button": [
            {"type": "click", "name": "帮助", "key": "帮助"},
            {"type": "view", "name": "网站", "url": "https://hall.example/a"},
            {"name": "更多", "sub_button": [{"type": "click", "name": "时间", "key": "hours"}]},
        ]
    }


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xfe", "读不了"),
        ("menu: [", "不是正确的 YAML"),
        ("- 1", "最外层应是 menu:"),
        ("menu: {}", "最外层应是 menu:"),
        ("menu: []", "1 到 3 个按钮，现在是 0 个"),
        (f"menu: [{', '.join(f'{{name: 一{n}, asks: 二}}' for n in range(4))}]", "现在是 4 个"),
        ("menu: [帮助]", "第 1 个按钮应写明 name"),
        ("menu: [{asks: 你能做什么}]", "第 1 个按钮没有 name"),
        ("menu: [{name: ' ', asks: 你能做什么}]", "没有 name"),
        ("menu: [{name: 一二三四五六, asks: 你能做什么}]", "太长，最多 16 字节（5 个汉字）"),
        ("menu: [{name: 帮助}]", "应写明 asks、says、url 之一"),
        ("menu: [{name: 帮助, asks: 甲, says: 乙}]", "不能多也不能少"),
        ("menu: [{name: 帮助, asks: ''}]", "不能多也不能少"),
        ("menu: [{name: 帮助, asks: 5}]", "不能多也不能少"),
        ("menu: [{name: 帮助, url: 'javascript:alert(1)'}]", "http 或 https"),
        (f"menu: [{{name: 帮助, url: 'https://{'a' * 1020}'}}]", "最多 1024 字节"),
        (f"menu: [{{name: 帮助, asks: 甲, key: {'k' * 129}}}]", "key 最多 128 字节"),
        ("menu: [{name: 帮助, entries: []}]", "1 到 5 项"),
        (
            f"menu: [{{name: 帮助, entries: [{', '.join(f'{{name: 一{n}, asks: 二}}' for n in range(6))}]}}]",
            "1 到 5 项",
        ),
        ("menu: [{name: 帮助, entries: [甲]}]", "第 1 个按钮的第 1 项应写明 name"),
        ("menu: [{name: 帮助, entries: [{name: 甲, asks: 乙}, {name: 丙}]}]", "第 1 个按钮的第 2 项（丙）"),
        ("menu: [{name: 甲, asks: 乙}, {name: 甲, asks: 丙}]", "key 都是“甲”"),
    ],
)
def test_what_the_platform_would_not_take_is_refused_in_one_sentence(read, content, sentence):
    with pytest.raises(MenuError) as refused:
        read(content)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)
    assert str(refused.value).endswith("。")


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(MenuError, match=r"nowhere\.yml 读不了"):
        read_menu(tmp_path / "nowhere.yml")


@pytest.mark.parametrize("kind", ["name", "key"])
def test_what_is_just_short_enough_is_taken(read, kind):
    length = {"name": "一二三四五", "key": "k" * 128}[kind]
    assert read(f"menu: [{{{kind}: {length}, asks: 甲{'' if kind == 'name' else ', name: 帮助'}}}]")
