"""How often one caller may call. Source: contract section 1, rate limit."""

from collections.abc import Callable, Hashable, Mapping
from time import monotonic_ns

from rekey.domain.errors import TooManyRequests
from rekey.webkit.throttle import Rate, Throttle

# Routes with a limit of their own, which comes on top of the general one.
OF_ROUTES: Mapping[str, Rate] = {
    "POST /event_sets": Rate(count=1),
    "POST /signed_upload_urls": Rate(count=1, seconds=10),
    "POST /reports": Rate(count=1, seconds=600),
}


class CallLimits:
    """Counts calls by user, over all logins of that user, and those without a login by address.

    With 0 calls a second nothing is counted.
    """

    def __init__(self, calls_per_second: int, *, clock: Callable[[], int] = monotonic_ns) -> None:
        self._all: Throttle | None = None
        self._routes: dict[str, Throttle] = {}
        if calls_per_second > 0:
            self._all = Throttle(Rate(count=calls_per_second, burst=calls_per_second), clock=clock)
            self._routes = {name: Throttle(rate, clock=clock) for name, rate in OF_ROUTES.items()}

    def count_user(self, organization_id: str, operator_id: str, route: str) -> None:
        """Count a call of somebody who is signed in. Raises: TooManyRequests with the seconds to wait."""
        self._count((organization_id, operator_id), route)

    def give_back(self, organization_id: str, operator_id: str, route: str) -> None:
        """Uncount a refused call where its route has a limit of its own; the general one counts it all the same."""
        special = self._routes.get(route)
        if special is not None:
            special.give_back((organization_id, operator_id))

    def count_stranger(self, address: str | None) -> None:
        """Count a call without a login. Raises: TooManyRequests."""
        self._count(("address", address), "")

    def _count(self, caller: Hashable, route: str) -> None:
        if self._all is None:
            return
        special = self._routes.get(route)
        wait = self._all.wait_of(caller) or (0 if special is None else special.wait_of(caller))
        if wait:
            raise TooManyRequests(wait)
