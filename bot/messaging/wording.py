"""The sentences of the messaging platforms, read from `wording.yml` beside this file."""

from pathlib import Path

from actions.sentences import sentences

say = sentences(Path(__file__).with_name("wording.yml"))
