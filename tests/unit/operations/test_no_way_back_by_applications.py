"""What an application was let do ends with who made it, and gives it nothing that outlives its own end."""

import pytest

from rekey.domain.errors import NotAllowed, NotSignedIn
from rekey.domain.operator import Actor
from rekey.domain.role import Role
from rekey.operations.authority import signed_in
from rekey.operations.edit_person import EditPerson, edit_person
from rekey.operations.exchange_consent import RenewConsent, renew_consent
from rekey.operations.hand_over_ownership import OfferOwnership, offer_ownership
from rekey.operations.keep_application import EditApplication, edit_application
from rekey.operations.merge_people import MergePeople, merge_people
from tests.unit.operations.acme import Acme
from tests.unit.operations.test_consents import (
    a_partner,
    agreed,
    given,
    in_hand,
    stranger,
    taken,
)

pytestmark = pytest.mark.anyio


async def a_calendar(acme: Acme) -> Actor:
    """Have the owner of the organization let an application act, and give it as it calls."""
    application = await a_partner(acme)
    consent = await agreed(acme, application)
    return in_hand(acme, consent, (await taken(acme, application, consent)).access)


async def test_the_application_of_who_left_acts_for_nobody_any_more(acme: Acme) -> None:
    ada = await acme.person("Ada")
    await acme.grant(ada, acme.everywhere, Role.ADMINISTRATOR)
    application = await a_partner(acme, owner_id=ada)
    consent = await agreed(acme, application)
    keys = await taken(acme, application, consent)
    actor = in_hand(acme, consent, keys.access)
    assert await acme.read(lambda view: signed_in(view, actor, acme.clock.now()))
    await acme.revoke_everywhere(ada)
    with pytest.raises(NotSignedIn):
        await acme.read(lambda view: signed_in(view, actor, acme.clock.now()))
    again = RenewConsent(given=given(application, keys.refresh, "second"))
    with pytest.raises(NotSignedIn):
        await acme.do(renew_consent, again, by=stranger(acme, consent))


async def test_an_application_with_an_owner_who_stays_goes_on(acme: Acme) -> None:
    ada, bob = await acme.person("Ada"), await acme.person("Bob")
    application = await a_partner(acme, owner_id=ada)
    consent = await agreed(acme, application)
    actor = in_hand(acme, consent, (await taken(acme, application, consent)).access)
    await acme.revoke_everywhere(bob)
    assert await acme.read(lambda view: signed_in(view, actor, acme.clock.now()))


async def test_an_operator_lets_the_application_of_who_left_go_on(acme: Acme) -> None:
    ada = await acme.person("Ada")
    application = await a_partner(acme, owner_id=ada)
    consent = await agreed(acme, application)
    actor = in_hand(acme, consent, (await taken(acme, application, consent)).access)
    await acme.revoke_everywhere(ada)
    await acme.do(edit_application, EditApplication(application_id=application.id, suspended=False))
    assert await acme.read(lambda view: signed_in(view, actor, acme.clock.now()))


async def test_the_application_of_who_was_merged_ends_with_the_survivor(acme: Acme) -> None:
    ada, twin = await acme.person("Ada"), await acme.person("Ada again")
    application = await a_partner(acme, owner_id=twin)
    consent = await agreed(acme, application)
    actor = in_hand(acme, consent, (await taken(acme, application, consent)).access)
    await acme.do(merge_people, MergePeople(survivor_id=ada, merged_ids=(twin,)))
    await acme.revoke_everywhere(ada)
    with pytest.raises(NotSignedIn):
        await acme.read(lambda view: signed_in(view, actor, acme.clock.now()))


async def test_its_owner_does_not_lift_a_suspension_of_his_application(acme: Acme) -> None:
    ada = await acme.person("Ada")
    application, session = await a_partner(acme, owner_id=ada), await acme.account(ada)
    await acme.do(edit_application, EditApplication(application_id=application.id, suspended=True))
    with pytest.raises(NotAllowed):
        await acme.do(
            edit_application, EditApplication(application_id=application.id, suspended=False), by=session
        )


async def test_an_application_does_not_say_where_the_mail_of_an_account_goes(acme: Acme) -> None:
    ben, carl, owner = await acme.person("Ben"), await acme.person("Carl"), await acme.owner()
    await acme.account(ben)
    actor = await a_calendar(acme)
    for person in ben, owner:
        with pytest.raises(NotAllowed):
            await acme.do(edit_person, EditPerson(person_id=person, email="thief@evil.test"), by=actor)
    await acme.do(edit_person, EditPerson(person_id=ben, name="Benny"), by=actor)
    await acme.do(edit_person, EditPerson(person_id=carl, email="carl@acme.test"), by=actor)


async def test_an_application_does_not_hand_the_organization_over(acme: Acme) -> None:
    ben = await acme.person("Ben")
    await acme.account(ben)
    with pytest.raises(NotAllowed):
        await acme.do(offer_ownership, OfferOwnership(person_id=ben), by=await a_calendar(acme))
