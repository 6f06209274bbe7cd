"""keep_customer, drop_customer_data: what a customer pushes by its own keys: people, places, and stays."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from rekey.domain.document import Document, DocumentBody, DocumentKind
from rekey.domain.errors import Conflict
from rekey.domain.grant import Grant, Holder
from rekey.domain.journal import JsonValue
from rekey.domain.people import Person
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.domain.validity import Validity
from rekey.operations.act import Act, operation
from rekey.operations.add_person import AddPerson, put_person
from rekey.operations.edit_person import UNCHANGED, EditPerson, edit_within
from rekey.operations.end_client_session import end_client_sessions_of_customer
from rekey.operations.end_grant import end_all_at
from rekey.operations.gather_doors import GatherDoors, gather_within
from rekey.operations.grant_access import NewGrant, give_within
from rekey.operations.leavers import leaver_block
from rekey.operations.remove_person import (
    PersonRemoved,
    RemovePerson,
    remove_within,
    removed_line,
    require_removal,
)
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.doors import ChangeKind
from rekey.ports.repositories.rights import GrantFilter

_GIVEN = "given"


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerPerson:
    """Somebody of the customer's, by the customer's own kind of person and key."""

    kind: str
    key: str
    name: str
    email: str | None = None
    phone: str | None = None
    body: DocumentBody = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerPlace:
    """A place of the customer's; it opens nothing until doors are put into it."""

    kind: str
    key: str
    name: str
    body: DocumentBody = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerStay:
    """Who may be where and when: a reservation, a booking or a grant in the customer's own words."""

    kind: str
    key: str
    person_keys: tuple[str, ...] = ()
    place_keys: tuple[str, ...] = ()
    validity: Validity
    body: DocumentBody = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepCustomer:
    """`origin` marks the groups that are made, and with `:stay` the grants."""

    customer_key: str
    origin: str
    people: tuple[CustomerPerson, ...] = ()
    places: tuple[CustomerPlace, ...] = ()
    stays: tuple[CustomerStay, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerKept:
    """`skipped` are the keys of stays that could not be honoured: a person or place that is not known."""

    people: int
    places: int
    grants: int
    skipped: tuple[str, ...]


@operation(Permission.PEOPLE_WRITE)
async def keep_customer(act: Act, wanted: KeepCustomer) -> CustomerKept:
    """Add or change a customer's people, places and stays in one act.

    A person whose e-mail another record holds is passed over, and so are the stays of somebody who is not
    known or who left: nothing pushed by a key brings anybody back whom an operator revoked.
    Raises: Conflict (a key of another customer), Invalid.
    """
    await act.require(Scope.organization(act.work.organization_id))
    people = {one.key: await _keep_person(act, wanted, one) for one in wanted.people}
    for place in wanted.places:
        await _keep_place(act, wanted, place)
    grants, skipped = 0, []
    for stay in wanted.stays:
        given = await _keep_stay(act, wanted, stay)
        grants += len(given)
        if not given:
            skipped.append(stay.key)
    kept = CustomerKept(
        people=sum(person is not None for person in people.values()),
        places=len(wanted.places),
        grants=grants,
        skipped=tuple(skipped),
    )
    await act.record(
        "customer.kept",
        detail={
            "customer": wanted.customer_key,
            "people": kept.people,
            "places": kept.places,
            "grants": kept.grants,
            "skipped": [*kept.skipped],
        },
    )
    return kept


async def _keep_person(act: Act, wanted: KeepCustomer, one: CustomerPerson) -> Person | None:
    await _keep_record(act, wanted, one)
    known = await act.work.people.by_external_key(one.key)
    if known is None:
        email = None if one.email is None else one.email.strip().lower()
        taken = email is not None and await act.work.people.by_email(email) is not None
        if taken or (one.phone is not None and await act.work.people.by_phone(one.phone) is not None):
            return None
        return await put_person(
            act,
            AddPerson(
                name=one.name,
                email=one.email,
                phone=one.phone,
                external_key=one.key,
                customer_key=wanted.customer_key,
            ),
        )
    if known.customer_key != wanted.customer_key:
        raise Conflict("another customer, or nobody's, has a person with this key")
    return await edit_within(
        act,
        EditPerson(
            person_id=known.id,
            name=one.name,
            email=UNCHANGED if one.email is None else one.email,
            phone=UNCHANGED if one.phone is None else one.phone,
        ),
    )


async def _keep_place(act: Act, wanted: KeepCustomer, place: CustomerPlace) -> None:
    await _keep_record(act, wanted, place)
    known = await act.work.door_groups.by_external_key(place.key)
    if known is None:
        await act.require(Scope.organization(act.work.organization_id), Permission.ESTATE_WRITE)
        made = GatherDoors(
            name=place.name,
            origin=wanted.origin,
            external_key=place.key,
            customer_key=wanted.customer_key,
            notes=place.body,
        )
        await gather_within(act, made)
        return
    if known.customer_key != wanted.customer_key:
        raise Conflict("another customer, or nobody's, has a place with this key")
    await act.work.door_groups.replace(replace(known, name=place.name, updated_at=act.now))


async def _keep_stay(act: Act, wanted: KeepCustomer, stay: CustomerStay) -> tuple[Grant, ...]:
    """Give what a stay is about, and end what an earlier form of it gave."""
    record = await _keep_record(act, wanted, stay)
    await _end_stay(act, record)
    holders = [await act.work.people.by_external_key(key) for key in stay.person_keys]
    groups = [await act.work.door_groups.by_external_key(key) for key in stay.place_keys]
    new = [
        NewGrant(
            holder=Holder.person(person.id),
            scope=Scope.door_group(group.id),
            validity=stay.validity,
            origin=f"{wanted.origin}:stay",
        )
        for person in holders
        for group in groups
        if person is not None
        and group is not None
        and person.customer_key == wanted.customer_key == group.customer_key
        and await leaver_block(act, person.id) is None
    ]
    if not new or stay.validity.is_over(act.now):
        return ()
    # What is pushed is no operator's word: it lifts no operator's revocation, and lands as a conflict.
    pushing = replace(act, actor=replace(act.actor, is_automation=True))
    given = (await give_within(pushing, tuple(new))).grants
    body: DocumentBody = {**record.body, _GIVEN: [*map(str, (grant.id for grant in given))]}
    await act.work.documents.replace(replace(record, body=body, updated_at=act.now))
    return given


async def _end_stay(act: Act, record: Document) -> int:
    """End what a stay gave and say how much that was."""
    named = record.body.get(_GIVEN)
    ids = tuple(id_ for id_ in named if isinstance(id_, str)) if isinstance(named, list) else ()
    old = (await act.work.grants.list(WHOLE, GrantFilter(ids=ids))).items if ids else ()
    for grant in old:
        await act.work.grants.end(grant.id, act.now)
        await act.changed(ChangeKind.PERSON, grant.holder.id, grant.scope)
    return len(old)


def record_key(kind: str, key: str) -> str:
    return f"{kind}:{key}"


async def _keep_record(
    act: Act, wanted: KeepCustomer, one: CustomerPerson | CustomerPlace | CustomerStay
) -> Document:
    """Keep what was pushed; what an earlier form of it gave stays known. Raises: Conflict."""
    name, body = record_key(one.kind, one.key), one.body
    known = await act.work.documents.by_key(DocumentKind.CUSTOMER_RECORD, name)
    if known is not None:
        if known.parent_id != wanted.customer_key:
            raise Conflict("another customer has something with this key")
        given = {_GIVEN: known.body[_GIVEN]} if _GIVEN in known.body else {}
        edited = replace(known, body={**body, **given}, updated_at=act.now)
        await act.work.documents.replace(edited)
        return edited
    added = Document(
        id=act.new_id(),
        number=act.next_number(),
        kind=DocumentKind.CUSTOMER_RECORD,
        key=name,
        parent_id=wanted.customer_key,
        body=body,
        created_at=act.now,
        updated_at=act.now,
    )
    await act.work.documents.add(added)
    return added


@dataclass(frozen=True, slots=True, kw_only=True)
class DropCustomerData:
    """Keys by the customer's own kinds, and whole customers."""

    origin: str
    person_keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    place_keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stay_keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    customer_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerDropped:
    """What went, and the revocations of the people who went with it."""

    people: int
    places: int
    grants: int
    revocation_ids: tuple[str, ...]
    at: datetime


@operation(Permission.PEOPLE_WRITE)
async def drop_customer_data(act: Act, wanted: DropCustomerData) -> CustomerDropped:
    """Remove what was pushed under these keys, and what followed from it; unknown keys are no error.

    Raises: NotAllowed (a person whose role is above one's own), LastOwner.
    """
    everywhere = Scope.organization(act.work.organization_id)
    await act.require(everywhere)
    await act.require(everywhere, Permission.GRANTS_WRITE)
    await act.require(everywhere, Permission.ESTATE_WRITE)
    grants = sum([await _end_stay(act, record) for record in await _records(act, wanted.stay_keys)])
    people = [await act.work.people.by_external_key(key) for key in _keys(wanted.person_keys)]
    groups = [await act.work.door_groups.by_external_key(key) for key in _keys(wanted.place_keys)]
    for customer in wanted.customer_keys:
        people += (await act.work.people.list(WHOLE, customer_key=customer)).items
        groups += (await act.work.door_groups.list(WHOLE, customer_key=customer)).items
        await end_client_sessions_of_customer(act, customer)
        await act.work.documents.end_children(DocumentKind.CUSTOMER_RECORD, customer, act.now)
    # Only what was pushed: a key that is somebody's who bears no customer's is not the customer's to end.
    gone = {one.id: one for one in people if one is not None and one.customer_key is not None}
    places = {one.id: one for one in groups if one is not None and one.customer_key is not None}
    removed = [await _remove(act, person) for person in gone.values()]
    revoked = [one.revoked.revocation.id for one in removed]
    for group in places.values():
        grants += await end_all_at(act, Scope.door_group(group.id))
        await act.changed(ChangeKind.DOOR_GROUP, group.id)
        await act.work.door_groups.end(group.id)
    await _drop_records(act, wanted)
    await act.record(
        "customer.dropped",
        detail={
            "customers": _texts(wanted.customer_keys),
            "people": _texts(gone),
            "door_groups": _texts(places),
            "grants": grants,
            "revocations": _texts(revoked),
            "removed": [{"person": one.person.id, **removed_line(one)} for one in removed],
        },
    )
    return CustomerDropped(
        people=len(gone), places=len(places), grants=grants, revocation_ids=tuple(revoked), at=act.now
    )


async def _remove(act: Act, person: Person) -> PersonRemoved:
    await require_removal(act, person.id)
    return await remove_within(
        act, person, RemovePerson(person_id=person.id, reason="customer data deleted")
    )


async def _drop_records(act: Act, wanted: DropCustomerData) -> None:
    for kinds in (wanted.person_keys, wanted.place_keys, wanted.stay_keys):
        for record in await _records(act, kinds):
            await act.work.documents.end(record.id, act.now)


async def _records(act: Act, kinds: Mapping[str, tuple[str, ...]]) -> tuple[Document, ...]:
    names = [record_key(kind, key) for kind, keys in kinds.items() for key in keys]
    found = await act.work.documents.list(WHOLE, DocumentKind.CUSTOMER_RECORD, keys=names)
    return found.items


def _keys(kinds: Mapping[str, tuple[str, ...]]) -> list[str]:
    return [*dict.fromkeys(key for keys in kinds.values() for key in keys)]


def _texts(values: object) -> JsonValue:
    return [str(value) for value in values] if isinstance(values, list | tuple | dict) else []
