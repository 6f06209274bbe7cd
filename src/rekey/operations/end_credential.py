"""end_credential: a card, key, code or link stops working for good."""

from dataclasses import dataclass, replace

from rekey.domain.credential import Credential, CredentialKind, CredentialState, site_of_mark
from rekey.domain.door_order import DoorOrder, OrderFailure, OrderState
from rekey.domain.grant import Holder
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.assign_credential import unassign_within
from rekey.operations.encoding import written_here
from rekey.operations.end_client_session import end_client_session_within
from rekey.operations.end_orders import end_orders
from rekey.operations.find import find_credential
from rekey.operations.given_with import end_grants_with, parts_of, session_given_with, web_keys_with
from rekey.operations.issue_credential import credential_line, note_change
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.people import CredentialFilter


@dataclass(frozen=True, slots=True, kw_only=True)
class EndCredential:
    credential_id: str


@operation(Permission.PEOPLE_WRITE)
async def end_credential(act: Act, wanted: EndCredential) -> Credential:
    """End a credential, and the orders that wait on its word. Raises: NotFound, also for one that has ended."""
    await act.require(Scope.organization(act.work.organization_id))
    credential = await find_credential(act.work, wanted.credential_id)
    parts = await parts_of(act.work, credential)
    ended = await end_within(act, credential)
    cancelled = await end_orders_of(act, credential)
    await act.record(
        "credential.ended",
        person_id=credential.person_id,
        detail={
            **credential_line(credential),
            "parts": [part.id for part in parts],
            "cancelled_orders": [order.id for order in cancelled],
        },
    )
    return ended


async def end_credentials_of(act: Act, holder: Holder) -> tuple[Credential, ...]:
    """End all that the holder has, whatever its kind, within an act that records it, and give what ended.

    A card of the organization's stock goes back there instead: nobody holds it, so it opens nothing. What an
    encoder wrote for somebody, or was given at a site, is of no stock.
    """
    listed = await act.work.credentials.list(WHOLE, matching=CredentialFilter(holder=holder))
    stock = [credential for credential in listed.items if _is_of_stock(credential)]
    for card in stock:
        await unassign_within(act, card)
    ended = tuple(credential for credential in listed.items if credential not in stock)
    for credential in ended:
        await end_within(act, credential)
    return ended


def _is_of_stock(credential: Credential) -> bool:
    made_for_one = written_here(credential) or site_of_mark(credential.origin) is not None
    return credential.kind is CredentialKind.CARD and bool(credential.card_type) and not made_for_one


async def end_orders_of(act: Act, credential: Credential) -> tuple[DoorOrder, ...]:
    """Cancel the orders that were asked for with this credential and still wait."""
    if credential.person_id is None:
        # What a reader at the door asks for never waits.
        return ()
    waiting = await act.work.orders.unfinished(person_id=credential.person_id)
    asked = [order for order in waiting if order.credential_id == credential.id]
    return await end_orders(act, asked, OrderState.CANCELLED, OrderFailure.PERSON_REVOKED)


async def end_within(act: Act, credential: Credential) -> Credential:
    """End a credential and what was given with it, within an act that records it.

    An ended one still names its last holder. One that went along with another in this act is left as it is.
    """
    standing = await act.work.credentials.get(credential.id)
    if standing is not None and standing.ended_at is not None:
        return standing
    ended = replace(credential, state=CredentialState.ENDED, ended_at=act.now)
    await act.work.credentials.replace(ended)
    await note_change(act, credential)
    await end_grants_with(act, credential)
    session = await session_given_with(act.work, credential)
    if session is not None:
        await end_client_session_within(act, session)
    for part in (*await parts_of(act.work, credential), *await web_keys_with(act.work, credential)):
        await end_within(act, part)
    return ended
