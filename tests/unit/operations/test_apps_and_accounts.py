"""Client sessions, publishable keys, upstreams, gathered doors and customers, asked of the core itself."""

from datetime import timedelta
from typing import Any

import pytest

from rekey.domain.document import DocumentKind
from rekey.domain.errors import (
    AlreadyExists,
    Conflict,
    NotAllowed,
    NotFound,
    NotSignedIn,
    OutOfReach,
    PersonLeft,
)
from rekey.domain.operator import Actor, KeyKind
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.domain.validity import Validity
from rekey.operations.add_connect_page import (
    AddConnectPage,
    FailConnectPage,
    add_connect_page,
    fail_connect_page,
)
from rekey.operations.add_subscription import AddSubscription, add_subscription
from rekey.operations.arrange_organization import ArrangeOrganization, arrange_organization
from rekey.operations.connect_upstream import (
    BroughtDoor,
    ConnectUpstream,
    EditUpstream,
    UpstreamConnected,
    connect_upstream,
    edit_upstream,
)
from rekey.operations.customer_stays import CustomerStay
from rekey.operations.edit_noted_door import EditNotedDoor, NoteDoors, edit_noted_door, note_doors
from rekey.operations.edit_sandbox import (
    ResetOrganization,
    SetOpenSeconds,
    SimulateDoor,
    reset_organization,
    set_open_seconds,
    simulate_door,
)
from rekey.operations.end_client_session import (
    EndClientSession,
    RevokeClientSession,
    WidenClientSession,
    end_client_session,
    revoke_client_session,
    widen_client_session,
)
from rekey.operations.end_upstream import EndUpstream, end_upstream
from rekey.operations.gather_doors import GatherDoors, RegatherDoors, gather_doors, regather_doors
from rekey.operations.keep_customer import (
    CustomerPerson,
    CustomerPlace,
    DropCustomerData,
    KeepCustomer,
    drop_customer_data,
    keep_customer,
)
from rekey.operations.open_client_session import (
    OnSame,
    OpenClientSession,
    OpenedClientSession,
    open_client_session,
)
from rekey.operations.open_door import OpenDoor, open_door
from rekey.operations.set_publishable_key import SetPublishableKey, set_publishable_key
from rekey.ports.listing import WHOLE
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio
_TURNS = iter(range(10_000))


async def opened(acme: Acme, *, by: Actor | None = None, **wanted: Any) -> OpenedClientSession:
    secret = f"session {next(_TURNS)}"
    plain: dict[str, Any] = {
        "secret_fingerprint": acme.core.secrets.fingerprint(secret),
        "sealed_token": b"",
        "via": "test",
        "expires_at": acme.clock.now() + timedelta(days=1),
    }
    return await acme.do(open_client_session, OpenClientSession(**plain | wanted), by=by)


def in_hand(acme: Acme, session: OpenedClientSession) -> Actor:
    return Actor(
        organization_id=acme.world.organization_id,
        operator_id=session.key.operator_id,
        key_id=session.key.id,
        via="test",
    )


async def connected(acme: Acme, user: str = "ada@example.com", **body: Any) -> UpstreamConnected:
    page = await acme.do(add_connect_page, AddConnectPage(body=body, token_fingerprint="x", sealed_token=""))
    wanted = ConnectUpstream(
        page_id=page.id,
        provider="simulated",
        name=user,
        driver="simulated",
        user_name=user,
        doors=(BroughtDoor(name="Front"), BroughtDoor(name="Back")),
        namespace="test",
    )
    return await acme.do(connect_upstream, wanted)


async def test_a_session_opens_the_doors_of_its_upstream_and_no_other(acme: Acme) -> None:
    outside, account = await acme.door("outside"), await connected(acme)
    actor = in_hand(acme, await opened(acme, upstream_ids=(account.upstream.id,)))
    inside = account.doors[0].id
    assert (await acme.do(open_door, OpenDoor(door_id=inside), by=actor)).order is not None
    with pytest.raises(OutOfReach):
        await acme.do(open_door, OpenDoor(door_id=outside), by=actor)


async def test_a_session_that_may_only_read_opens_nothing(acme: Acme) -> None:
    account = await connected(acme)
    actor = in_hand(acme, await opened(acme, upstream_ids=(account.upstream.id,), read_only=True))
    with pytest.raises(NotAllowed):
        await acme.do(open_door, OpenDoor(door_id=account.doors[0].id), by=actor)


async def test_a_session_manages_no_operators_and_opens_no_other_sessions(acme: Acme) -> None:
    actor = in_hand(acme, await opened(acme, customer_key="c1"))
    with pytest.raises(NotAllowed):
        await opened(acme, by=actor)


async def test_a_revoked_and_an_ended_session_are_signed_out(acme: Acme) -> None:
    account = await connected(acme)
    door = account.doors[0].id
    for end in ("revoke", "end"):
        session = await opened(acme, upstream_ids=(account.upstream.id,))
        if end == "revoke":
            await acme.do(revoke_client_session, RevokeClientSession(session_id=session.session.id))
        else:
            await acme.do(end_client_session, EndClientSession(session_id=session.session.id))
        with pytest.raises(NotSignedIn):
            await acme.do(open_door, OpenDoor(door_id=door), by=in_hand(acme, session))


