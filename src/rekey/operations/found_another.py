"""found_another: one more organization on a server that runs."""

from rekey.domain.errors import NotAllowed
from rekey.domain.operator import Actor
from rekey.operations.authority import signed_in
from rekey.operations.core import Core
from rekey.operations.found_organization import FoundOrganization
from rekey.operations.found_with_keys import FoundedWithKeys, found_with_keys
from rekey.ports.store import View


async def found_another(
    core: Core, actor: Actor, wanted: FoundOrganization, *, sandbox: bool = True
) -> FoundedWithKeys:
    """Found an organization for somebody else; its founder gets no access to it but the keys of the answer.

    Only a service of the server's first organization with a key that is not limited may.
    Raises: NotSignedIn, NotAllowed, AlreadyExists (domain), Invalid.
    """

    async def may(view: View) -> bool:
        operator, key = await signed_in(view, actor, core.clock.now())
        return operator.person_id is None and (key is None or key.permissions is None)

    first = await core.store.directory.first_organization()
    if first != actor.organization_id or not await core.store.read(actor.organization_id, may):
        refusal = NotAllowed("only an unlimited key of the server's first organization may found another")
        await core.record_refusal(actor, "found_organization", refusal)
        raise refusal
    return await found_with_keys(core, wanted, via=actor.via, sandbox=sandbox)
