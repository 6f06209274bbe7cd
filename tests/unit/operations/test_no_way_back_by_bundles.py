"""What was given together: nobody who was revoked makes a medium of a friend's, and no web key outlives its key."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from rekey.domain.bundle import Medium, MediumKind
from rekey.domain.credential import Credential
from rekey.domain.decision import Granted
from rekey.domain.document import DocumentKind
from rekey.domain.errors import NotAllowed, NotFound
from rekey.domain.operator import Actor
from rekey.domain.role import Role
from rekey.domain.scope import Scope
from rekey.domain.validity import Validity
from rekey.operations.bundle_media import WantedMedium
from rekey.operations.encode_card import EncodeCard, encode_card
from rekey.operations.end_bundle import AddMedia, BindCard, add_media, bind_card
from rekey.operations.end_credential import EndCredential, end_credential
from rekey.operations.give_bundle import BundleGiven, GiveBundle, give_bundle
from rekey.operations.keep_document import AddDocument, add_document
from rekey.operations.open_client_session import OpenClientSession, open_client_session
from rekey.operations.pins import DoorFacts
from rekey.operations.present_credential import PresentCredential, use_link
from rekey.operations.suspend_credential import SuspendCredential, suspend_credential
from rekey.operations.web_key import MakeWebKey, make_web_key
from rekey.testing.frozen_clock import NOON
from tests.unit.operations.acme import Acme
from tests.unit.operations.at_doors import a_card

pytestmark = pytest.mark.anyio

WEEK = Validity(start=NOON, end=NOON + timedelta(days=7))
CODE, CARD = WantedMedium(kind=MediumKind.CODE), WantedMedium(kind=MediumKind.CARD)
SESSION = OpenClientSession(
    secret_fingerprint="session", sealed_token=b"", via="test", expires_at=NOON + timedelta(days=7)
)
MOBILE = WantedMedium(kind=MediumKind.MOBILE_KEY, max_uses=9, session=SESSION)


async def given(acme: Acme, person: str, *media: WantedMedium, **places: Any) -> BundleGiven:
    wanted = GiveBundle(person_id=person, validity=WEEK, media=media, **places)
    return await acme.do(give_bundle, wanted)


async def revoked_manager(acme: Acme, door: str) -> Actor:
    """Give an access manager who may give rights everywhere but at one door, where she was revoked."""
    ada = await acme.person("Ada")
    await acme.grant(ada, acme.everywhere, Role.ACCESS_MANAGER)
    session = await acme.account(ada)
    await acme.revoke(ada, door)
    return session


async def the_lobby(acme: Acme, door: str) -> str:
    group: Scope = await acme.door_group(door, name="Lobby")
    return str(group.id)


async def test_who_was_revoked_at_a_door_adds_no_code_to_what_a_friend_was_given_there(acme: Acme) -> None:
    door, ben = await acme.door(), await acme.person("Ben")
    bundle = (await given(acme, ben, CARD, door_group_ids=(await the_lobby(acme, door),))).bundle
    session = await revoked_manager(acme, door)
    facts = (DoorFacts(door_id=door, lengths=(4,)),)
    with pytest.raises(NotAllowed):
        await acme.do(add_media, AddMedia(bundle_id=bundle.id, media=(CODE,), facts=facts), by=session)


async def test_who_was_revoked_at_a_door_binds_no_card_to_what_a_friend_was_given_there(acme: Acme) -> None:
    door, ben, card = await acme.door(), await acme.person("Ben"), await a_card(acme)
    made = await given(acme, ben, CARD, door_group_ids=(await the_lobby(acme, door),))
    session = await revoked_manager(acme, door)
    with pytest.raises(NotAllowed):
        await acme.do(bind_card, BindCard(medium_id=made.media[0].id, credential_id=card.id), by=session)


async def web_key_of(acme: Acme, medium: Medium) -> Credential:
    key: Credential = await acme.read(lambda view: view.credentials.get(medium.web_key_id))
    return key


async def opens(acme: Acme, door: str, key: Credential) -> bool:
    wanted = PresentCredential(door_id=door, kind=key.kind, fingerprint=key.fingerprint)
    try:
        shown = await acme.do(use_link, wanted)
    except NotFound:
        return False
    return isinstance(shown.decision, Granted)


async def a_mobile_key(acme: Acme, door: str) -> tuple[Medium, Credential]:
    """Give somebody a mobile key with its web key, at a door where the person may anyway."""
    ben = await acme.person("Ben")
    await acme.grant(ben, door)
    medium = (await given(acme, ben, MOBILE, door_ids=(door,))).media[0]
    return medium, await web_key_of(acme, medium)


async def test_a_web_key_opens_while_its_mobile_key_stands(acme: Acme) -> None:
    door = await acme.door()
    _medium, key = await a_mobile_key(acme, door)
    assert await opens(acme, door, key)


async def test_a_web_key_ends_with_the_mobile_key_that_it_was_given_with(acme: Acme) -> None:
    door = await acme.door()
    medium, key = await a_mobile_key(acme, door)
    await acme.do(end_credential, EndCredential(credential_id=medium.credential_id or ""))
    assert not await opens(acme, door, key)
    assert await standing_sessions(acme, key) == 0


async def test_the_client_session_of_a_web_key_ends_with_it_however_it_ends(acme: Acme) -> None:
    _medium, key = await a_mobile_key(acme, await acme.door())
    assert await standing_sessions(acme, key) == 1
    await acme.do(end_credential, EndCredential(credential_id=key.id))
    assert await standing_sessions(acme, key) == 0


async def test_a_web_key_rests_while_its_mobile_key_is_suspended(acme: Acme) -> None:
    door = await acme.door()
    medium, key = await a_mobile_key(acme, door)
    for suspended in True, False:
        wanted = SuspendCredential(credential_id=medium.credential_id or "", suspended=suspended)
        await acme.do(suspend_credential, wanted)
        assert await opens(acme, door, key) is not suspended


async def test_who_was_revoked_at_a_door_makes_no_web_key_in_a_friends_name(acme: Acme) -> None:
    door, ben = await acme.door(), await acme.person("Ben")
    await acme.grant(ben, door)
    opened = await acme.do(open_client_session, replace(SESSION, person_id=ben))
    session = await revoked_manager(acme, door)
    wanted = MakeWebKey(
        person_id=ben, session_id=opened.session.id, max_uses=1, until=NOON + timedelta(days=1)
    )
    with pytest.raises(NotAllowed):
        await acme.do(make_web_key, wanted, by=session)


async def test_who_was_revoked_at_a_door_writes_no_card_of_a_friends_once_more(acme: Acme) -> None:
    door, ben = await acme.door(), await acme.person("Ben")
    await acme.grant(ben, door)
    card = await a_card(acme, ben)
    encoder = await acme.do(
        add_document,
        AddDocument(kind=DocumentKind.ENCODER, key="e", parent_id=acme.world.site_id, body={"name": "Desk"}),
    )
    session = await revoked_manager(acme, door)
    wanted = EncodeCard(encoder_id=encoder.id, credential_id=card.id, reachable=True)
    with pytest.raises(NotAllowed):
        await acme.do(encode_card, wanted, by=session)


async def standing_sessions(acme: Acme, key: Credential) -> int:
    session_id = dict(key.identifiers)["session"]
    session = await acme.read(lambda view: view.client_sessions.get(session_id))
    held = None if session is None else await acme.read(lambda view: view.keys.get(session.key_id))
    return int(held is not None and held.ended_at is None and session.ended_at is None)
