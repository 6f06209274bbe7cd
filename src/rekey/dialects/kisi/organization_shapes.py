"""The organization, exactly with the keys of the contract's section 7.5; pure."""

from dataclasses import dataclass

from rekey.dialects.kisi.notes import Notes, text_in
from rekey.dialects.kisi.shapes import Shape, organization_number, stamps, user_ref, with_ref
from rekey.domain.directory import DirectoryState
from rekey.domain.estate import Organization
from rekey.domain.handover import Handover
from rekey.domain.people import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationFacts:
    """What is known of the organization beside itself; `heir` is to whom the ownership is offered."""

    places: int
    owner: Person | None
    heir: Person | None
    directory: DirectoryState
    notes: Notes


def show_organization(organization: Organization, facts: OrganizationFacts) -> Shape:
    number = organization_number(organization.id)
    return {
        "id": number,
        "resource_type": "Organization",
        "name": organization.name,
        "domain": organization.domain,
        "logo": text_in(facts.notes, "logo"),
        "address": text_in(facts.notes, "address"),
        "description": text_in(facts.notes, "description"),
        "device_logins_expire_after": organization.sign_in.idle_session_seconds,
        "places_count": facts.places,
        "scim_enabled": facts.directory.enabled,
        "sso_flow_enabled": False,
        "sso_expiration_override_enabled": False,
        "sso_expiration_override": None,
        "metadata": None,
        "time_zone": text_in(facts.notes, "time_zone") or "UTC",
        "web_authentication_api_enabled": False,
        "apple_pass_enabled": False,
        **stamps(organization.created_at, organization.created_at),
        "user_id": None if facts.owner is None else facts.owner.number,
        **with_ref("transfer_to", None if facts.heir is None else user_ref(facts.heir)),
        "image": None,
        "color": None,
    }


def show_settings(organization: Organization, facts: OrganizationFacts) -> Shape:
    """Show the organization with how people sign in to it."""
    owner = {} if facts.owner is None else {"user": user_ref(facts.owner)}
    return show_organization(organization, facts) | {
        "sp_certificate": None,
        "sp_certificate_required": False,
        "sp_certificate_expires_at": None,
        "identity_provider_issuer_url": None,
        "sso_configured": False,
        "scim_configured": facts.directory.configured,
        **owner,
    }


def show_public(organization: Organization, notes: Notes) -> Shape:
    """Show what a sign-in page needs, to anybody who knows the domain."""
    return {
        "id": organization_number(organization.id),
        "resource_type": "Organization",
        "name": organization.name,
        "domain": organization.domain,
        "logo": text_in(notes, "logo"),
        "image": None,
        "color": None,
        "sso_flow_enabled": False,
    }


def show_transfer(handover: Handover, *, giver: Person | None, heir: Person | None) -> Shape:
    """Show an offer of the ownership; its keys are ours, the contract names none."""
    return {
        "id": handover.number,
        "resource_type": "OrganizationTransfer",
        "state": handover.state.value,
        **stamps(handover.created_at, handover.settled_at or handover.created_at),
        **with_ref("transfer_from", None if giver is None else user_ref(giver)),
        **with_ref("transfer_to", None if heir is None else user_ref(heir)),
    }
