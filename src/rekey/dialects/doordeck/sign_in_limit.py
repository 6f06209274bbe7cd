"""How often a password may be tried.

Attempts count by account and address together, so that a stranger elsewhere can't lock an owner out, and
by address alone, so that nobody tries one password on many accounts. Whoever waits is let in again within
seconds: a new attempt comes free all the time.
"""

from collections.abc import Callable
from hashlib import sha256
from time import monotonic_ns

from rekey.domain.errors import TooManyRequests
from rekey.webkit.throttle import Rate, Throttle

ONE_ACCOUNT = Rate(count=10, seconds=60, burst=20)
ONE_ADDRESS = Rate(count=60, seconds=60, burst=120)


class SignInLimit:
    """Counts attempts, right or wrong, before the costly comparison of the password."""

    def __init__(self, clock: Callable[[], int] = monotonic_ns) -> None:
        self._accounts = Throttle(ONE_ACCOUNT, clock=clock)
        self._addresses = Throttle(ONE_ADDRESS, clock=clock)

    def count(self, organization_id: str, email: str, address: str | None) -> None:
        """Count an attempt. Raises: TooManyRequests with the seconds to wait."""
        # Hashed, so that what strangers send takes no room of their choosing.
        account = sha256(email.strip().lower().encode()).digest()
        wait = self._addresses.wait_of(address) or self._accounts.wait_of((organization_id, account, address))
        if wait:
            raise TooManyRequests(wait)
