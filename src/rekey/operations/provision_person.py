"""provision_person: the directory adds somebody."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rekey.domain.directory import DirectoryEntry, DirectoryKind
from rekey.domain.errors import AlreadyExists
from rekey.domain.journal import JsonValue
from rekey.domain.people import Person
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.add_person import AddPerson, put_person
from rekey.operations.directory_switch import switch_off
from rekey.operations.former_people import carry_revocation, removed_before
from rekey.operations.provisioned import ProvisionedPerson
from rekey.operations.provisioned_account import (
    DirectoryPassword,
    Welcome,
    keep_directory_password,
    welcome_by_mail,
)
from rekey.operations.texts import clean_email


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisionPerson:
    """`user_name`, `external_id` and `attributes` are the directory's own, kept as they are.

    Without a `welcome` nobody is mailed. A `managed` person has no password, unless the directory sends one.
    """

    name: str
    email: str | None
    user_name: str
    external_id: str | None = None
    attributes: Mapping[str, Any]
    active: bool = True
    password: DirectoryPassword | None = None
    welcome: Welcome | None = None
    managed: bool = False


@operation(Permission.PEOPLE_WRITE)
async def provision_person(act: Act, wanted: ProvisionPerson) -> ProvisionedPerson:
    """Add a person without any access, switched off already if the directory says so.

    Who comes back after an operator removed him opens nothing by what an automation gives: the operator's
    "no" goes with him. Raises: AlreadyExists (email, name, external_id), Invalid.
    """
    await act.require(Scope.organization(act.work.organization_id))
    email = clean_email(wanted.email)
    former = await removed_before(act, email)
    signs_in = not wanted.managed or wanted.password is not None
    person = await put_person(act, AddPerson(name=wanted.name, email=email, password_sign_in=signs_in))
    entry = DirectoryEntry(
        kind=DirectoryKind.PERSON,
        id=person.id,
        name=wanted.user_name,
        external_id=wanted.external_id,
        attributes=wanted.attributes,
        created_at=act.now,
        updated_at=act.now,
    )
    await refuse_name_in_use(act, wanted.user_name, but=person.id)
    await act.work.directory_entries.add(entry)
    carried = await carry_revocation(act, person, former)
    detail: dict[str, JsonValue] = {"name": person.name, "email": person.email}
    if not wanted.active:
        detail |= (await switch_off(act, person.id)).detail
    if carried:
        detail["carried_revocations"] = [one.id for one in carried]
    detail |= await _open_account(act, person, wanted)
    await act.record("person.provisioned", person_id=person.id, detail=detail)
    return ProvisionedPerson(person=person, entry=entry, active=wanted.active)


async def _open_account(act: Act, person: Person, wanted: ProvisionPerson) -> dict[str, JsonValue]:
    """Set the password and write to somebody new; who is switched off is not written to."""
    detail = await keep_directory_password(act, person, wanted.password)
    if wanted.welcome is not None and wanted.active:
        detail["welcomed"] = await welcome_by_mail(act, person, wanted.welcome)
    return detail


async def refuse_name_in_use(act: Act, user_name: str, *, but: str) -> None:
    """Refuse a user name that is the address of another person. Raises: AlreadyExists."""
    holder = await act.work.people.by_email(user_name.strip().lower())
    if holder is not None and holder.id != but:
        raise AlreadyExists("person", "email")
