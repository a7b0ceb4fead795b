"""A mapping file that is not sound is refused, with every problem, its line and its field."""

from pathlib import Path

import pytest

from actions.accounts.billing.mapping_file import read_mapping
from actions.accounts.errors import SourceFileProblems
from actions.settings import SettingsError, account_secret, settings
from tests.simulators.billing import MAPPING

SOUND = MAPPING.read_text(encoding="utf-8").replace("@URL@", "https://billing.example.com")


@pytest.fixture
def read(tmp_path: Path, facts):
    """Reads the sound file with changes in its text."""

    def read(*changes: tuple[str, str]):
        text = SOUND
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        path = tmp_path / "billing.yml"
        path.write_text(text, encoding="utf-8")
        return read_mapping(path, facts, lambda name: f"secret of {name}")

    return read


def line_of(text: str) -> int:
    return SOUND[: SOUND.index(text)].count("\n") + 1


def test_the_sound_file_is_read(read, facts):
    mapping = read()
    assert mapping.name == "计费系统"
    assert {fact.spec.name for fact in mapping.facts} == set(facts)
    assert mapping.request.headers == {"Authorization": "Bearer secret of BILLING"}
    assert mapping.limits.max_bytes == 20_000


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("name: 计费系统", "title: 计费系统", "不认识的键“title”"),
        ("name: 计费系统", "name: 5", "“name”应当是文字"),
        ("https://billing.example.com", "billing.example.com", "https:// 开头"),
        ("https://billing.example.com", "ftp://billing.example.com", "https:// 开头"),
        ("https://billing.example.com", "https://{number}.example.com", "主机名里不能有"),
        ("https://billing.example.com", "https://a:b@billing.example.com", "不能写用户名和密码"),
        ("https://billing.example.com", "http://billing.example.com", "没有加密"),
        ("/{number}", "/number", "不知道查哪个号码"),
        ("  auth:", "  method: PUT\n  auth:", "“PUT”不对"),
        ("  auth:", "  body: {number: 1}\n  auth:", "GET 请求没有正文"),
        ("  auth:", "  repeatable: 是\n  auth:", "true 或 false"),
        ("  auth:", "  headers: {Cookie: a}\n  auth:", "不能写 Cookie"),
        ("  auth:", "  headers: {X-A: 一}\n  auth:", "X-A 的值"),
        ("  auth:", "  ca: nowhere.pem\n  auth:", "没有证书文件"),
        ("header: Authorization", 'header: "X: Y"', "请求头的名称"),
        ("secret: BILLING", "secret: billing", "只用大写字母"),
        ("secret: BILLING", "token: BILLING", "缺少“secret”"),
        ("Bearer {secret}", "Bearer", "应当有 {secret}"),
        ("each_seconds: 1,", "each_seconds: 0,", "0.01 到 60 之间的数"),
        ("each_seconds: 1,", "each_seconds: 3,", "不能比“total_seconds”长"),
        ("attempts: 3", "attempts: 2.5", "1 到 10 之间的数"),
        ("attempts: 3", "tries: 3", "不认识的键“tries”"),
        ("number: /data/msisdn", "number: data..msisdn", "应当是一个位置"),
        ("number: /data/msisdn", "# no number", "缺少“number”"),
        ('success: {at: code, equals: ["0"]}', "success: {at: code, equals: []}", "equals 应当是列表"),
        ('success: {at: code, equals: ["0"]}', "success: {at: code, equals: [null]}", "equals 应当是列表"),
        ("status: 404, ", "status: 4, ", "应写明 status"),
        ('{status: 404, at: code, equals: ["NO_SUCH_NUMBER"]}', "{status: 200}", "请再写 at 和 equals"),
        ('{status: 404, at: code, equals: ["NO_SUCH_NUMBER"]}', "{}", "应写明 status"),
        ("form: iso8601", "form: iso", "“iso”不对"),
        ("form: iso8601", 'form: "%Y%m"', "“%Y%m”不对"),
        ("form: iso8601", 'form: "%d.%m.%y"', "不对"),
        ("  max_age: 15m", "  max_age: 15", "30s、15m、2h 或 1d"),
        ("  ownership:", "  owner: {at: x}\n  ownership:", "“owner”不是规则库里的事实"),
        ("at: data.customer.type, words", "words", "缺少“at”"),
        ('"1": organization', '"1": company', "只能译成 organization、individual"),
        ('"1": organization', '"1": none', "只能译成 organization、individual"),
        ('"Y": true, "N": false', '"Y": yes', "只能译成 true、false"),
        (", unit: 分", "", "缺少“unit”"),
        ("unit: 元}", "unit: 毛}", "“毛”不对"),
        ("unit: 元}", "unit: 元, json: boolean}", "json 只能是"),
        ('at_most: "1000000"', "at_most: 1000000", "加引号的正数"),
        ('at_most: "1000000"', 'at_most: "-1"', "加引号的正数"),
        ("{at: data.points}", '{at: data.points, unit: "1"}', "不认识的键“unit”"),
        ("{at: data.terms}", "{at: data.terms, none: [0]}", "不能写 none"),
        ('none: ["00000000000000"]', "none: [null]", "空值（null）"),
        ('none: ["00000000000000"]', 'none: "0"', "“none”应当是列表"),
        ("equals: [false]}", "equal: [false]}", "不认识的键“equal”"),
        ("without: {type: SUBSIDY}", "without: SUBSIDY", "一个键和它的值"),
        ("kinds: [SUBSIDY, OTHER]", "kinds: [OTHER]", "其中要有“SUBSIDY”"),
        (", kinds: [SUBSIDY, OTHER]", "", "缺少“kinds”"),
        ("days: -1", "days: -400", "-31 到 31"),
        ("as_of: {at: data.asOf, form: iso8601}", "# nothing", "没有 as_of"),
        ("facts:\n", "facts: {}\nothers:\n", "至少要有一项"),
        ("name: 计费系统", "name: 计费系统\nname: 再来", "重复出现"),
    ],
)
def test_a_mistake_is_said_with_its_place(read, old, new, said):
    with pytest.raises(SourceFileProblems) as caught:
        read((old, new))
    text = str(caught.value)
    assert said in text
    assert all("billing.yml:" in line and "：" in line for line in text.splitlines())


