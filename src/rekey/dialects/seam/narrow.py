"""What a client session sees of lists: its accounts' doors and its person, or what bears its customer's key."""

from collections.abc import Callable

from rekey.dialects.seam.kit import Call
from rekey.domain.client_session import ClientSession
from rekey.domain.errors import OutOfReach
from rekey.domain.people import Person
from rekey.domain.upstream import Upstream
from rekey.operations.reach import reachable_doors
from rekey.ports.store import View


async def doors_in_sight(view: View, call: Call) -> frozenset[str] | None:
    """Give the ids of the doors that the caller sees; None for all of them."""
    return None if call.session is None else await reachable_doors(view, call.session)


def sees_person(session: ClientSession | None, person: Person) -> bool:
    if session is None:
        return True
    if session.customer_key is not None:
        return person.customer_key == session.customer_key
    return person.id == session.person_id


def sees_upstream(session: ClientSession | None, upstream: Upstream) -> bool:
    if session is None:
        return True
    if session.customer_key is not None:
        return upstream.customer_key == session.customer_key
    return upstream.id in session.upstream_ids


def sees_customer(session: ClientSession | None, customer_key: str | None) -> bool:
    """Say whether a thing that bears this customer's key, or none, is seen."""
    return session is None or (session.customer_key is not None and session.customer_key == customer_key)


def require_sight(sees: bool) -> None:  # the question reads as a sentence where it is asked
    """Refuse what the caller does not see. Raises: OutOfReach."""
    if not sees:
        raise OutOfReach("this lies outside the client session")


def person_filter(call: Call) -> Callable[[Person], bool]:
    return lambda person: sees_person(call.session, person)
