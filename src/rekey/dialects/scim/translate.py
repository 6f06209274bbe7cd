"""People and teams as SCIM shows and names them; pure. Source: contract section 4."""

import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from rekey.dialects.scim.errors import Malformed, ScimType
from rekey.dialects.scim.group_schema import GROUP, GROUP_URN
from rekey.dialects.scim.schema import ResourceKind
from rekey.dialects.scim.user_schema import PASSWORD, SEND_EMAILS, USER, USER_URN
from rekey.dialects.scim.values import Resource
from rekey.domain.people import normal_email
from rekey.operations.change_provisioned_person import ChangeProvisionedPerson
from rekey.operations.change_provisioned_team import ChangeProvisionedTeam
from rekey.operations.edit_person import UNCHANGED
from rekey.operations.provision_person import ProvisionPerson
from rekey.operations.provision_team import ProvisionTeam
from rekey.operations.provisioned import ProvisionedPerson, ProvisionedTeam
from rekey.operations.provisioned_account import DirectoryPassword, Welcome

_LONGEST_NAME = 200
# They live elsewhere: as a block, and as memberships.
_NOT_KEPT = frozenset({"active", "members", "id", PASSWORD, SEND_EMAILS})


def etag(revision: str) -> str:
    return f'W/"{revision}"'


def writable_user(known: ProvisionedPerson) -> Resource:
    """Give what can be written of a user; who was added otherwise shows what is known of him."""
    person = known.person
    if known.entry is not None:
        attributes = dict(known.entry.attributes)
    else:
        attributes = {"userName": person.email or person.id, "displayName": person.name}
        if person.email is not None:
            attributes["emails"] = [{"value": person.email, "type": "work", "primary": True}]
    return {**attributes, "active": known.active, "id": person.id}


def writable_group(known: ProvisionedTeam) -> Resource:
    """Give what can be written of a group."""
    attributes = {"displayName": known.team.name} if known.entry is None else dict(known.entry.attributes)
    members = [{"value": member} for member in known.members]
    return {**attributes, **({"members": members} if members else {}), "id": known.team.id}


def show_user(known: ProvisionedPerson, base: str) -> Resource:
    person, entry = known.person, known.entry
    written = writable_user(known)
    groups = [
        {"value": team.id, "$ref": f"{base}/Groups/{team.id}", "display": team.name, "type": "direct"}
        for team in known.teams
    ]
    changed = person.updated_at if entry is None else max(person.updated_at, entry.updated_at)
    extensions = [schema.urn for schema in USER.extensions if schema.urn in written]
    return {
        "schemas": [USER_URN, *extensions],
        "id": person.id,
        **written,
        **({"groups": groups} if groups else {}),
        "meta": _meta(USER, f"{base}/Users/{person.id}", (person.created_at, changed), known.revision),
    }


def show_group(known: ProvisionedTeam, base: str, names: Mapping[str, str]) -> Resource:
    """Takes: names, those of the members where they are asked for."""
    team, entry = known.team, known.entry
    written = writable_group(known)
    members = [
        {"value": member, "$ref": f"{base}/Users/{member}", "type": "User", **_display(names, member)}
        for member in known.members
    ]
    changed = team.updated_at if entry is None else max(team.updated_at, entry.updated_at)
    return {
        "schemas": [GROUP_URN],
        "id": team.id,
        **written,
        **({"members": members} if members else {}),
        "meta": _meta(
            GROUP,
            f"{base}/Groups/{team.id}",
            (team.created_at, changed),
            known.revision if known.whole else None,
        ),
    }


def _display(names: Mapping[str, str], member: str) -> Resource:
    return {"display": names[member]} if member in names else {}


def _meta(kind: ResourceKind, place: str, times: tuple[datetime, datetime], revision: str | None) -> Resource:
    created, changed = times
    return {
        "resourceType": kind.name,
        "created": _instant(created),
        "lastModified": _instant(changed),
        "location": place,
        **({} if revision is None else {"version": etag(revision)}),
    }


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def provision_user(
    written: Resource, password: DirectoryPassword | None, welcome: Welcome
) -> ProvisionPerson:
    """Name what a new user is in the words of the core; absent `active` and `sendEmails` mean true."""
    mails = written.get(SEND_EMAILS, True)
    return ProvisionPerson(
        name=name_of(written),
        email=email_of(written),
        user_name=written["userName"],
        external_id=external_id_of(written),
        attributes=_kept(written),
        active=written.get("active", True),
        password=password,
        welcome=welcome if mails else None,
        managed=not mails,
    )


