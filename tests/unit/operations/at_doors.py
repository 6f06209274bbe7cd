"""Short ways to give codes and cards, and to present them at doors."""

from typing import Any

from rekey.domain.card import CardType, card_reading
from rekey.domain.credential import Credential, CredentialKind
from rekey.domain.scope import Scope
from rekey.operations.add_link import AddLink, LinkAdded, LinkGrant, add_link
from rekey.operations.imprints import card_imprint, pin_imprint
from rekey.operations.issue_credential import IssueCredential, NewCredential, issue_credential
from rekey.operations.present_credential import Presentation, PresentCredential, present_credential
from rekey.ports.door_driver import Reading
from tests.unit.operations.acme import Acme

UID = "04A1B2C3"


def pin(digits: str) -> Reading:
    return Reading(kind=CredentialKind.PIN, text=digits)


def card(uid: str = UID, second: str = "") -> Reading:
    return Reading(
        kind=CredentialKind.CARD, text=card_reading(CardType.HF_UID, (("uid", uid),)), second=second
    )


async def a_link(acme: Acme, *doors: str, code: str = "", **terms: Any) -> LinkAdded:
    """Make a visitor's link to the doors, with a PIN that is limited to them if there is a code."""
    kept = pin_imprint(acme.core.secrets, code) if code else None
    credentials: tuple[NewCredential, ...] = ()
    if kept is not None:
        credentials = (
            NewCredential(
                kind=CredentialKind.PIN,
                fingerprint=kept.fingerprint,
                sealed_part=kept.sealed_part,
                door_ids=frozenset(doors),
            ),
        )
    grants = tuple(LinkGrant(scope=Scope.door(door)) for door in doors)
    wanted = AddLink(**{"name": "Visitor", "grants": grants, "credentials": credentials} | terms)
    return await acme.do(add_link, wanted)


async def a_card(acme: Acme, person: str | None = None, *, uid: str = UID, **terms: Any) -> Credential:
    """Issue a card to the person, or to nobody yet."""
    kept = card_imprint(acme.core.secrets, CardType.HF_UID, {"uid": uid})
    wanted = IssueCredential(
        person_id=person,
        kind=CredentialKind.CARD,
        fingerprint=kept.fingerprint,
        sealed_part=kept.sealed_part,
        card_type=kept.card_type,
        identifiers=kept.identifiers,
        **terms,
    )
    return await acme.do(issue_credential, wanted)


async def a_pin(acme: Acme, person: str, digits: str = "2468", **terms: Any) -> Credential:
    kept = pin_imprint(acme.core.secrets, digits)
    wanted = IssueCredential(
        person_id=person,
        kind=CredentialKind.PIN,
        fingerprint=kept.fingerprint,
        sealed_part=kept.sealed_part,
        **terms,
    )
    return await acme.do(issue_credential, wanted)


async def present_pin(acme: Acme, door: str, digits: str = "2468") -> Presentation:
    return await present(acme, door, pin(digits))


async def present(acme: Acme, door: str, reading: Reading) -> Presentation:
    """Let the reader or keypad of the door tell the server what it has read."""
    secrets = acme.core.secrets
    wanted = PresentCredential(
        door_id=door,
        kind=reading.kind,
        fingerprint=secrets.fingerprint(reading.text),
        second_fingerprint=secrets.fingerprint(reading.second) if reading.second else "",
    )
    return await acme.do(present_credential, wanted)
