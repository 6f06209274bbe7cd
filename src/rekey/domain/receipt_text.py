"""The bytes of a receipt that are signed, so that it can be shown to people outside."""

from rekey.domain.canonical import canonical_json

_PURPOSE = b"rekey receipt v1\n"


def receipt_text(shown: object) -> bytes:
    """Give what the signature of a receipt is over: its purpose, and the receipt as canonical JSON.

    The purpose keeps a signature of this key on anything else from passing as a receipt's.
    Raises: TypeError, ValueError for what canonical JSON can't say.
    """
    return _PURPOSE + canonical_json(shown)
