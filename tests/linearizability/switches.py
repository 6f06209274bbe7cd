"""What else turns access off and on, seen as the same register: a block, a directory's switch, a card that rests.

Each switch is of a person or a card, so in these histories every person meets one door.
"""

from rekey.domain.access import Presented, decide
from rekey.domain.block import BlockCause, SubjectKind
from rekey.domain.block import Subject as Blocked
from rekey.domain.circumstances import AT_READER
from rekey.domain.credential import Credential, CredentialKind
from rekey.domain.decision import Granted
from rekey.domain.grant import Holder
from rekey.domain.operator import Actor
from rekey.operations.activate_credential import ActivateCredential, activate_credential
from rekey.operations.change_provisioned_person import ChangeProvisionedPerson, change_provisioned_person
from rekey.operations.core import Core
from rekey.operations.find import find_door_record
from rekey.operations.holders import record_of
from rekey.operations.imprints import imprint
from rekey.operations.issue_credential import IssueCredential, issue_credential
from rekey.operations.place_block import LiftBlock, PlaceBlock, lift_block, place_block
from rekey.operations.present_credential import PresentCredential, present_credential
from rekey.ports.store import View
from tests.linearizability.harness import Pair, Subject


class BlockSwitch(Subject):
    """A block on the person, placed and lifted by an operator."""

    async def prepare(self, pair: Pair) -> None:
        await super().grant(pair)

    async def grant(self, pair: Pair) -> None:
        lifted = LiftBlock(subject=_person(pair), cause=BlockCause.ACCESS_SWITCH)
        await self.core.perform(lift_block, self.actor, lifted)

    async def revoke(self, pair: Pair) -> None:
        placed = PlaceBlock(subject=_person(pair), cause=BlockCause.ACCESS_SWITCH)
        await self.core.perform(place_block, self.actor, placed)


class DirectorySwitch(BlockSwitch):
    """The switch that an identity provider turns, which also ends what the person signs in with."""

    async def grant(self, pair: Pair) -> None:
        await self._turn(pair, active=True)

    async def revoke(self, pair: Pair) -> None:
        await self._turn(pair, active=False)

    async def _turn(self, pair: Pair, *, active: bool) -> None:
        wanted = ChangeProvisionedPerson(
            person_id=pair.person_id,
            user_name=f"{pair.person_id}@example.com",
            external_id=None,
            attributes={},
            active=active,
        )
        await self.core.perform(change_provisioned_person, self.actor, wanted)


class CardSwitch(BlockSwitch):
    """A card that is laid to rest and activated again; opening is a tap at the reader."""

    def __init__(self, core: Core, actor: Actor) -> None:
        super().__init__(core, actor)
        self.cards: dict[Pair, Credential] = {}

    async def prepare(self, pair: Pair) -> None:
        await super().prepare(pair)
        wanted = IssueCredential(
            kind=CredentialKind.CARD,
            person_id=pair.person_id,
            fingerprint=imprint(self.core.secrets, pair.person_id).fingerprint,
        )
        self.cards[pair] = await self.core.perform(issue_credential, self.actor, wanted)

    async def grant(self, pair: Pair) -> None:
        await self._turn(pair, active=True)

    async def revoke(self, pair: Pair) -> None:
        await self._turn(pair, active=False)

    async def decide(self, pair: Pair) -> bool:
        async def look(view: View) -> bool:
            card = await view.credentials.get(self.cards[pair].id)
            door = await find_door_record(view, pair.door_id)
            holder = await record_of(view, Holder.person(pair.person_id))
            decision = decide(holder, door, self.core.clock.now(), Presented(card), circumstances=AT_READER)
            return isinstance(decision, Granted)

        return await self.core.store.read(self.actor.organization_id, look)

    async def open(self, pair: Pair) -> bool:
        tapped = PresentCredential(
            door_id=pair.door_id, kind=CredentialKind.CARD, fingerprint=self.cards[pair].fingerprint
        )
        return (await self.core.perform(present_credential, self.actor, tapped)).order is not None

    async def _turn(self, pair: Pair, *, active: bool) -> None:
        wanted = ActivateCredential(credential_id=self.cards[pair].id, active=active)
        await self.core.perform(activate_credential, self.actor, wanted)


def _person(pair: Pair) -> Blocked:
    return Blocked(SubjectKind.PERSON, pair.person_id)
