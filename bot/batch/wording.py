"""The words of the tables, read from `wording.yml` beside this file."""

from functools import partial
from pathlib import Path

from actions.sentences import wording

words = partial(wording, Path(__file__).with_name("wording.yml"))
