"""edit_link: new terms for a link, and for the grants that it stands on."""

from dataclasses import dataclass, replace

from rekey.domain.errors import Invalid
from rekey.domain.grant import Grant
from rekey.domain.link import Link
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.domain.validity import Validity
from rekey.operations.act import Act, operation
from rekey.operations.add_link import check_terms, link_line
from rekey.operations.find import find_link
from rekey.operations.leavers import refuse_beyond_own, refuse_leaver, refuse_own_return
from rekey.operations.texts import clean_email, clean_name, clean_phone
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.doors import ChangeKind
from rekey.ports.repositories.rights import GrantFilter


@dataclass(frozen=True, slots=True, kw_only=True)
class EditLink:
    """All as it shall be; `EditLink.of` takes what stays from the link."""

    link_id: str
    name: str
    email: str | None
    phone: str | None
    validity: Validity
    max_uses: int | None

    @classmethod
    def of(cls, link: Link) -> "EditLink":
        return cls(
            link_id=link.id,
            name=link.name,
            email=link.email,
            phone=link.phone,
            validity=link.validity,
            max_uses=link.max_uses,
        )


@operation(Permission.GRANTS_WRITE)
async def edit_link(act: Act, wanted: EditLink) -> Link:
    """Change a link; what it opens stays as it is.

    Raises: NotFound, Invalid, NotAllowed, PersonLeft (a wider link for somebody who left).
    """
    link = await find_link(act.work, wanted.link_id)
    grants = await grants_of_link(act, link.id)
    for scope in link_scopes(act, grants):
        await act.require(scope)
    edited = await edit_link_within(act, link, wanted, grants=grants)
    await act.record("link.edited", person_id=link.for_person_id, detail=link_line(edited))
    return edited


async def edit_link_within(act: Act, link: Link, wanted: EditLink, *, grants: tuple[Grant, ...]) -> Link:
    """Change a link within an act that has asked for the permission and records it. Raises: as `edit_link`."""
    if not _lies_within(wanted, link):
        check_terms(act, wanted.validity, wanted.max_uses)
        for grant in grants:
            await refuse_beyond_own(act, grant.scope)
            if link.for_person_id is not None:
                await refuse_own_return(act, link.for_person_id, grant.scope)
        if link.for_person_id is not None:
            await refuse_leaver(act, link.for_person_id)
    if wanted.max_uses is not None and wanted.max_uses < 1:
        raise Invalid("max_uses", "must be at least 1: end the link instead")
    edited = replace(
        link,
        name=clean_name(wanted.name),
        email=clean_email(wanted.email),
        phone=clean_phone(wanted.phone),
        validity=wanted.validity,
        max_uses=wanted.max_uses,
        updated_at=act.now,
    )
    await act.work.links.replace(edited)
    await act.changed(ChangeKind.LINK, link.id)
    return edited


async def grants_of_link(act: Act, link_id: str) -> tuple[Grant, ...]:
    """Give the grants that the link holds."""
    link = await find_link(act.work, link_id)
    return (await act.work.grants.list(WHOLE, GrantFilter(holder=link.holder))).items


def link_scopes(act: Act, grants: tuple[Grant, ...]) -> list[Scope]:
    """Give the scopes at which whoever changes the link needs the permission: wherever it opens."""
    scopes = {grant.scope for grant in grants} or {Scope.organization(act.work.organization_id)}
    return sorted(scopes, key=lambda one: (one.kind.value, one.id))


def _lies_within(wanted: EditLink, link: Link) -> bool:
    fewer = wanted.max_uses is not None and (link.max_uses is None or wanted.max_uses <= link.max_uses)
    return wanted.validity.lies_within(link.validity) and (fewer or wanted.max_uses == link.max_uses)
