"""change_provisioned_person: the directory says anew what it knows of somebody, and whether he is active."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from rekey.domain.directory import DirectoryEntry, DirectoryKind
from rekey.domain.journal import JsonValue
from rekey.domain.people import Person
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.directory_switch import switch_off, switch_on
from rekey.operations.edit_person import UNCHANGED, Unchanged
from rekey.operations.find import find_person
from rekey.operations.provision_person import refuse_name_in_use
from rekey.operations.provisioned import Outcome, Provisioned, ProvisionedPerson, provisioned_person
from rekey.operations.provisioned_account import (
    DirectoryPassword,
    does_more_than_open,
    keep_directory_password,
)
from rekey.operations.texts import clean_email, clean_name


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeProvisionedPerson:
    """All that the directory knows after the change. `expected` is the revision that it was meant for."""

    person_id: str
    user_name: str
    external_id: str | None
    attributes: Mapping[str, Any]
    active: bool
    name: str | Unchanged = UNCHANGED
    email: str | Unchanged | None = UNCHANGED
    password: DirectoryPassword | None = None
    expected: str | None = None


@operation(Permission.PEOPLE_WRITE)
async def change_provisioned_person(
    act: Act, wanted: ChangeProvisionedPerson
) -> Provisioned[ProvisionedPerson]:
    """Change a person as the directory says; who was added otherwise is provisioned from now on.

    Being switched off takes effect with the commit and is no second event when it is repeated; being switched
    on lifts only what the directory said. A change meant for an older revision changes nothing. Of somebody
    whose role does more than open doors the mail address stays: whoever says where that mail goes signs in as
    that person.
    Raises: NotFound, AlreadyExists (email, name, external_id), Invalid.
    """
    await act.require(Scope.organization(act.work.organization_id))
    before = await provisioned_person(act.work, await find_person(act.work, wanted.person_id), act.now)
    if wanted.expected not in {None, before.revision}:
        act.work.keep_books()
        return Provisioned(outcome=Outcome.STALE, now=before)
    changed = await _write_entry(act, before, wanted)
    email = before.person.email if wanted.email is UNCHANGED else clean_email(wanted.email)
    refused = await _refused_address(act, before.person, email)
    person = await _write_person(act, before.person, wanted, email=before.person.email if refused else email)
    changed += [] if person == before.person else ["person"]
    action, detail = await _switch(act, before, active=wanted.active)
    detail |= refused
    changed += [*refused]
    detail |= await keep_directory_password(act, person, wanted.password, known=before.entry is not None)
    changed += ["password"] if detail.get("password_set") else []
    if action is None and not changed:
        act.work.keep_books()
        return Provisioned(outcome=Outcome.UNCHANGED, now=before)
    await act.record(
        action or "person.provisioned_anew",
        person_id=person.id,
        detail={"name": person.name, "email": person.email, "changed": [*changed], **detail},
    )
    now = await provisioned_person(act.work, person, act.now)
    return Provisioned(outcome=Outcome.CHANGED, now=now)


async def _switch(
    act: Act, before: ProvisionedPerson, *, active: bool
) -> tuple[str | None, dict[str, JsonValue]]:
    if active == before.active:
        return None, {}
    if active:
        return "person.switched_on", (await switch_on(act, before.person.id)).detail
    return "person.switched_off", (await switch_off(act, before.person.id)).detail


async def _refused_address(act: Act, person: Person, email: str | None) -> dict[str, JsonValue]:
    """Say for the journal why an address is not taken; nothing for one that is."""
    if email == person.email or not await does_more_than_open(act.work, person.id):
        return {}
    return {"email_refused": "this person's role does more than open doors"}


async def _write_person(
    act: Act, person: Person, wanted: ChangeProvisionedPerson, *, email: str | None
) -> Person:
    name = person.name if wanted.name is UNCHANGED else clean_name(wanted.name)
    if (name, email) == (person.name, person.email):
        return person
    edited = replace(person, name=name, email=email, updated_at=act.now)
    await act.work.people.replace(edited)
    return edited


async def _write_entry(act: Act, before: ProvisionedPerson, wanted: ChangeProvisionedPerson) -> list[str]:
    """Keep what the directory knows now, and name the attributes that differ."""
    known = before.entry
    if known is None or known.name != wanted.user_name:
        await refuse_name_in_use(act, wanted.user_name, but=before.person.id)
    entry = DirectoryEntry(
        kind=DirectoryKind.PERSON,
        id=before.person.id,
        name=wanted.user_name,
        external_id=wanted.external_id,
        attributes=dict(wanted.attributes),
        created_at=act.now if known is None else known.created_at,
        updated_at=act.now,
    )
    return await keep_entry(act, known, entry, touch=wanted.active != before.active)


async def keep_entry(
    act: Act, known: DirectoryEntry | None, entry: DirectoryEntry, *, touch: bool
) -> list[str]:
    """Keep an entry if it says anything new, and name the attributes that differ.

    `touch` keeps its new time also if nothing else of it is new. Raises: AlreadyExists.
    """
    if known is None:
        await act.work.directory_entries.add(entry)
        return ["provisioned"]
    if not touch and replace(entry, updated_at=known.updated_at) == known:
        return []
    await act.work.directory_entries.replace(entry)
    names = known.attributes.keys() | entry.attributes.keys()
    return sorted(name for name in names if known.attributes.get(name) != entry.attributes.get(name))
