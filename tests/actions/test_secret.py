"""Secrets that are made once."""

from concurrent.futures import ThreadPoolExecutor

from actions.secret import kept_secret


def test_of_many_who_ask_for_a_new_secret_at_once_all_get_the_same(tmp_path):
    for number in range(20):
        path = tmp_path / f"{number}" / "secret.key"
        with ThreadPoolExecutor(8) as threads:
            got = set(threads.map(lambda _, path=path: kept_secret(None, "X", path, "密钥"), range(16)))
        assert len(got) == 1
        assert [file.name for file in path.parent.iterdir()] == ["secret.key"]
