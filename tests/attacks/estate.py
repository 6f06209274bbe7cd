"""An organization with one of everything, and ids that name nothing."""

import functools
import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from rekey.dialects.doordeck.account_keys import make_pair
from rekey.domain.application import ApplicationKey, UrlKind
from rekey.domain.credential import CredentialKind
from rekey.domain.document import DocumentBody
from rekey.domain.ids import OrganizationId, Position
from rekey.domain.operator import Actor, Operator
from rekey.domain.subscription import Delivery, DeliveryState
from rekey.operations.add_person import AddPerson, add_person
from rekey.operations.add_subscription import AddSubscription, add_subscription
from rekey.operations.connect_upstream import BroughtDoor, ConnectUpstream, connect_upstream
from rekey.operations.core import Core
from rekey.operations.issue_credential import IssueCredential, issue_credential
from rekey.operations.keep_application import AddApplication, add_application
from rekey.operations.keep_journal_query import KeepJournalQuery, keep_journal_query
from rekey.operations.trust_application import (
    AddApplicationKey,
    AddApplicationUrl,
    add_application_key,
    add_application_url,
)
from rekey.ports.listing import WHOLE
from rekey.ports.store import UnitOfWork, View
from tests.attacks.desks import furnish_desk
from tests.attacks.kisi_estate import kisi_numbers
from tests.dialects.in_world import Api
from tests.support.world import PrefixClient, World

GLOBEX = {
    "name": "Globex",
    "domain": "globex",
    "owner_email": "hank@globex.test",
    "time_zone": "America/New_York",
}


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing by both of its names."""

    id: str
    number: int


Ids = dict[str, Thing]
_MOST_SUBSCRIPTIONS = 8
KINDS = (
    "encoder",
    "seam_credential",
    "web_key",
    "site",
    "door",
    "door_group",
    "place_in_group",
    "person",
    "team",
    "membership",
    "enrolment",
    "grant",
    "revocation",
    "key",
    "order",
    "application",
    "credential",
    "link",
    "member",
    "guest",
    "floor",
    "elevator",
    "elevator_stop",
    "stop_in_group",
    "schedule",
    "card",
    "group_link",
    "hardware",
    "upstream",
    "page",
    "client_session",
    "space",
    "webhook",
    "import",
    "rule",
    "integration",
    "event_set",
    "delivery",
)


def unknown_ids() -> Ids:
    """Name every kind of thing by names that nothing has."""
    return {
        kind: Thing(f"00000000-0000-4000-8000-{index:012d}", 900_000 + index)
        for index, kind in enumerate(KINDS)
    }


@dataclass(frozen=True, kw_only=True)
class Tenant:
    """One organization: its first keys, and how its owner signs in."""

    world: World
    organization_id: str
    site_id: str
    owner: dict[str, str]
    keys: dict[str, str]

    def native(self) -> Api:
        headers = {"authorization": f"Bearer {self.keys['rekey']}"}
        return Api(self.world, PrefixClient(self.world.app, "/api/v1", headers))

    def kisi(self) -> Api:
        headers = {"authorization": f"KISI-LOGIN {self.keys['kisi']}"}
        return Api(self.world, PrefixClient(self.world.app, "/kisi", headers))

    def seam(self) -> Api:
        headers = {"authorization": f"Bearer {self.keys['seam']}"}
        return Api(self.world, PrefixClient(self.world.app, "/seam", headers))

    async def service(self) -> Actor:
        """Give the actor of the organization's own service, with an unlimited key."""
        me = await self.native().done("GET", "/whoami")
        return Actor(
            organization_id=OrganizationId(self.organization_id),
            operator_id=me["operator"]["id"],
            key_id=me["key"]["id"],
            via="native",
        )


def acme_of(world: World) -> Tenant:
    return Tenant(
        world=world,
        organization_id=world.organization_id,
        site_id=world.site_id,
        owner=world.owner,
        keys=world.keys,
    )


async def found_globex(world: World, **changes: str) -> Tenant:
    """Found a second organization on the same server."""
    made = await acme_of(world).native().done("POST", "/organizations", {**GLOBEX, **changes})
    return Tenant(
        world=world,
        organization_id=made["organization"]["id"],
        site_id=made["site"]["id"],
        owner=made["owner"],
        keys=made["keys"],
    )


async def move_numbers_on(core: Core, actor: Actor, count: int) -> None:
    """Use up short names, so that those that follow exist in no other organization."""
    for index in range(count):
        await core.perform(add_person, actor, AddPerson(name=f"Filler {index}"))


