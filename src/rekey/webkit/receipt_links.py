"""Where the answer to a revoking call says that its receipt is found, and what the person left behind.

The one place for these headers: every wire API answers a removal through it.
"""

RECEIPT_HEADER = "Rekey-Revocation"
# The server's own API; no other has a place for a list of leftovers.
_LEFTOVERS = "/api/v1/revocations/{}/leftovers"
_STANDING = "/api/v1/people/{}/leftovers"
# A call may take a thousand people out; clients refuse headers of that length.
_MOST_LINKS = 20
Header = tuple[str, str]


def receipt_header(*revocation_ids: str) -> Header:
    """Name the revocations, whose receipts tell door by door how far they have come."""
    return RECEIPT_HEADER, ", ".join(revocation_ids)


def removal_headers(*revocation_ids: str) -> tuple[Header, ...]:
    """Give the headers of an answer that people were taken out: the revocations, and links to their leftovers.

    None for nobody. Of more than twenty people only the first are linked; the others' address is made alike.
    """
    if not revocation_ids:
        return ()
    links = [
        f'<{_LEFTOVERS.format(one)}>; rel="related"; title="leftovers"'
        for one in revocation_ids[:_MOST_LINKS]
    ]
    return receipt_header(*revocation_ids), ("Link", ", ".join(links))


def standing_headers(person_id: str) -> tuple[Header, ...]:
    """Give the link to what stays behind of somebody who was switched off and is still here."""
    return (("Link", _link(_STANDING.format(person_id))),)


def _link(address: str) -> str:
    return f'<{address}>; rel="related"; title="leftovers"'
