"""arrange_organization: its name, its publishable key and what a wire API notes of it, in one act."""

from dataclasses import dataclass, field

from rekey.domain.document import DocumentBody
from rekey.domain.estate import Organization
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.annotate import put_annotation
from rekey.operations.set_publishable_key import SetPublishableKey, set_within
from rekey.operations.texts import clean_name


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangeOrganization:
    """None leaves the name and the key; `notes` go over the annotation in the namespace, member by member."""

    name: str | None = None
    publishable: SetPublishableKey | None = None
    namespace: str
    notes: DocumentBody = field(default_factory=dict)


@operation(Permission.ORGANIZATION_WRITE)
async def arrange_organization(act: Act, wanted: ArrangeOrganization) -> Organization:
    """Change what was given, all of it or nothing. Raises: Invalid (name), NotAllowed."""
    await act.require(Scope.organization(act.work.organization_id))
    if wanted.name is not None:
        await act.work.organizations.rename(clean_name(wanted.name))
    if wanted.publishable is not None:
        await set_within(act, wanted.publishable)
    if wanted.notes:
        await put_annotation(act, wanted.namespace, act.work.organization_id, wanted.notes)
    arranged = await act.work.organizations.get()
    await act.record(
        "organization.arranged",
        detail={
            "name": arranged.name,
            "publishable": None if wanted.publishable is None else wanted.publishable.text is not None,
            "members": [*sorted(wanted.notes)],
        },
    )
    return arranged