async def test_a_session_ends_with_the_person_who_leaves_and_none_is_opened_for_a_leaver(acme: Acme) -> None:
    ada = await acme.person("Ada")
    session = await opened(acme, person_id=ada)
    await acme.revoke_everywhere(ada)
    kept = await acme.read(lambda view: view.client_sessions.get(session.session.id))
    assert kept.revoked_at is not None
    with pytest.raises(PersonLeft):
        await opened(acme, person_id=ada)
    other = await opened(acme)
    with pytest.raises(PersonLeft):
        await acme.do(widen_client_session, WidenClientSession(session_id=other.session.id, person_id=ada))


async def test_the_same_session_is_refused_given_or_renewed(acme: Acme) -> None:
    first = await opened(acme, external_key="app")
    with pytest.raises(AlreadyExists):
        await opened(acme, external_key="app")
    given = await opened(acme, external_key="app", on_same=OnSame.GIVE)
    assert (given.session.id, given.key.expires_at) == (first.session.id, first.key.expires_at)
    later = acme.clock.now() + timedelta(days=5)
    renewed = await opened(acme, external_key="app", on_same=OnSame.RENEW, expires_at=later)
    assert (renewed.session.id, renewed.key.expires_at) == (first.session.id, later)


async def test_a_publishable_key_opens_only_sessions_that_reach_nothing(acme: Acme) -> None:
    wanted = SetPublishableKey(text="pk", secret_fingerprint=acme.core.secrets.fingerprint("pk"), via="test")
    key = await acme.do(set_publishable_key, wanted)
    assert key is not None
    assert key.kind is KeyKind.PUBLISHABLE
    actor = Actor(
        organization_id=acme.world.organization_id, operator_id=key.operator_id, key_id=key.id, via="test"
    )
    account = await connected(acme)
    assert (await opened(acme, by=actor, external_key="app")).session.upstream_ids == ()
    with pytest.raises(NotAllowed):
        await opened(acme, by=actor, upstream_ids=(account.upstream.id,))
    with pytest.raises(NotAllowed):
        await acme.do(open_door, OpenDoor(door_id=account.doors[0].id), by=actor)
    await acme.do(
        arrange_organization, ArrangeOrganization(publishable=SetPublishableKey(text=None), namespace="t")
    )
    with pytest.raises(NotAllowed):
        await opened(acme, by=actor)


async def test_a_page_serves_once_and_fails_for_good_at_the_fifth_try(acme: Acme) -> None:
    page = await acme.do(add_connect_page, AddConnectPage(body={}, token_fingerprint="x", sealed_token=""))
    for _turn in range(5):
        page = await acme.do(fail_connect_page, FailConnectPage(page_id=page.id))
    assert page.body["status"] == "failed"
    with pytest.raises(NotFound):
        await acme.do(fail_connect_page, FailConnectPage(page_id=page.id))
    used = (await acme.read(lambda view: view.documents.list(WHOLE, DocumentKind.CONNECT_PAGE))).items[0]
    wanted = ConnectUpstream(
        page_id=used.id, provider="p", name="n", driver="simulated", user_name="u", doors=(), namespace="t"
    )
    with pytest.raises(Conflict):
        await acme.do(connect_upstream, wanted)


async def test_an_account_is_connected_once_more_and_ends_with_its_doors(acme: Acme) -> None:
    first = await connected(acme)
    named = EditUpstream(upstream_id=first.upstream.id, disconnected=True, name="Lost", customer_key="c1")
    assert (await acme.do(edit_upstream, named)).disconnected_at is not None
    with pytest.raises(Conflict):
        await acme.do(edit_upstream, EditUpstream(upstream_id=first.upstream.id, customer_key="c2"))
    again = await connected(acme)
    assert (again.again, again.doors, again.upstream.disconnected_at) == (True, (), None)
    ada = await acme.person("Ada")
    await acme.grant(ada, first.doors[0].id)
    ended = await acme.do(end_upstream, EndUpstream(upstream_id=first.upstream.id))
    assert len(ended.doors) == 2
    assert not await acme.may(ada, first.doors[0].id)
    with pytest.raises(NotFound):
        await acme.do(end_upstream, EndUpstream(upstream_id=first.upstream.id))


async def test_gathered_doors_open_to_whoever_holds_the_group_until_they_leave_it(acme: Acme) -> None:
    front, back, ada = await acme.door("front"), await acme.door("back"), await acme.person("Ada")
    wanted = GatherDoors(name="Suite", origin="test:space", door_ids=(front,), external_key="s1")
    group = (await acme.do(gather_doors, wanted)).group
    await acme.grant(ada, Scope.door_group(group.id))
    assert await acme.may(ada, front)
    await acme.do(regather_doors, RegatherDoors(door_group_id=group.id, door_ids=(back,)))
    assert not await acme.may(ada, front)
    assert await acme.may(ada, back)
    await acme.do(regather_doors, RegatherDoors(door_group_id=group.id, adds=(front,), removes=(back,)))
    assert (await acme.may(ada, front), await acme.may(ada, back)) == (True, False)
    with pytest.raises(AlreadyExists):
        await acme.do(gather_doors, wanted)


