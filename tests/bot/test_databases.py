"""A database that cannot be used is one clear sentence at the start."""

import pytest

from actions.settings import SettingsError
from bot.databases import require_database


def test_a_sqlite_file_may_lie_in_a_folder_that_is_not_there_yet(tmp_path):
    require_database("X_URL", f"sqlite:///{tmp_path / 'new' / 'x.db'}")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("nonsense", "不是正确的数据库地址"),
        ("nosuchdatabase://host/x", "不是正确的数据库地址"),
        ("mysql://user:hunter2@host/x", "缺少驱动"),
        ("postgresql://user:hunter2@127.0.0.1:9/x", "连不上"),
        ("sqlite:////proc/nowhere/x.db", "连不上"),
    ],
)
def test_the_sentence_names_the_variable_and_never_shows_a_password(url, reason):
    with pytest.raises(SettingsError, match=reason) as caught:
        require_database("X_URL", url)

    assert "X_URL" in str(caught.value)
    assert "hunter2" not in str(caught.value)
