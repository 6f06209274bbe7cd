"""edit_organization: the organization gets another name, or other rules for signing in."""

from dataclasses import dataclass

from rekey.domain.errors import Invalid
from rekey.domain.estate import Organization, SignInRules
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.texts import clean_name

LONGEST_SESSION = 31_536_000


@dataclass(frozen=True, slots=True, kw_only=True)
class EditOrganization:
    """None leaves a field as it is."""

    name: str | None = None
    sign_in: SignInRules | None = None


@operation(Permission.ORGANIZATION_WRITE)
async def edit_organization(act: Act, wanted: EditOrganization) -> Organization:
    """Change the organization. Raises: Invalid (name, idle_session_seconds)."""
    await act.require(Scope.organization(act.work.organization_id))
    if wanted.name is not None:
        await act.work.organizations.rename(clean_name(wanted.name))
    if wanted.sign_in is not None:
        await act.work.organizations.set_sign_in(_checked(wanted.sign_in))
    edited = await act.work.organizations.get()
    await act.record(
        "organization.edited",
        detail={"name": edited.name, "idle_session_seconds": edited.sign_in.idle_session_seconds},
    )
    return edited


def _checked(rules: SignInRules) -> SignInRules:
    if not 0 <= rules.idle_session_seconds <= LONGEST_SESSION:
        raise Invalid("idle_session_seconds", f"must be from 0 to {LONGEST_SESSION}")
    return rules
