"""Applications, whom they sign in, and tiles: what the core promises of them."""

from datetime import timedelta
from typing import Any

import pytest

from rekey.domain.application import Application, ApplicationKey, UrlKind
from rekey.domain.block import BlockCause, Subject, SubjectKind
from rekey.domain.errors import (
    AlreadyExists,
    Conflict,
    Invalid,
    LastOwner,
    NotAllowed,
    NotFound,
    NotSignedIn,
    PersonLeft,
)
from rekey.domain.ids import OperatorId
from rekey.domain.operator import Actor, Voucher
from rekey.domain.role import Role
from rekey.operations.introduce_person import Introduced, IntroducePerson, introduce_person
from rekey.operations.keep_application import (
    AddApplication,
    EditApplication,
    EndApplication,
    add_application,
    edit_application,
    end_application,
)
from rekey.operations.keep_picture import KeepPicture, keep_picture
from rekey.operations.place_block import PlaceBlock, place_block
from rekey.operations.set_tile import SetTile, TileAtDoor, find_tile, set_tile, tile_at_door, tiles_of
from rekey.operations.switch_door import SwitchDoor, switch_door
from rekey.operations.trust_application import (
    AddApplicationKey,
    AddApplicationOwner,
    AddApplicationUrl,
    EndApplicationKey,
    EndApplicationOwner,
    EndApplicationUrl,
    add_application_key,
    add_application_owner,
    add_application_url,
    end_application_key,
    end_application_owner,
    end_application_url,
)
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio
ISSUER = "https://tower.test/"
TILE = "0B5C1C1E-2A4F-4A53-9F0E-B1A2C3D4E5F6"


async def an_application(acme: Acme, owner: Actor, **changes: Any) -> Application:
    wanted = AddApplication(
        **{"name": "Tower", "identity_public": b"p", "identity_sealed": b"s", "open_to_all": True, **changes}
    )
    return await acme.do(add_application, wanted, by=owner)


async def a_trusted_one(acme: Acme, owner: Actor) -> Application:
    application = await an_application(acme, owner)
    key = ApplicationKey(kid="k1", jwk={"kid": "k1", "kty": "OKP"})
    await acme.do(add_application_key, AddApplicationKey(application_id=application.id, key=key), by=owner)
    url = AddApplicationUrl(application_id=application.id, kind=UrlKind.ISSUER, url=ISSUER)
    return await acme.do(add_application_url, url, by=owner)


def vouched(acme: Acme, application: Application, operator_id: str = "", **changes: Any) -> Actor:
    voucher = {
        "application_id": application.id,
        "issuer": ISSUER,
        "kid": "k1",
        "until": acme.clock.now() + timedelta(hours=1),
        **changes,
    }
    return Actor(
        organization_id=acme.world.organization_id,
        operator_id=OperatorId(operator_id or "nobody"),
        key_id=None,
        via="test",
        voucher=Voucher(**voucher),
    )


async def introduced(acme: Acme, application: Application, subject: str = "ann", **told: Any) -> Introduced:
    wanted = IntroducePerson(
        **{"application_id": application.id, "subject": subject, "told_at": acme.clock.now(), **told}
    )
    return await acme.do(introduce_person, wanted, by=vouched(acme, application))


async def test_whoever_adds_an_application_owns_it(acme: Acme) -> None:
    ada = await acme.person("Ada")
    application = await an_application(acme, await acme.account(ada))
    assert application.owners == (ada,)
    assert (await acme.newest()).action == "application.added"


async def test_where_strangers_may_not_register_an_application_needs_who_manages_operators(
    acme: Acme,
) -> None:
    ada = await acme.person("Ada")
    account = await acme.account(ada)
    with pytest.raises(NotAllowed):
        await an_application(acme, account, open_to_all=False)
    await acme.grant(ada, acme.everywhere, Role.ADMINISTRATOR)
    assert (await an_application(acme, account, open_to_all=False)).owners == (ada,)


async def test_a_service_owns_no_application_but_manages_those_of_others(acme: Acme) -> None:
    with pytest.raises(NotAllowed):
        await an_application(acme, acme.service)
    application = await an_application(acme, await acme.account(await acme.person("Ada")))
    edited = await acme.do(edit_application, EditApplication(application_id=application.id, suspended=True))
    assert edited.suspended


async def test_a_blocked_owner_changes_nothing(acme: Acme) -> None:
    ada = await acme.person("Ada")
    account = await acme.account(ada)
    application = await an_application(acme, account)
    subject = Subject(SubjectKind.PERSON, ada)
    await acme.do(place_block, PlaceBlock(subject=subject, cause=BlockCause.OPERATOR))
    with pytest.raises(NotAllowed):
        await acme.do(edit_application, EditApplication(application_id=application.id, name="x"), by=account)


