"""tell_link: send a link to whoever it was made for, within the act that makes it."""

from dataclasses import dataclass

from rekey.domain.errors import Conflict
from rekey.domain.role import Permission
from rekey.operations.act import Act, operation
from rekey.operations.edit_link import grants_of_link, link_scopes
from rekey.operations.find import find_link
from rekey.operations.post import Letter, post
from rekey.ports.listing import WHOLE

MOST_SENT_LINKS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class TellLink:
    """The letters say how to use the link; `mail` goes to its e-mail address, `message` to its phone number."""

    link_id: str
    mail: Letter | None = None
    message: Letter | None = None


@operation(Permission.GRANTS_WRITE)
async def tell_link(act: Act, wanted: TellLink) -> int:
    """Queue the notices that have an address and give their number.

    Raises: NotFound, NotAllowed, Conflict (1000 links stand that were mailed: end some first).
    """
    link = await find_link(act.work, wanted.link_id)
    for scope in link_scopes(act, await grants_of_link(act, link.id)):
        await act.require(scope)
    told = 0
    if link.email is not None and wanted.mail is not None:
        await _refuse_too_many(act, link.origin)
        await post(act, link.email, wanted.mail)
        told += 1
    if link.phone is not None and wanted.message is not None:
        await post(act, link.phone, wanted.message)
        told += 1
    await act.record(
        "link.told", person_id=link.for_person_id, detail={"link": link.id, "name": link.name, "told": told}
    )
    return told


async def _refuse_too_many(act: Act, origin: str) -> None:
    standing = await act.work.links.list(WHOLE, origin=origin)
    if sum(link.email is not None for link in standing.items) > MOST_SENT_LINKS:
        raise Conflict(f"{MOST_SENT_LINKS} links that were sent by mail stand: end some of them first")
