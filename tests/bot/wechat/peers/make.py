"""Makes the committed vectors anew with two independent implementations, and lets them read what ours writes.

Needs Node and their packages: `make wechat-vectors`.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from bot.wechat.crypto import MessageCipher, signature
from tests.bot.wechat.peers.bodies import ACCOUNTS, bodies

FOLDER = Path(__file__).parent
VECTORS = FOLDER / "vectors.json"
PEERS = ("@wecom/crypto", "wechat-crypto")


def node(work: str, value: Any) -> Any:
    """What the script answers to this value."""
    done = subprocess.run(
        ["node", "--no-deprecation", FOLDER / "vectors.mjs", work],
        input=json.dumps(value),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def main() -> int:
    """Says how many bodies passed in each direction."""
    texts = list(bodies())
    vectors = node("make", {"accounts": ACCOUNTS, "bodies": texts})
    for vector in vectors:
        cipher = MessageCipher(vector["key"], vector["receiver"])
        assert cipher.decrypt(vector["encrypted"]).decode() == vector["body"]
        assert (
            signature(vector["token"], vector["timestamp"], vector["nonce"], vector["encrypted"]) == vector["signature"]
        )
    VECTORS.write_text(json.dumps(vectors, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    ours = [
        {
            "peer": peer,
            **(account := ACCOUNTS[number % len(ACCOUNTS)]),
            "timestamp": str(number),
            "nonce": "n",
            "encrypted": MessageCipher(account["key"], account["receiver"]).encrypt(text.encode()),
        }
        for peer in PEERS
        for number, text in enumerate(texts)
    ]
    for sent, text, read in zip(ours, texts * len(PEERS), node("check", ours), strict=True):
        assert read["body"] == text, sent
        assert read["receiver"] == sent["receiver"], sent
        assert read["signature"] == signature(sent["token"], sent["timestamp"], sent["nonce"], sent["encrypted"]), sent
    print(f"{len(vectors)} read from {len(PEERS)} peers, {len(ours)} read by them")
    return 0


if __name__ == "__main__":
    sys.exit(main())
