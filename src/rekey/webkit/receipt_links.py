"""Where the answer to a revoking call says that its receipt is found, and what the person left behind."""

RECEIPT_HEADER = "Rekey-Revocation"
# The server's own API; no other has a place for a list of leftovers.
_LEFTOVERS = "/api/v1/revocations/{}/leftovers"


def removal_headers(revocation_id: str) -> tuple[tuple[str, str], ...]:
    """Give the headers of an answer that a person was taken out: the revocation, and a link to the leftovers."""
    link = f'<{_LEFTOVERS.format(revocation_id)}>; rel="related"; title="leftovers"'
    return (RECEIPT_HEADER, revocation_id), ("Link", link)
