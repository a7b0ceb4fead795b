"""The list of attempts in the documents is the one that is run."""

import re
import subprocess
import sys

from actions.settings import ROOT
from tests.attacks.listing import LIST


def test_the_list_in_the_documents_is_up_to_date_and_long_enough() -> None:
    program = (
        "import sys; from tests.attacks.listing import attack_list; t = attack_list(); open(sys.argv[1], 'w').write(t)"
    )
    made = ROOT / "var" / "attacks.md"
    made.parent.mkdir(exist_ok=True)
    subprocess.run([sys.executable, "-c", program, str(made)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    text = made.read_text(encoding="utf-8")
    assert text == LIST.read_text(encoding="utf-8"), "run `make attack-list`"
    total = re.search(r"(\d+) attempts in", text)
    assert total is not None
    assert int(total[1]) >= 100
