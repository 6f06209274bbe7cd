"""Applications that act for people, and lose their last owner; part of taking a person out."""

from dataclasses import replace

from rekey.operations.act import Act
from rekey.operations.find_application import own_applications
from rekey.operations.leavers import leaver_block


async def suspend_ownerless(act: Act, person_id: str) -> tuple[str, ...]:
    """Suspend, within an act that records it, what acts for people and has no owner left once this one leaves.

    Whoever owned it knows its secret, and would go on with the rights of those who agreed to it. An operator
    renews the secret and lets it go on. Gives the ids. One that signs in its own users is among the leftovers.
    """
    suspended = []
    for application in await own_applications(act.work, person_id):
        others = [owner for owner in application.owners if owner != person_id]
        staying = [owner for owner in others if await _stays(act, owner)]
        if application.suspended or not application.secret_fingerprint or staying:
            continue
        await act.work.applications.replace(replace(application, suspended=True, updated_at=act.now))
        suspended.append(application.id)
    return tuple(suspended)


async def _stays(act: Act, person_id: str) -> bool:
    if await act.work.people.get(person_id) is None:
        return False
    return await leaver_block(act, person_id) is None
