"""The process that trains: `python -m bot.nlu.train_model MODEL`. Progress on stdout; the last line of stderr is why it failed."""

import contextlib
import gc
import logging
import sys
import tempfile
from pathlib import Path
from typing import Final

import yaml

from actions.settings import settings
from bot.training import materials

_DICTIONARY: Final = "dictionary_path"


def main(model: Path) -> int:
    """Trains one model from the files of the rule pack."""
    progress = logging.StreamHandler(sys.stdout)
    progress.setFormatter(logging.Formatter("  %(message)s"))
    logger = logging.getLogger("bot")
    logger.addHandler(progress)
    logger.setLevel(logging.INFO)
    made_of = materials()
    # Everything here is kept to the end: the collector would walk through millions of objects again and again.
    gc.disable()
    try:
        # Rasa prints to stdout, which is for progress.
        with contextlib.redirect_stdout(sys.stderr), tempfile.TemporaryDirectory() as folder:
            from rasa.model_training import train

            config = Path(folder) / "config.yml"
            write_config(made_of.config, settings().pack, config)
            # Rasa's own cache knows neither the jieba dictionary nor our code, so it may not decide what is current.
            result = train(
                domain=str(made_of.domain),
                config=str(config),
                training_files=list(map(str, made_of.data)),
                output=str(model.parent),
                fixed_model_name=model.name,
                force_training=True,
            )
    except Exception as error:  # whatever it is becomes one line
        print("\n", " ".join(str(error).split()) or type(error).__name__, file=sys.stderr)
        return 1
    return int(result.code)


def write_config(source: Path, pack: Path, target: Path) -> None:
    """Writes the pipeline with the pack's own word list: Rasa would look for it from where this process runs."""
    content = yaml.safe_load(source.read_text(encoding="utf-8"))
    for component in content["pipeline"]:
        if _DICTIONARY in component:
            component[_DICTIONARY] = str(pack / component[_DICTIONARY])
    target.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