def test_the_line_of_a_mistake_is_said(read):
    with pytest.raises(SourceFileProblems) as caught:
        read(('at_most: "1000000"', "at_most: many"))
    assert [problem.line for problem in caught.value.problems] == [line_of("  arrears:")]


def test_all_mistakes_are_said_at_once(read):
    with pytest.raises(SourceFileProblems) as caught:
        read((", unit: 分", ""), ("days: -1", "days: x"), ("status: 404", "status: x"))
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize("content", ["", "- 1", "{", "5"])
def test_what_is_no_mapping_at_all_is_said(tmp_path, facts, content):
    path = tmp_path / "x.yml"
    path.write_text(content)
    with pytest.raises(SourceFileProblems, match=r"x\.yml"):
        read_mapping(path, facts, str)


def test_a_file_that_is_not_there_is_said(tmp_path, facts):
    with pytest.raises(SourceFileProblems, match="没有这个文件"):
        read_mapping(tmp_path / "x.yml", facts, str)


def test_plain_http_needs_to_be_wanted_except_on_this_machine(read):
    plain = ("https://billing.example.com/v1/subscribers/{number}", "http://billing.example.com/{number}")
    read(plain, ("  auth:", "  plain_http: true\n  auth:"))
    read(("https://billing.example.com", "http://127.0.0.1:8000"))


def test_a_secret_comes_from_the_environment(environment):
    with pytest.raises(SettingsError, match="ACCOUNTS_SECRET_BILLING"):
        account_secret("BILLING")
    environment.setenv("ACCOUNTS_SECRET_BILLING", "令牌")
    with pytest.raises(SettingsError, match="ACCOUNTS_SECRET_BILLING") as caught:
        account_secret("BILLING")
    assert "令牌" not in str(caught.value)
    environment.setenv("ACCOUNTS_SECRET_BILLING", "abc")
    assert account_secret("BILLING") == "abc"
    assert "abc" not in repr(settings())