async def test_an_edit_goes_over_the_profile_member_by_member(acme: Acme) -> None:
    owner = await acme.account(await acme.person("Ada"))
    application = await an_application(acme, owner, profile={"a": {"x": 1, "y": 2}, "b": "kept"})
    wanted = EditApplication(application_id=application.id, profile={"a": {"y": None, "z": 3}})
    assert (await acme.do(edit_application, wanted, by=owner)).profile == {"a": {"x": 1, "z": 3}, "b": "kept"}
    far = EditApplication(application_id=application.id, profile={"b": "x" * 40_000})
    with pytest.raises(Invalid):
        await acme.do(edit_application, far, by=owner)


async def test_a_key_with_a_private_part_or_another_kid_is_refused(acme: Acme) -> None:
    owner = await acme.account(await acme.person("Ada"))
    application = await a_trusted_one(acme, owner)
    for kid, jwk, error in (
        ("k2", {"kid": "k2", "d": "secret"}, Invalid),
        ("k2", {"kid": "k3"}, Invalid),
        ("k1", {"kid": "k1"}, AlreadyExists),
    ):
        key = ApplicationKey(kid=kid, jwk=dict(jwk))
        with pytest.raises(error):
            await acme.do(
                add_application_key, AddApplicationKey(application_id=application.id, key=key), by=owner
            )


async def test_the_last_owner_stays_and_a_leaver_becomes_none(acme: Acme) -> None:
    ada, ben = await acme.person("Ada"), await acme.person("Ben")
    owner = await acme.account(ada)
    application = await an_application(acme, owner)
    ending = EndApplicationOwner(application_id=application.id, person_id=ada)
    with pytest.raises(LastOwner):
        await acme.do(end_application_owner, ending, by=owner)
    adding = AddApplicationOwner(application_id=application.id, person_id=ben)
    await acme.revoke_everywhere(ben)
    with pytest.raises(PersonLeft):
        await acme.do(add_application_owner, adding, by=owner)
    cleo = await acme.person("Cleo")
    adding = AddApplicationOwner(application_id=application.id, person_id=cleo)
    assert (await acme.do(add_application_owner, adding, by=owner)).owners == (ada, cleo)
    assert (await acme.do(end_application_owner, ending, by=owner)).owners == (cleo,)


async def test_a_person_is_introduced_once_and_has_no_address_of_the_organizations(acme: Acme) -> None:
    application = await a_trusted_one(acme, await acme.account(await acme.person("Ada")))
    first = await introduced(acme, application, email="ann@people.test", email_verified=True)
    again = await introduced(acme, application, email="ann@people.test", email_verified=True)
    assert (first.person.id, first.person.email) == (again.person.id, None)
    assert first.account.email_listed
    ann = await acme.person("Ann", email="ann@people.test")
    assert ann != first.person.id


async def test_a_listed_address_stays_with_the_first_account_that_had_it(acme: Acme) -> None:
    application = await a_trusted_one(acme, await acme.account(await acme.person("Ada")))
    told = {"email": "ann@people.test", "email_verified": True}
    assert (await introduced(acme, application, "ann", **told)).account.email_listed
    assert not (await introduced(acme, application, "bob", **told)).account.email_listed
    unverified = {"email": "cy@people.test", "email_verified": False}
    assert not (await introduced(acme, application, "cy", **unverified)).account.email_listed


async def test_a_leaver_is_introduced_again_only_after_being_reinstated(acme: Acme) -> None:
    application = await a_trusted_one(acme, await acme.account(await acme.person("Ada")))
    ann = await introduced(acme, application)
    await acme.revoke_everywhere(ann.person.id)
    acme.clock.advance(timedelta(minutes=1))
    with pytest.raises(NotSignedIn):
        await introduced(acme, application, name="Ann again")


async def test_an_act_of_a_vouched_operator_asks_for_the_application_inside_itself(acme: Acme) -> None:
    owner = await acme.account(await acme.person("Ada"))
    application = await a_trusted_one(acme, owner)
    ann, door = await introduced(acme, application), await acme.door()
    await acme.grant(ann.person.id, door, Role.ADMINISTRATOR)
    actor = vouched(acme, application, ann.operator.id)
    tile = TileAtDoor(tile_id=TILE, door_id=door, hangs=True)
    assert (await acme.do(tile_at_door, tile, by=actor)).door_ids == (door,)
    for change in (
        {"issuer": "https://other.test"},
        {"kid": "k2"},
        {"until": acme.clock.now()},
        {"application_id": "another"},
    ):
        with pytest.raises(NotSignedIn):
            await acme.do(tile_at_door, tile, by=vouched(acme, application, ann.operator.id, **change))
    await acme.do(end_application_key, EndApplicationKey(application_id=application.id, kid="k1"), by=owner)
    with pytest.raises(NotSignedIn):
        await acme.do(tile_at_door, tile, by=actor)


