"""The stand-ins for libraries that Rasa imports and this system never uses."""

import importlib
import io
import json
import subprocess
import sys
import tarfile

import pytest

from actions.settings import ROOT
from bot.lean_rasa import StandInFinder


@pytest.fixture
def library():
    finder = StandInFinder(frozenset(["no_such_library"]))
    sys.meta_path.insert(0, finder)
    yield importlib.import_module("no_such_library.deep.inside")
    sys.meta_path.remove(finder)
    for name in [name for name in sys.modules if name.startswith("no_such_library")]:
        del sys.modules[name]


def test_what_an_import_does_with_a_library_works(library):
    class Model(library.keras.Model):
        field: library.Tensor

    @library.function
    def plain(x):
        return x

    @library.function(input_signature=[1])
    def configured(x):
        return x

    assert issubclass(Model, library.keras.Model)
    assert plain(1) == configured(1) == 1


def test_using_it_fails_loudly(library):
    class Model(library.Model):
        pass

    with pytest.raises(RuntimeError, match="lean_rasa"):
        Model()


def test_it_can_stand_in_an_except_clause(library):
    def fail():
        try:
            raise ValueError("real")
        except (library.ClientError, library.OtherError):
            pass

    with pytest.raises(ValueError, match="real"):
        fail()


@pytest.mark.parametrize(
    ("component", "loaded"),
    [("rasa.core.policies.rule_policy.RulePolicy", False), ("rasa.core.policies.ted_policy.TEDPolicy", True)],
)
def test_tensorflow_is_loaded_exactly_for_models_that_compute_with_it(tmp_path, component, loaded):
    schema = {"nodes": {"it": {"uses": component}}}
    metadata = json.dumps({"train_schema": schema, "predict_schema": schema}).encode()
    with tarfile.open(tmp_path / "model.tar.gz", "w:gz") as archive:
        entry = tarfile.TarInfo("metadata.json")
        entry.size = len(metadata)
        archive.addfile(entry, io.BytesIO(metadata))
    script = (
        "import sys, pathlib, bot.lean_rasa\n"
        "bot.lean_rasa.import_rasa(pathlib.Path(sys.argv[1]))\n"
        "print('rasa.core.run' in sys.modules, sys.modules.get('tensorflow') is not None)\n"
    )
    result = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, str(tmp_path / "model.tar.gz")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert result.stdout.split() == ["True", str(loaded)]
