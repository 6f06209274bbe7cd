"""Customers: their people, places and stays by their own keys, and a page for them to look at."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from rekey.dialects.seam.callers import VIA
from rekey.dialects.seam.code_shapes import facts_of_doors
from rekey.dialects.seam.doors import SPACE_ORIGIN
from rekey.dialects.seam.errors import InvalidInput, NotSupported
from rekey.dialects.seam.kit import Call, Kit
from rekey.dialects.seam.parameters import parse_instant
from rekey.dialects.seam.replies import reply_ok
from rekey.dialects.seam.secrets import CLIENT_SESSION, make_secret
from rekey.dialects.seam.translate import instant
from rekey.dialects.seam.wire_accounts import CustomerPortal
from rekey.domain.role import Permission
from rekey.domain.validity import Validity
from rekey.operations.bundle_parts import doors_of_places
from rekey.operations.customer_stays import CustomerStay
from rekey.operations.keep_customer import (
    CustomerPerson,
    CustomerPlace,
    DropCustomerData,
    KeepCustomer,
    drop_customer_data,
    keep_customer,
)
from rekey.operations.open_client_session import OnSame, OpenClientSession, open_client_session
from rekey.operations.pins import DoorFacts
from rekey.ports.store import View
from rekey.webkit.message import Reply
from rekey.webkit.receipt_links import removal_headers

PORTAL_PATH = "/customers/portal"
PORTAL_DAYS = 7
CODE = "preferred_code"
# The customer's kinds of things, and the name of each kind's own key.
PEOPLE: Mapping[str, str] = {
    "guests": "guest_key",
    "residents": "resident_key",
    "tenants": "tenant_key",
    "users": "user_key",
    "user_identities": "user_identity_key",
    "staff_members": "staff_member_key",
}
PLACES: Mapping[str, str] = {
    "spaces": "space_key",
    "rooms": "room_key",
    "units": "unit_key",
    "buildings": "building_key",
    "facilities": "facility_key",
    "properties": "property_key",
    "listings": "listing_key",
    "property_listings": "property_listing_key",
    "common_areas": "common_area_key",
    "sites": "site_key",
}
# Nobody has these alone, so no guest takes them from another.
SHARED = frozenset({"buildings", "facilities", "common_areas", "sites"})
STAYS: Mapping[str, str] = {
    "reservations": "reservation_key",
    "bookings": "booking_key",
    "access_grants": "access_grant_key",
}


class Customers:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def push_data(self, call: Call) -> Reply:
        """Add or change what is a customer's, all of it or nothing."""
        await self._keep(call, call.args.required("customer_key"), call.args.sent(*PEOPLE, *PLACES, *STAYS))
        return reply_ok()

    async def delete_data(self, call: Call) -> Reply:
        """Remove what was pushed under these keys, and what came of it."""
        wanted = DropCustomerData(
            origin=SPACE_ORIGIN,
            person_keys=_named(call, PEOPLE),
            place_keys=_named(call, PLACES),
            stay_keys=_named(call, STAYS),
            customer_keys=call.args.texts("customer_keys") or (),
        )
        dropped = await self._kit.perform(call, drop_customer_data, wanted)
        return reply_ok().with_headers(*removal_headers(*dropped.revocation_ids))

    async def create_portal(self, call: Call) -> Reply:
        """Make a link that shows a customer its doors for seven days; what comes with it is pushed first."""
        if call.args.objects("customer_resources_filters"):
            # Passed over, it would show the customer more than was asked for.
            raise NotSupported("a portal shows all that bears the customer's key")
        data = call.args.mapping("customer_data") or {}
        customer = data.get("customer_key")
        if not isinstance(customer, str) or not customer:
            raise InvalidInput({"customer_data": ["Required customer_key"]})
        pushed = {name: data[name] for name in (*PEOPLE, *PLACES, *STAYS) if name in data}
        if pushed:
            await self._keep(call, customer, pushed)
        core, now = self._kit.services.core, self._kit.now
        token = make_secret(core, CLIENT_SESSION)
        wanted = OpenClientSession(
            secret_fingerprint=core.secrets.fingerprint(token),
            sealed_token=core.secrets.seal(token.encode()),
            via=VIA,
            customer_key=customer,
            read_only=True,
            expires_at=now + timedelta(days=PORTAL_DAYS),
            on_same=OnSame.REFUSE,
        )
        await self._kit.perform(call, open_client_session, wanted)
        address = self._kit.address_of(call.request)
        portal = CustomerPortal(
            url=f"{address}{PORTAL_PATH}?token={quote(token)}",
            customer_key=customer,
            workspace_id=call.workspace_id,
            expires_at=instant(now + timedelta(days=PORTAL_DAYS)),
            created_at=instant(now),
        )
        # The older name of the same thing is still promised.
        return reply_ok(customer_portal=portal, magic_link=portal)

    async def _keep(self, call: Call, customer: str, sent: Mapping[str, Any]) -> None:
        stays = tuple(_stay(kind, one) for kind in STAYS for one in _several(sent, kind))
        wanted = KeepCustomer(
            customer_key=customer,
            origin=SPACE_ORIGIN,
            people=tuple(_person(kind, one) for kind in PEOPLE for one in _several(sent, kind)),
            places=tuple(_place(kind, one) for kind in PLACES for one in _several(sent, kind)),
            stays=stays,
            facts=await self._facts(call, stays),
        )
        await self._kit.perform(call, keep_customer, wanted)

    async def _facts(self, call: Call, stays: Iterable[CustomerStay]) -> tuple[DoorFacts, ...]:
        """Say what the doors of the stays' places can do, as far as they have any yet."""
        keys = dict.fromkeys(key for one in stays for key in (*one.place_keys, *one.shared_place_keys))

        async def look(view: View) -> tuple[DoorFacts, ...]:
            groups = [await view.door_groups.by_external_key(key) for key in keys]
            doors = await doors_of_places(view, (), [group.id for group in groups if group is not None])
            return await facts_of_doors(self._kit, view, doors)

        return await self._kit.read(call, Permission.ESTATE_READ, look) if keys else ()