async def test_a_vouched_operator_adds_and_changes_no_application(acme: Acme) -> None:
    owner = await acme.account(await acme.person("Ada"))
    application = await a_trusted_one(acme, owner)
    ann = await introduced(acme, application)
    await acme.grant(ann.person.id, acme.everywhere, Role.ADMINISTRATOR)
    actor = vouched(acme, application, ann.operator.id)
    with pytest.raises(NotAllowed):
        await an_application(acme, actor)
    with pytest.raises(NotAllowed):
        await acme.do(end_application, EndApplication(application_id=application.id), by=actor)
    adding = AddApplicationOwner(application_id=application.id, person_id=ann.person.id)
    with pytest.raises(Invalid):
        await acme.do(add_application_owner, adding, by=owner)


async def test_an_issuer_that_was_taken_away_is_believed_no_more(acme: Acme) -> None:
    owner = await acme.account(await acme.person("Ada"))
    application = await a_trusted_one(acme, owner)
    url = EndApplicationUrl(application_id=application.id, kind=UrlKind.ISSUER, url=ISSUER)
    await acme.do(end_application_url, url, by=owner)
    with pytest.raises(NotSignedIn):
        await introduced(acme, application)
    with pytest.raises(NotFound):
        await acme.do(end_application_url, url, by=owner)


async def test_a_picture_is_what_it_says_to_be(acme: Acme) -> None:
    owner = await acme.account(await acme.person("Ada"))
    application = await an_application(acme, owner)
    for media_type, content in (("image/png", b"\xff\xd8\xff"), ("image/gif", b"GIF89a"), ("image/png", b"")):
        wanted = KeepPicture(application_id=application.id, media_type=media_type, content=content)
        with pytest.raises(Invalid):
            await acme.do(keep_picture, wanted, by=owner)
    png = KeepPicture(application_id=application.id, media_type="image/png", content=b"\x89PNG\r\n\x1a\nrest")
    first = await acme.do(keep_picture, png, by=owner)
    assert (await acme.do(keep_picture, png, by=owner)).id == first.id


async def test_a_tile_leads_to_doors_of_one_site_whatever_the_case_of_its_id(acme: Acme) -> None:
    front, back = await acme.door("front"), await acme.door("back")
    wanted = SetTile(tile_id=TILE, site_id=acme.site.id, door_ids=(front, back, front))
    tile = await acme.do(set_tile, wanted)
    assert (tile.id, tile.door_ids) == (TILE.lower(), (front, back))
    assert await acme.read(lambda view: find_tile(view, TILE)) == tile
    shown = await acme.read(lambda view: tiles_of(view, [acme.site.id]))
    assert shown == {front: [tile.id], back: [tile.id]}
    annex = await acme.another_site()
    with pytest.raises(Invalid):
        await acme.do(set_tile, SetTile(tile_id=TILE, site_id=annex.id, door_ids=(front,)))


async def test_a_row_of_one_door_names_it_and_a_row_of_several_names_them_in_its_detail(acme: Acme) -> None:
    front, back = await acme.door("front"), await acme.door("back")
    await acme.do(set_tile, SetTile(tile_id=TILE, site_id=acme.site.id, door_ids=(front, back)))
    row = await acme.newest()
    assert (row.door_id, row.site_id, row.detail["added"]) == (None, acme.site.id, [front, back])
    await acme.do(set_tile, SetTile(tile_id=TILE, site_id=acme.site.id, door_ids=(back,)))
    row = await acme.newest()
    assert (row.door_id, row.detail["added"], row.detail["removed"]) == (front, [], [front])


async def test_who_administers_one_door_takes_no_tile_from_another(acme: Acme) -> None:
    front, back, ada = await acme.door("front"), await acme.door("back"), await acme.person("Ada")
    await acme.grant(ada, front, Role.ADMINISTRATOR)
    account = await acme.account(ada)
    await acme.do(tile_at_door, TileAtDoor(tile_id=TILE, door_id=back, hangs=True))
    for wanted, error in (
        (TileAtDoor(tile_id=TILE, door_id=front, hangs=True), Conflict),
        (TileAtDoor(tile_id=TILE, door_id=back, hangs=False), NotAllowed),
        (TileAtDoor(tile_id=TILE, door_id=front, hangs=False), NotFound),
    ):
        with pytest.raises(error):
            await acme.do(tile_at_door, wanted, by=account)
    assert (await acme.read(lambda view: find_tile(view, TILE))).door_ids == (back,)


async def test_a_doors_driver_settings_change_name_by_name(acme: Acme) -> None:
    door = await acme.door("front", slow="1")
    changed = await acme.do(switch_door, SwitchDoor(door_id=door, switches={"offline": "true"}))
    assert changed.driver_settings == (("offline", "true"), ("slow", "1"))
