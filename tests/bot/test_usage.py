import pytest

from bot.__main__ import main


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "缺少参数 COMMAND"),
        (["nothing"], "参数 COMMAND 的值 'nothing' 不对"),
        (["check"], "缺少参数 --number, --operation"),
        (["check", "--number"], "参数 --number 后面要跟一个值"),
        (["answer", "--nonsense", "x"], "--"),
        (["serve", "--port", "many"], "参数 --port：端口"),
        (["chat", "--number", "1", "--staff"], "不能同时用"),
    ],
)
def test_bad_usage_gets_one_chinese_line_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], complaint: str
) -> None:
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert complaint in error
    assert error.count("\n") == 1
    assert "arguments are required" not in error


def test_help_is_there_for_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    from bot.__main__ import COMMANDS

    for command in COMMANDS:
        assert main([command, "--help"]) == 0
        assert command in capsys.readouterr().out