async def fill(tenant: Tenant, tag: str = "a") -> Ids:
    """Make one of everything, newly each time, and give its names."""
    api = tenant.native()
    site = _thing(await api.done("POST", "/sites", {"name": f"Site {tag}", "time_zone": "UTC"}))
    places = {"site": site, "door": await _door(api, site.id, tag)}
    group = await api.done("POST", "/door_groups", {"name": f"Group {tag}", "site": site.id})
    await api.done("PUT", f"/door_groups/{group['id']}/doors/{places['door'].id}")
    people = await _people(api, tenant, tag, places["door"].id)
    wanted = {"person": people["person"].id, "door_group": group["id"]}
    grant = await api.done("POST", "/grants", wanted)
    key = await api.done("POST", "/keys", {"name": f"Key {tag}"})
    order = await api.done("POST", f"/doors/{places['door'].id}/open", {})
    return {
        **places,
        **people,
        "door_group": _thing(group),
        "place_in_group": await _newest(tenant.kisi(), f"/group_locks?group_id={group['number']}"),
        "grant": _thing(grant),
        "key": _thing(key),
        "order": Thing(order["id"], 0),
        "application": await _application(tenant, tag),
        "credential": await _credential(tenant, people["person"].id),
        "link": _thing(
            await api.done("POST", "/links", {"name": f"Link {tag}", "doors": [places["door"].id]})
        ),
        "webhook": await _subscription(tenant, "seam"),
        "integration": await _subscription(tenant, "kisi"),
        "event_set": await _question(tenant),
        "delivery": await _delivery(tenant),
        "import": await _import(tenant),
        "rule": _thing(await api.done("POST", "/calendar_rules", _hours(places["door"].id))),
        **await _of_apps(tenant, tag, places["door"].id),
        **await _kisi_things(tenant.kisi(), site.number, group["number"], people["person"].number),
    }


async def _kisi_things(kisi: Api, site: int, group: int, user: int) -> Ids:
    made = await kisi_numbers(kisi, site, group, user)
    return {name: Thing("", number) for name, number in made.items()}


async def _of_apps(tenant: Tenant, tag: str, door_id: str) -> Ids:
    """Make what apps are given: a session, a sign-in page, the account that came through another, a space."""
    api = tenant.seam()
    session = await api.done("POST", "/client_sessions/create", {"user_identifier_key": f"app {tag}"})
    pages = [await api.done("POST", "/connect_webviews/create", {}) for _turn in range(2)]
    waiting, used = (page["connect_webview"]["connect_webview_id"] for page in pages)
    wanted = ConnectUpstream(
        page_id=used,
        provider="simulated",
        name=f"Account {tag}",
        driver="simulated",
        user_name=f"{tag}@example.com",
        doors=(BroughtDoor(name=f"Brought {tag}"),),
        namespace="seam",
    )
    connected = await tenant.world.core.perform(connect_upstream, await tenant.service(), wanted)
    space = await api.done("POST", "/spaces/create", {"name": f"Space {tag}", "device_ids": [door_id]})
    return {
        **{name: Thing(id_, 0) for name, id_ in (await furnish_desk(api, door_id)).items()},
        "client_session": Thing(session["client_session"]["client_session_id"], 0),
        "page": Thing(waiting, 0),
        "upstream": Thing(connected.upstream.id, 0),
        "space": Thing(space["space"]["space_id"], 0),
    }


async def _subscription(tenant: Tenant, form: str) -> Thing:
    """Give a subscription of this form: a new one until there are a few, for an organization may have only so many."""
    standing = await tenant.world.core.store.read(
        OrganizationId(tenant.organization_id), lambda view: view.subscriptions.list(WHOLE)
    )
    alike = [one for one in standing.items if one.form == form]
    if len(alike) >= _MOST_SUBSCRIPTIONS:
        return Thing(alike[-1].id, alike[-1].number)
    wanted = AddSubscription(form=form, url="https://hooks.example/in", name="Hook", sealed_secret=b"sealed")
    made = await tenant.world.core.perform(add_subscription, await tenant.service(), wanted)
    return Thing(made.id, made.number)


async def _delivery(tenant: Tenant) -> Thing:
    """Put a delivery that is over beside a subscription of its own."""
    core, hook = tenant.world.core, await _subscription(tenant, "rekey")

    async def put(unit: UnitOfWork) -> Thing:
        unit.keep_books()
        now, number = core.clock.now(), unit.next_number()
        delivery = Delivery(
            id=core.entropy.new_id(),
            number=number,
            subscription_id=hook.id,
            position=Position(1),
            event_id=core.entropy.new_id(),
            event_type="door.opened",
            body=b"{}",
            state=DeliveryState.GIVEN_UP,
            due_at=now,
            created_at=now,
            ended_at=now,
        )
        await unit.deliveries.add(delivery)
        return Thing(delivery.id, number)

    return await core.store.act(OrganizationId(tenant.organization_id), put)


