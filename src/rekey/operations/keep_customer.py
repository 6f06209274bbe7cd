"""keep_customer, drop_customer_data: what a customer pushes by its own keys: people, places, and stays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from rekey.domain.document import Document, DocumentBody, DocumentKind, DocumentValue
from rekey.domain.errors import Conflict
from rekey.domain.journal import JournalRow, JsonValue
from rekey.domain.people import Person
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.add_person import AddPerson, put_person
from rekey.operations.customer_stays import (
    CustomerStay,
    FollowStay,
    end_stay_bundle,
    follow_stay,
    pushing,
)
from rekey.operations.do_together import further_parts, keeping
from rekey.operations.edit_person import UNCHANGED, EditPerson, Unchanged, edit_within
from rekey.operations.end_client_session import end_client_sessions_of_customer
from rekey.operations.end_door_group import EndDoorGroup, end_door_group
from rekey.operations.gather_doors import GatherDoors, gather_doors
from rekey.operations.pins import DoorFacts
from rekey.operations.remove_person import (
    PersonRemoved,
    RemovePerson,
    remove_within,
    removed_line,
    require_removal,
)
from rekey.ports.listing import WHOLE

# What came of a record, by the ids of its groups and bundles.
GIVEN = "given"
# The fingerprint of the PIN that a stay asked for.
ASKED = "asked"


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
class KeepCustomer:
    """`origin` marks the groups that are made; `facts` says what the hardware of the stays' doors can do."""

    customer_key: str
    origin: str
    people: tuple[CustomerPerson, ...] = ()
    places: tuple[CustomerPlace, ...] = ()
    stays: tuple[CustomerStay, ...] = ()
    facts: tuple[DoorFacts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerKept:
    """`grants` counts the bundles of the pushed stays that stand.

    `skipped` are the keys of stays that could not be honoured: a person or place that is not known.
    """

    people: int
    places: int
    grants: int
    skipped: tuple[str, ...]


@operation(Permission.PEOPLE_WRITE)
async def keep_customer(act: Act, wanted: KeepCustomer) -> CustomerKept:
    """Add or change a customer's people, places and stays in one act.

    A person whose e-mail another record holds is passed over, and so are the stays of somebody who is not
    known or who left: nothing pushed by a key brings anybody back whom an operator revoked.
    Raises: Conflict (a key of another customer), Invalid; as `follow_stay`.
    """
    await act.require(Scope.organization(act.work.organization_id))
    rows: list[JournalRow] = []
    within = replace(act, keep=keeping(rows))
    people = {one.key: await _keep_person(act, wanted, one) for one in wanted.people}
    for place in wanted.places:
        await _keep_place(within, wanted, place)
    grants, skipped = 0, []
    for stay in wanted.stays:
        standing = await _keep_stay(pushing(within), wanted, stay)
        grants += standing
        if not standing:
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
            **further_parts(rows),
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
    own_email, own_phone = await _theirs(act, known, one)
    return await edit_within(
        act, EditPerson(person_id=known.id, name=one.name, email=own_email, phone=own_phone)
    )


async def _theirs(act: Act, known: Person, one: CustomerPerson) -> tuple[str | Unchanged, str | Unchanged]:
    """Give the e-mail and the phone that were pushed, less what another record holds."""
    by_email = None if one.email is None else await act.work.people.by_email(one.email.strip().lower())
    by_phone = None if one.phone is None else await act.work.people.by_phone(one.phone)
    return (
        one.email if one.email and (by_email is None or by_email.id == known.id) else UNCHANGED,
        one.phone if one.phone and (by_phone is None or by_phone.id == known.id) else UNCHANGED,
    )


async def _keep_place(act: Act, wanted: KeepCustomer, place: CustomerPlace) -> None:
    record = await _keep_record(act, wanted, place)
    known = await act.work.door_groups.by_external_key(place.key)
    await act.require(Scope.organization(act.work.organization_id), Permission.ESTATE_WRITE)
    if known is None:
        made = GatherDoors(
            name=place.name,
            origin=wanted.origin,
            external_key=place.key,
            customer_key=wanted.customer_key,
            notes=place.body,
            is_reference=True,
        )
        gathered = await gather_doors(replace(act, permission=gather_doors.permission), made)
        await _note_given(act, record, [gathered.group.id])
        return
    if known.customer_key not in {wanted.customer_key, None}:
        raise Conflict("another customer has a place with this key")
    # What nobody had becomes the customer's.
    edited = replace(known, name=place.name, customer_key=wanted.customer_key, updated_at=act.now)
    await act.work.door_groups.replace(edited)


async def _keep_stay(act: Act, wanted: KeepCustomer, stay: CustomerStay) -> int:
    """Bring what was given for a stay after its new form; say how many bundles of it stand."""
    former = await act.work.documents.by_key(DocumentKind.CUSTOMER_RECORD, record_key(stay.kind, stay.key))
    record = await _keep_record(act, wanted, stay)
    mark = None if stay.code is None else act.secrets.fingerprint(stay.code)
    followed = await follow_stay(
        act,
        FollowStay(
            customer_key=wanted.customer_key,
            stay=stay,
            given=_given(record),
            code_is_new=mark is not None and (former is None or former.body.get(ASKED) != mark),
            facts=wanted.facts,
        ),
    )
    marked: DocumentBody = {} if mark is None else {ASKED: mark}
    await _note_given(act, replace(record, body={**record.body, **marked}), followed.given)
    return followed.standing


async def _note_given(act: Act, record: Document, ids: Sequence[str]) -> None:
    named: list[DocumentValue] = [*map(str, ids)]
    body: DocumentBody = {**record.body, GIVEN: named}
    await act.work.documents.replace(replace(record, body=body, updated_at=act.now))


def _given(record: Document) -> tuple[str, ...]:
    named = record.body.get(GIVEN)
    return tuple(id_ for id_ in named if isinstance(id_, str)) if isinstance(named, list) else ()


async def _end_stay(act: Act, record: Document) -> int:
    """End what a stay gave and say how much that was."""
    return sum([await end_stay_bundle(act, id_) for id_ in _given(record)])


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
        given = {GIVEN: known.body[GIVEN]} if GIVEN in known.body else {}
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
    rows: list[JournalRow] = []
    within = replace(act, keep=keeping(rows))
    stays = await _records(act, wanted.stay_keys)
    grants = sum([await _end_stay(pushing(within), record) for record in stays])
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
    ending = replace(within, permission=end_door_group.permission)
    for group in places.values():
        grants += await end_door_group(ending, EndDoorGroup(door_group_id=group.id))
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
            **further_parts(rows),
        },
    )
    return CustomerDropped(
        people=len(gone), places=len(places), grants=grants, revocation_ids=tuple(revoked), at=act.now
    )


async def _remove(act: Act, person: Person) -> PersonRemoved:
    await require_removal(act, person.id)
    return await remove_within(act, person, RemovePerson(person_id=person.id, reason="customer data deleted"))


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
