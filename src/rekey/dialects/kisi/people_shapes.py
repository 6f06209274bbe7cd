"""Users, members and guests, exactly with the keys of the contract's section 3; pure."""

from dataclasses import dataclass
from datetime import datetime

from rekey.dialects.kisi.notes import Notes, text_in
from rekey.dialects.kisi.shapes import Shape, instant, organization_number, ref, stamps
from rekey.domain.people import Person

# A member is the same person under another number: numbers of things begin at 1 and never come this far.
FIRST_MEMBER = 1_000_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class UserFacts:
    """What is known of a person beside the profile; `enabled` is what `switches` gives."""

    enabled: tuple[bool, bool]
    organization_id: str
    has_account: bool
    has_second_factor: bool
    groups: int
    last_unlock: datetime | None
    notes: Notes

    @property
    def is_confirmed(self) -> bool:
        return self.has_account or self.notes.get("confirmed") is True


def member_number(person: Person) -> int:
    return FIRST_MEMBER + person.number


def user_number(member: int) -> int:
    """Give the user's number of a member's; none that exists for what is no member's."""
    return max(member - FIRST_MEMBER, 0)


def show_user(person: Person, facts: UserFacts) -> Shape:
    access_enabled, scim_access_enabled = facts.enabled
    return {
        "id": person.number,
        "resource_type": "User",
        "name": person.name,
        "email": person.email or "",
        **stamps(person.created_at, person.updated_at),
        "metadata": facts.notes.get("metadata") or {},
        "image": text_in(facts.notes, "image"),
        "otp_required_for_login": facts.has_second_factor,
        "password_flow_enabled": person.password_sign_in,
        "access_enabled": access_enabled,
        "last_accessed_at": instant(facts.last_unlock),
        "scim_access_enabled": scim_access_enabled,
        "notes": person.notes or None,
        "organization_id": organization_number(facts.organization_id),
        "confirmed": facts.is_confirmed,
        "groups_count": facts.groups,
    }


def show_member(person: Person, facts: UserFacts) -> Shape:
    """Show the deprecated view of a user, under its own id."""
    access_enabled, scim_access_enabled = facts.enabled
    return {
        "id": member_number(person),
        "resource_type": "Member",
        "name": person.name,
        "image": text_in(facts.notes, "image"),
        "password_flow_enabled": person.password_sign_in,
        "access_enabled": access_enabled,
        "scim_access_enabled": scim_access_enabled,
        "last_accessed_at": instant(facts.last_unlock),
        **stamps(person.created_at, person.updated_at),
        "role_id": None,
        "notes": person.notes or None,
        "metadata": facts.notes.get("metadata") or {},
        "organization_id": organization_number(facts.organization_id),
        "user_id": person.number,
        "user": ref("User", person.number, person.name)
        | {"email": person.email or "", "otp_required_for_login": facts.has_second_factor},
        "place_id": None,
        "shares_count": facts.groups,
        "confirmed": facts.is_confirmed,
    }


def show_guest(person: Person) -> Shape:
    return {
        "id": person.number,
        "resource_type": "Guest",
        "name": person.name,
        "email": person.email,
        "phone_number": person.phone,
        **stamps(person.created_at, person.updated_at),
    }
