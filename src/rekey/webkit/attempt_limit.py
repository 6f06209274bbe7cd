"""How often a password, a code or a registration may be tried.

Attempts count by account and address together, so that a stranger elsewhere can't lock an owner out, and
by address alone, so that nobody tries one password on many accounts. Whoever waits is let in again within
seconds: a new attempt comes free all the time. Implements `ports.attempts.Attempts`; one of it serves every
dialect of a server, so that nobody gets a second budget by changing the API.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from time import monotonic_ns

from rekey.domain.errors import TooManyRequests
from rekey.ports.attempts import AttemptKind
from rekey.webkit.throttle import Rate, Throttle


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """How often for one account from one address, and for one address altogether."""

    account: Rate
    address: Rate


RATES: Mapping[AttemptKind, Rates] = {
    AttemptKind.PASSWORD: Rates(
        account=Rate(count=10, seconds=60, burst=20), address=Rate(count=60, seconds=60, burst=120)
    ),
    AttemptKind.REGISTRATION: Rates(
        account=Rate(count=6, seconds=3600, burst=6), address=Rate(count=60, seconds=3600, burst=60)
    ),
    AttemptKind.CODE: Rates(
        account=Rate(count=10, seconds=60, burst=10), address=Rate(count=30, seconds=60, burst=60)
    ),
    AttemptKind.MAIL: Rates(
        account=Rate(count=6, seconds=3600, burst=3), address=Rate(count=60, seconds=3600, burst=30)
    ),
    # Account and address are the door: whoever stands at the next one is not kept waiting.
    AttemptKind.PIN: Rates(
        account=Rate(count=2, seconds=60, burst=10), address=Rate(count=2, seconds=60, burst=10)
    ),
}


class AttemptLimit:
    """Counts in this process's memory."""

    def __init__(self, clock: Callable[[], int] = monotonic_ns) -> None:
        self._accounts = {kind: Throttle(rates.account, clock=clock) for kind, rates in RATES.items()}
        self._addresses = {kind: Throttle(rates.address, clock=clock) for kind, rates in RATES.items()}

    def count(self, kind: AttemptKind, organization_id: str, account: str, address: str | None) -> None:
        """Count an attempt. Raises: TooManyRequests with the seconds to wait."""
        wait = self._addresses[kind].wait_of(address)
        wait = wait or self._accounts[kind].wait_of(_named(organization_id, account, address))
        if wait:
            raise TooManyRequests(wait)

    def check(self, kind: AttemptKind, organization_id: str, account: str, address: str | None) -> None:
        """Count none, and refuse where `count` would. Raises: TooManyRequests with the seconds to wait."""
        wait = self._addresses[kind].wait_now(address)
        wait = wait or self._accounts[kind].wait_now(_named(organization_id, account, address))
        if wait:
            raise TooManyRequests(wait)


def _named(organization_id: str, account: str, address: str | None) -> tuple[str, bytes, str | None]:
    # Hashed, so that what strangers send takes no room of their choosing.
    return organization_id, sha256(account.strip().lower().encode(errors="replace")).digest(), address