async def _question(tenant: Tenant) -> Thing:
    """Ask the journal of a day in the past, in which nothing happened."""
    body: DocumentBody = {"from": "2020-01-01T00:00:00+00:00", "to": "2020-01-02T00:00:00+00:00"}
    wanted = KeepJournalQuery(body={**body, "interval": "2020-01-01/P1D"})
    made = await tenant.world.core.perform(keep_journal_query, await tenant.service(), wanted)
    return Thing(made.id, made.number)


async def _credential(tenant: Tenant, person_id: str) -> Thing:
    """Give a person the signing key of a phone."""
    core = tenant.world.core
    public = core.entropy.token_bytes(32)
    wanted = IssueCredential(
        person_id=person_id,
        kind=CredentialKind.DEVICE_KEY,
        fingerprint=sha256(public).hexdigest(),
        public_part=public,
    )
    made = await core.perform(issue_credential, await tenant.service(), wanted)
    return Thing(made.id, made.number)


@functools.cache
def _identity_key() -> tuple[bytes, bytes]:
    """Make one pair for all applications of a run: making it is slow, and nothing is sealed to it."""
    return make_pair()


async def _application(tenant: Tenant, tag: str) -> Thing:
    """Add an application of the organization's owner, with an issuer and a key of its own."""
    core, public = tenant.world.core, _identity_key()[0]
    organization_id = OrganizationId(tenant.organization_id)

    async def owner(view: View) -> Operator:
        person = await view.people.by_email(tenant.owner["email"])
        found = None if person is None else await view.operators.of_person(person.id)
        if found is None:
            raise AssertionError("the owner is not there")
        return found

    operator = await core.store.read(organization_id, owner)
    actor = Actor(organization_id=organization_id, operator_id=operator.id, key_id=None, via="doordeck")
    wanted = AddApplication(name=f"App {tag}", identity_public=public, identity_sealed=b"")
    made = await core.perform(add_application, actor, wanted)
    key = ApplicationKey(kid="k1", jwk={"kty": "OKP", "kid": "k1", "crv": "Ed25519", "x": "AA", "use": "sig"})
    await core.perform(add_application_key, actor, AddApplicationKey(application_id=made.id, key=key))
    issuer = f"https://{made.id}.test"
    url = AddApplicationUrl(application_id=made.id, kind=UrlKind.ISSUER, url=issuer)
    await core.perform(add_application_url, actor, url)
    return Thing(made.id, made.number)


async def _door(api: Api, site_id: str, tag: str) -> Thing:
    wanted = {"name": f"Door {tag}", "site": site_id, "driver": "simulated"}
    return _thing(await api.done("POST", "/doors", wanted))


async def _people(api: Api, tenant: Tenant, tag: str, door_id: str) -> Ids:
    """Make a person with a grant at a door, in a team with another, and one who was revoked there."""
    person, former = [
        await api.done("POST", "/people", {"name": f"{name} {tag}", "email": f"{name}.{tag}@people.test"})
        for name in ("ada", "bob")
    ]
    team = await api.done("POST", "/teams", {"name": f"Team {tag}"})
    await api.done("PUT", f"/teams/{team['id']}/members/{person['id']}")
    for holder in ({"person": person["id"]}, {"team": team["id"]}, {"person": former["id"]}):
        await api.done("POST", "/grants", {**holder, "door": door_id})
    revoked = await api.done("POST", f"/people/{former['id']}/revoke", {"door": door_id})
    users = await tenant.seam().done("POST", "/acs/users/list", {"user_identity_id": person["id"]})
    return {
        "person": _thing(person),
        "team": _thing(team),
        "membership": await _newest(tenant.kisi(), f"/team_memberships?team_id={team['number']}"),
        "enrolment": Thing(users["acs_users"][0]["acs_user_id"], 0),
        "revocation": Thing(revoked["revocation"]["id"], 0),
    }


async def _newest(kisi: Api, path: str) -> Thing:
    return Thing("", (await kisi.done("GET", path))[0]["id"])


def _thing(shown: dict[str, Any]) -> Thing:
    return Thing(shown["id"], shown["number"])


def dumped(value: object) -> bytes:
    return json.dumps(value).encode()


async def _import(tenant: Tenant) -> Thing:
    """Import nobody: the document of it stays."""
    begun = await tenant.native().call("POST", "/imports", b"name\n", content_type="text/csv")
    imported = begun.json()
    await tenant.world.services.imports.finish(imported["id"])
    return _thing(imported)


def _hours(door_id: str) -> dict[str, object]:
    timing = {"kind": "weekly", "days": ["monday"], "start": "08:00", "end": "09:00"}
    return {"consequence": "allow", "door": door_id, "timing": timing}