def _named(call: Call, kinds: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Read lists of keys such as `guest_keys`, by the kind of thing."""
    found = {kind: call.args.texts(f"{key}s") for kind, key in kinds.items()}
    return {kind: keys for kind, keys in found.items() if keys}


def _several(sent: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    several = sent.get(kind) or []
    if not isinstance(several, list) or not all(isinstance(one, dict) for one in several):
        raise InvalidInput({kind: ["Expected array of objects"]})
    return several


def _person(kind: str, one: Mapping[str, Any]) -> CustomerPerson:
    return CustomerPerson(
        kind=kind,
        key=_text(one, PEOPLE[kind], kind),
        name=_text(one, "name", kind),
        email=_optional(one, "email_address", kind),
        phone=_optional(one, "phone_number", kind),
        body=dict(one),
    )


def _place(kind: str, one: Mapping[str, Any]) -> CustomerPlace:
    return CustomerPlace(
        kind=kind, key=_text(one, PLACES[kind], kind), name=_text(one, "name", kind), body=dict(one)
    )


def _stay(kind: str, one: Mapping[str, Any]) -> CustomerStay:
    key = _text(one, STAYS[kind], kind)
    is_grant = kind == "access_grants"
    people = [_optional(one, name, kind) for name in PEOPLE.values()]
    places = {name: _texts(one, f"{key_}s", kind) for name, key_ in PLACES.items()}
    return CustomerStay(
        kind=kind,
        key=key,
        name=_optional(one, "name", kind) or "",
        person_keys=tuple(key for key in people if key is not None),
        place_keys=tuple(key for name, keys in places.items() if name not in SHARED for key in keys),
        shared_place_keys=tuple(key for name, keys in places.items() if name in SHARED for key in keys),
        stay_key=None if is_grant else key,
        external_key=key if is_grant else None,
        code=_optional(one, CODE, kind),
        validity=_window(kind, one),
        # A PIN is kept with what opens by it, and nowhere else.
        body={name: value for name, value in one.items() if name != CODE},
    )


def _window(kind: str, one: Mapping[str, Any]) -> Validity:
    try:
        starts, ends = one.get("starts_at"), one.get("ends_at")
        return Validity(
            start=None if starts is None else parse_instant(starts),
            end=None if ends is None else parse_instant(ends),
        )
    except ValueError as malformed:
        raise InvalidInput({kind: [str(malformed)]}) from malformed


def _text(one: Mapping[str, Any], name: str, kind: str) -> str:
    value = _optional(one, name, kind)
    if value is None:
        raise InvalidInput({kind: [f"Required {name}"]})
    return value


def _optional(one: Mapping[str, Any], name: str, kind: str) -> str | None:
    value = one.get(name)
    if value is not None and not (isinstance(value, str) and value):
        raise InvalidInput({kind: [f"Expected string for {name}"]})
    return value


def _texts(one: Mapping[str, Any], name: str, kind: str) -> list[str]:
    value = one.get(name) or []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InvalidInput({kind: [f"Expected array of strings for {name}"]})
    return value
