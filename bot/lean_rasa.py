"""Lets Rasa start without the libraries that it imports but this system never uses.

Rasa imports TensorFlow wherever its classes *might* use it, and the client libraries of every chat platform and
database it knows. That is most of its start-up time and half of its memory, for nothing: the pipeline has no neural
network of Rasa's, the only channel is ours, and trackers are kept in SQL. So these imports get a stand-in: classes
can be derived from it and functions decorated with it, which is all an import does; used for more it fails loudly.
"""

import contextlib
import importlib
import importlib.abc
import importlib.machinery
import json
import sys
import tarfile
import types
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

# Other libraries look whether these are installed, so once Rasa is loaded they must seem not to be.
_PROBED: Final = frozenset(
    (
        *("tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras", "jax", "jaxlib"),
        *("pytest", "_pytest"),  # the test helpers of scikit-learn, loaded along with it
    )
)
# Only Rasa knows these; it goes on naming them while it runs, so the stand-in stays.
_CLIENTS: Final = frozenset(
    (
        *("aiogram", "fbmessenger", "mattermostwrapper", "rocketchat_API", "slack_sdk", "twilio", "webexteamssdk"),
        *("boto3", "botocore", "pymongo"),  # other tracker stores, remote model storage
        *("matplotlib", "prompt_toolkit", "questionary"),  # reports and questions of Rasa's command line
    )
)
# Rasa's components that do compute with TensorFlow.
_NEURAL_COMPONENTS: Final = frozenset(
    (
        "DIETClassifier",
        "ResponseSelector",
        "TEDPolicy",
        "UnexpecTEDIntentPolicy",
        "ConveRTFeaturizer",
        "LanguageModelFeaturizer",
    )
)


def import_rasa(model: Path) -> None:
    """Imports what Rasa's server needs for this model, and no more unless the model computes with TensorFlow.

    Call it before anything else has imported Rasa. Afterwards the other packages are "not installed" in this process.
    """
    components = _components(model)
    if _NEURAL_COMPONENTS.intersection(component.rpartition(".")[2] for component in components):
        importlib.import_module("rasa.core.run")
        return
    _hide_probed()
    # spaCy's library looks at what is installed when it is loaded; it must not take a stand-in for the real thing.
    with contextlib.suppress(ImportError):
        importlib.import_module("thinc.compat")
    sys.meta_path.insert(0, StandInFinder(_CLIENTS))
    with _stand_in_for_probed():
        importlib.import_module("rasa.core.run")
        for component in components:
            if component.startswith("rasa."):
                importlib.import_module(component.rpartition(".")[0])
    _hide_probed()


def _components(model: Path) -> set[str]:
    """The full class names of everything the trained model is made of."""
    with tarfile.open(model) as archive:
        member = next(member for member in archive if Path(member.name).name == "metadata.json")
        metadata = json.load(archive.extractfile(member))  # type: ignore[arg-type]  # it is a file
    schemas = (metadata["train_schema"], metadata["predict_schema"])
    return {node["uses"] for schema in schemas for node in schema["nodes"].values()}


def _hide_probed() -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] in _PROBED]:
        del sys.modules[name]
    sys.modules.update(dict.fromkeys(_PROBED))  # type: ignore[arg-type]  # None is how Python marks "not there"


@contextlib.contextmanager
def _stand_in_for_probed() -> Iterator[None]:
    for name in _PROBED:
        sys.modules.pop(name, None)
    finder = StandInFinder(_PROBED)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


class _AnyClass(type):
    """What stands for every class, function and constant of the package."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _StandIn

    def __getitem__(cls, _item: object) -> Any:
        return cls


class _StandIn(Exception, metaclass=_AnyClass):  # noqa: N818 - an exception, so that it can stand in an `except`
    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls is not _StandIn:
            raise RuntimeError("This process runs without this library, see bot/lean_rasa.py.")
        if len(args) == 1 and not kwargs and callable(args[0]):
            return args[0]  # @tf.function
        return lambda function: function  # @tf.function(…)


class _StandInModule(types.ModuleType):
    __version__ = "2.12.0"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _StandIn


class StandInFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds a stand-in for everything in the given packages. Belongs at the head of `sys.meta_path`."""

    def __init__(self, packages: frozenset[str]) -> None:
        self._packages = packages

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Answers for the packages, and leaves everything else to the other finders."""
        if fullname.partition(".")[0] not in self._packages:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        """An empty module that has every name."""
        return _StandInModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing to run: every name a stand-in module is asked for is there."""
