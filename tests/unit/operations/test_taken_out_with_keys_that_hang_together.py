"""Whoever is taken out may hold keys that end with one another, and is taken out all the same."""

import pytest

from rekey.domain.bundle import MediumKind
from rekey.domain.credential import CredentialKind
from rekey.domain.validity import ALWAYS
from rekey.operations.bundle_media import WantedMedium
from rekey.operations.end_enrolment import EndEnrolment, end_enrolment
from rekey.operations.give_bundle import GiveBundle, give_bundle
from rekey.operations.give_credential import GiveCredential, give_credential
from rekey.operations.phones import AddPhone, add_phone
from rekey.operations.remove_person import RemovePerson, remove_person
from rekey.ports.listing import WHOLE
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio


async def keyed(acme: Acme) -> str:
    """Give a person a mobile key of a bundle, with the web key that belongs to it, and a key on two phones."""
    door, ada = await acme.door(), await acme.person("Ada")
    media = (WantedMedium(kind=MediumKind.MOBILE_KEY),)
    bundle = GiveBundle(person_id=ada, door_ids=(door,), media=media, validity=ALWAYS)
    await acme.do(give_bundle, bundle)
    shared = GiveCredential(
        person_id=ada, site_id=acme.world.site_id, kind=CredentialKind.MOBILE_KEY, shared=True
    )
    await acme.do(give_credential, shared)
    for _phone in range(2):
        await acme.do(add_phone, AddPhone(person_id=ada))
    return ada


async def test_a_person_with_such_keys_is_revoked_everywhere(acme: Acme) -> None:
    ada = await keyed(acme)
    await acme.revoke_everywhere(ada)
    held = await acme.read(lambda view: view.credentials.list(WHOLE, person_id=ada))
    assert held.items == ()


async def test_a_person_with_such_keys_is_removed(acme: Acme) -> None:
    ada = await keyed(acme)
    await acme.do(remove_person, RemovePerson(person_id=ada))
    assert await acme.read(lambda view: view.people.get(ada)) is None


async def test_an_enrolment_with_such_keys_ends(acme: Acme) -> None:
    ada, site = await keyed(acme), acme.world.site_id
    enrolment = await acme.read(lambda view: view.enrolments.at(ada, site))
    await acme.do(end_enrolment, EndEnrolment(enrolment_id=enrolment.id))
    assert await acme.read(lambda view: view.enrolments.at(ada, site)) is None