async def test_a_door_that_joins_a_group_brings_nobody_back(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    group = (await acme.do(gather_doors, GatherDoors(name="Suite", origin="test:space"))).group
    await acme.grant(ada, Scope.door_group(group.id))
    await acme.revoke(ada, door)
    await acme.do(regather_doors, RegatherDoors(door_group_id=group.id, adds=(door,)))
    assert not await acme.may(ada, door)


async def push(acme: Acme, customer: str = "c1", **parts: Any) -> Any:
    return await acme.do(keep_customer, KeepCustomer(customer_key=customer, origin="test:space", **parts))


async def test_a_pushed_stay_opens_and_lifts_no_operators_revocation(acme: Acme) -> None:
    door = await acme.door()
    await acme.do(
        gather_doors,
        GatherDoors(name="S", origin="test:space", door_ids=(door,), external_key="s1", customer_key="c1"),
    )
    guest = CustomerPerson(kind="guests", key="g1", name="Ada")
    stay = CustomerStay(
        kind="reservations", key="r1", person_keys=("g1",), place_keys=("s1",), validity=Validity()
    )
    kept = await push(acme, people=(guest,), stays=(stay,))
    assert (kept.people, kept.grants, kept.skipped) == (1, 1, ())
    ada = (await acme.read(lambda view: view.people.by_external_key("g1"))).id
    assert await acme.may(ada, door)
    await acme.revoke(ada, door)
    await push(acme, stays=(stay,))
    assert not await acme.may(ada, door)
    await acme.revoke_everywhere(ada)
    assert (await push(acme, stays=(stay,))).skipped == ("r1",)


async def test_a_customer_touches_nothing_of_another(acme: Acme) -> None:
    await push(acme, people=(CustomerPerson(kind="guests", key="g1", name="Ada"),))
    await push(acme, places=(CustomerPlace(kind="rooms", key="p1", name="Room"),))
    for parts in (
        {"people": (CustomerPerson(kind="guests", key="g1", name="Eve"),)},
        {"places": (CustomerPlace(kind="rooms", key="p1", name="Mine"),)},
    ):
        with pytest.raises(Conflict):
            await push(acme, "c2", **parts)


async def test_deleted_data_takes_the_people_with_a_revocation_each(acme: Acme) -> None:
    await push(acme, people=(CustomerPerson(kind="guests", key="g1", name="Ada"),))
    own = await acme.person("Olga", external_key="g2")
    wanted = DropCustomerData(origin="test:space", person_keys={"guests": ("g1", "g2", "g3")})
    dropped = await acme.do(drop_customer_data, wanted)
    assert (dropped.people, len(dropped.revocation_ids)) == (1, 1)
    assert await acme.read(lambda view: view.people.get(own)) is not None


async def test_a_reset_spares_the_owners_and_nothing_in_earnest_is_reset(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    with pytest.raises(NotAllowed):
        await acme.do(reset_organization, ResetOrganization(is_sandbox=False))
    assert await acme.may(ada, door)
    owner = await acme.owner()
    await acme.do(reset_organization, ResetOrganization(is_sandbox=True))
    assert [one.id for one in (await acme.read(lambda view: view.people.list(WHOLE))).items] == [owner]
    assert (await acme.read(lambda view: view.doors.list(WHOLE))).items == ()


async def test_a_reset_leaves_no_page_and_nobody_to_tell(acme: Acme) -> None:
    await acme.do(add_connect_page, AddConnectPage(body={}, token_fingerprint="f", sealed_token="00"))
    told = AddSubscription(form="seam", url="https://hooks.example/in", name="Hook", sealed_secret=b"s")
    await acme.do(add_subscription, told)
    await acme.do(reset_organization, ResetOrganization(is_sandbox=True))
    kept = await acme.read(lambda view: view.documents.list(WHOLE, DocumentKind.CONNECT_PAGE))
    assert kept.items == ()
    assert (await acme.read(lambda view: view.subscriptions.list(WHOLE))).items == ()


async def test_notes_names_switches_and_seconds_of_a_door_are_kept(acme: Acme) -> None:
    door = await acme.door()
    await acme.do(edit_noted_door, EditNotedDoor(door_id=door, name="Main", namespace="t", notes={"a": "1"}))
    assert await acme.do(note_doors, NoteDoors(namespace="t", notes={door: {"b": True}})) == 1
    await acme.do(simulate_door, SimulateDoor(door_id=door, switches={"offline": "true"}))
    await acme.do(set_open_seconds, SetOpenSeconds(door_id=door, seconds=9))
    kept = await acme.read(lambda view: view.doors.get(door))
    assert (kept.name, kept.settings.open_seconds) == ("Main", 9)
    assert ("offline", "true") in kept.driver_settings
    assert Permission.ESTATE_WRITE is edit_noted_door.permission
