"""Checking an exported receipt with the public key alone."""

import json
from typing import Any

from rekey.app.verify_journal import ExportUnreadable, RowAltered, check_note, leaf_of
from rekey.domain.merkle import verify_inclusion
from rekey.domain.receipt_text import receipt_text
from rekey.webkit.keys import verify_ed25519


def verify_receipt(text: str, public_key: bytes) -> dict[str, Any]:
    """Prove that the server signed the receipt and that its revocation stands in the journal; give where.

    Raises: JournalDoubted.
    """
    try:
        exported = json.loads(text)
        revocation, proof = exported["receipt"]["revocation"], exported["proof"]
        row, path = proof["row"], tuple(bytes.fromhex(node) for node in proof["path"])
        place = {"index": int(proof["index"]), "size": int(proof["size"])}
        same = (
            row["position"] == revocation["position"] == place["index"] + 1
            and row["person"] == revocation["person"]
            and row["detail"]["revocation"] == revocation["id"]
        )
        signed = verify_ed25519(
            public_key, receipt_text(exported["receipt"]), bytes.fromhex(exported["signature"])
        )
        checkpoint = check_note(proof["checkpoint"], public_key)
    except (ValueError, KeyError, TypeError) as unfit:
        raise ExportUnreadable("this is no exported receipt") from unfit
    if not signed:
        raise ExportUnreadable("the signature is not of this receipt and this key")
    if not same:
        raise ExportUnreadable("the proof speaks of another revocation than the receipt")
    proved = verify_inclusion(leaf_of(row), path, **place, root=checkpoint.root)
    if not proved or place["size"] != checkpoint.size:
        raise RowAltered(int(row["position"]))
    return {"revocation": revocation["id"], "position": row["position"], "journal": checkpoint.origin}
