import pytest

from bot import training
from bot.errors import UsageError


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A small stand-in for the project's folder."""
    for name in ("config.yml", "domain.yml", "data/nlu/one.yml", "data/generated/jieba/terms.txt", "bot/nlu/text.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"content of {name}", encoding="utf-8")
    monkeypatch.setattr(training, "ROOT", tmp_path)
    return tmp_path


def test_the_same_files_have_the_same_fingerprint(project):
    assert training.fingerprint() == training.fingerprint()


@pytest.mark.parametrize(
    "changed", ["config.yml", "domain.yml", "data/nlu/new.yml", "data/generated/jieba/terms.txt", "bot/nlu/text.py"]
)
def test_whatever_a_model_depends_on_changes_the_fingerprint(project, changed):
    before = training.fingerprint()
    (project / changed).write_text("something else", encoding="utf-8")
    assert training.fingerprint() != before


@pytest.mark.parametrize("changed", ["bot/nlu/parser.py", "data/nlu/notes.txt~", "README.md"])
def test_what_no_model_depends_on_does_not(project, changed):
    before = training.fingerprint()
    (project / changed).write_text("something else", encoding="utf-8")
    assert training.fingerprint() == before


def test_a_failed_training_is_one_clear_line(project):
    # There is no `bot.nlu.train_model` under this root, so the process that trains ends at once.
    with pytest.raises(UsageError, match=r"^训练失败：\S[^\n]*$"):
        training._train(project / "model.tar.gz")


@pytest.mark.model
def test_a_current_model_is_not_trained_again(capsys):
    first = training.ensure_model()
    written = first.stat().st_mtime_ns
    capsys.readouterr()
    assert training.ensure_model() == first
    assert first.stat().st_mtime_ns == written
    assert capsys.readouterr().err == ""
