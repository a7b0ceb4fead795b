"""The process that trains: `python -m bot.nlu.train_model MODEL`. Progress on stdout; the last line of stderr is why it failed."""

import contextlib
import logging
import sys
from pathlib import Path

from bot.training import DATA


def main(model: Path) -> int:
    """Trains one model from the project's files."""
    progress = logging.StreamHandler(sys.stdout)
    progress.setFormatter(logging.Formatter("  %(message)s"))
    logger = logging.getLogger("bot")
    logger.addHandler(progress)
    logger.setLevel(logging.INFO)
    try:
        # Rasa prints to stdout, which is for progress.
        with contextlib.redirect_stdout(sys.stderr):
            from rasa.model_training import train

            # Rasa's own cache knows neither the jieba dictionary nor our code, so it may not decide what is current.
            result = train(
                domain="domain.yml",
                config="config.yml",
                training_files=list(DATA),
                output=str(model.parent),
                fixed_model_name=model.name,
                force_training=True,
            )
    except Exception as error:  # whatever it is becomes one line
        print("\n", " ".join(str(error).split()) or type(error).__name__, file=sys.stderr)
        return 1
    return int(result.code)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
