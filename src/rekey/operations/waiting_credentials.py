"""Which credentials wait for their holder to activate them; part of several operations."""

from dataclasses import replace
from datetime import timedelta

from rekey.domain.challenge import Challenge, ChallengePurpose
from rekey.operations.act import Act

LIFE = timedelta(days=14)


async def waiting_for_holder(act: Act, credential_id: str) -> list[Challenge]:
    """Give what stands open for the holder to answer: by a mailed token, or by a tap at a door."""
    made = await act.work.challenges.made_since(
        ChallengePurpose.ACTIVATE_CREDENTIAL, credential_id, act.now - LIFE
    )
    return [challenge for challenge in made if challenge.stands(act.now)]


async def stop_waiting(act: Act, credential_id: str) -> bool:
    """Let no earlier token and no tap activate the credential any more; True if one could have."""
    waiting = await waiting_for_holder(act, credential_id)
    for challenge in waiting:
        await act.work.challenges.replace(replace(challenge, spent_at=act.now))
    return bool(waiting)
