import shutil

import pytest

from actions.settings import settings
from bot import training
from bot.errors import UsageError
from bot.nlu.train_model import write_config


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A small stand-in for the project's folder."""
    for name in (
        "config.yml",
        "domain.yml",
        "data/nlu/one.yml",
        "data/rules/answers.yml",
        "data/generated/jieba/terms.txt",
        "bot/nlu/text.py",
        "knowledge/pack.yml",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"content of {name}", encoding="utf-8")
    monkeypatch.setattr(training, "ROOT", tmp_path)
    monkeypatch.setenv("BOT_PACK", str(tmp_path))
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


@pytest.fixture
def pack(project, monkeypatch):
    """A rule pack beside the project, with training data and nothing else of its own."""
    folder = project / "packs" / "other"
    for name in ("knowledge/pack.yml", "data/nlu/one.yml", "data/generated/lookup.yml"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"other content of {name}", encoding="utf-8")
    monkeypatch.setenv("BOT_PACK", str(folder))
    settings.cache_clear()
    return folder


def test_the_same_files_have_the_same_fingerprint(project):
    assert training.fingerprint() == training.fingerprint()


@pytest.mark.parametrize(
    "changed",
    [
        "config.yml",
        "domain.yml",
        "data/nlu/new.yml",
        "data/rules/answers.yml",
        "data/generated/jieba/terms.txt",
        "bot/nlu/text.py",
    ],
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


def test_a_pack_is_trained_from_its_own_data_and_the_projects_pipeline(project, pack):
    made_of = training.materials()
    assert (made_of.config, made_of.domain) == (project / "config.yml", project / "domain.yml")
    assert made_of.data == (pack / "data" / "nlu", project / "data" / "rules", pack / "data" / "generated")


def test_a_pack_may_have_a_pipeline_of_its_own(pack):
    (pack / "config.yml").write_text("own", encoding="utf-8")
    assert training.materials().config == pack / "config.yml"


def test_the_training_data_of_another_pack_makes_no_difference(project, pack):
    before = training.fingerprint()
    (project / "data" / "nlu" / "one.yml").write_text("something else", encoding="utf-8")
    assert training.fingerprint() == before
    (pack / "data" / "nlu" / "one.yml").write_text("something else", encoding="utf-8")
    assert training.fingerprint() != before


def test_a_pack_that_lies_elsewhere_has_the_same_fingerprint(pack, monkeypatch):
    before = training.fingerprint()
    monkeypatch.setenv("BOT_PACK", str(shutil.move(pack, pack.with_name("moved"))))
    settings.cache_clear()
    assert training.fingerprint() == before


def test_a_pack_without_training_data_is_refused_in_one_line(pack):
    (pack / "data" / "nlu" / "one.yml").unlink()
    with pytest.raises(UsageError, match=r"^没有训练句：\S[^\n]*$"):
        training._train(pack / "model.tar.gz")


def test_the_pipeline_is_given_the_packs_own_word_list(tmp_path, pack):
    source, target = tmp_path / "source.yml", tmp_path / "target.yml"
    source.write_text("pipeline:\n- {name: JiebaTokenizer, dictionary_path: data/generated/jieba}\n", encoding="utf-8")
    write_config(source, pack, target)
    assert f"dictionary_path: {pack}/data/generated/jieba" in target.read_text(encoding="utf-8")


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