def change_user(
    known: ProvisionedPerson, written: Resource, password: DirectoryPassword | None
) -> ChangeProvisionedPerson:
    """Name what a user is from now on; what the directory leaves alone stays as operators have it."""
    before = writable_user(known)
    name, email = name_of(written), email_of(written)
    return ChangeProvisionedPerson(
        person_id=known.person.id,
        user_name=written["userName"],
        external_id=external_id_of(written),
        attributes=_kept(written),
        active=written.get("active", known.active),
        name=UNCHANGED if name == name_of(before) else name,
        email=UNCHANGED if email == email_of(before) else email,
        password=password,
        expected=known.revision,
    )


def provision_group(written: Resource) -> ProvisionTeam:
    return ProvisionTeam(
        name=written["displayName"],
        external_id=external_id_of(written),
        attributes=_kept(written),
        members=members_of(written),
    )


def change_group(known: ProvisionedTeam, written: Resource, expected: str) -> ChangeProvisionedTeam:
    members = members_of(written)
    return ChangeProvisionedTeam(
        team_id=known.team.id,
        name=written["displayName"],
        external_id=external_id_of(written),
        attributes=_kept(written),
        members=None if members == known.members else members,
        expected=expected,
    )


def members_of(written: Resource) -> tuple[str, ...]:
    """Give the ids of a group's members. Raises: Malformed for a group within a group, or a member without an id."""
    found: dict[str, None] = {}
    for member in written.get("members", []):
        if str(member.get("type", "User")).lower() != "user":
            raise Malformed(
                ScimType.INVALID_VALUE, "only users can be members: there are no groups within groups"
            )
        value = member.get("value")
        if not isinstance(value, str) or not value:
            raise Malformed(ScimType.INVALID_VALUE, "a member needs the id of a user as its value")
        found[value] = None
    return tuple(found)


def password_of(written: Resource) -> str | None:
    """Give the password that was sent. Raises: Malformed for one that is no text."""
    value = written.get(PASSWORD)
    if value is not None and not isinstance(value, str):
        raise Malformed(ScimType.INVALID_VALUE, f"{PASSWORD} must be a text")
    return value or None


def external_id_of(written: Resource) -> str | None:
    """Raises: Malformed for a name that is no text."""
    value = written.get("externalId")
    if value is not None and not isinstance(value, str):
        raise Malformed(ScimType.INVALID_VALUE, "externalId must be a text")
    return value or None


def name_of(written: Resource) -> str:
    """Give the name by which people are shown: displayName, else what the parts of the name give."""
    name = written.get("name", {})
    parts = " ".join(str(name[part]) for part in ("givenName", "familyName") if name.get(part))
    candidates = (written.get("displayName"), name.get("formatted"), parts, written["userName"])
    fitted = (_fit(str(candidate)) for candidate in candidates if candidate)
    return next((candidate for candidate in fitted if candidate), "Unnamed")


def email_of(written: Resource) -> str | None:
    """Give the contact address: the user name if it is one, else the primary or work address."""
    emails = [one for one in written.get("emails", []) if isinstance(one, dict)]
    primary = [one.get("value") for one in emails if one.get("primary") is True]
    work = [one.get("value") for one in emails if str(one.get("type", "")).lower() == "work"]
    for candidate in (written["userName"], *primary, *work):
        address = _address(candidate)
        if address is not None:
            return address
    return None


def _kept(written: Resource) -> dict[str, Any]:
    return {name: value for name, value in written.items() if name not in _NOT_KEPT}


def _fit(text: str) -> str:
    """Make a name of any text: a disable must not fail because somebody's name has a tab in it."""
    plain = "".join(" " if unicodedata.category(one) in {"Cc", "Cs"} else one for one in text)
    return unicodedata.normalize("NFC", plain).strip()[:_LONGEST_NAME].strip()


def _address(candidate: object) -> str | None:
    try:
        return normal_email(candidate) if isinstance(candidate, str) else None
    except ValueError:
        return None
