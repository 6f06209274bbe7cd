"""Making the cards of a file ready outside of the act that writes them, so that other acts go between."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from rekey.domain.credential import Credential, CredentialKind, CredentialState
from rekey.domain.ids import CredentialId, Number, OperatorId, PersonId, Position
from rekey.domain.operator import Actor
from rekey.operations.card_file import CardLine
from rekey.operations.core import Core
from rekey.operations.imprints import Imprint, imprint
from rekey.operations.leavers import standing_leaver_block
from rekey.operations.people_file import Problem, Progress
from rekey.operations.staging import take_turns
from rekey.ports.repositories.bulk import Prepared
from rekey.ports.store import View


@dataclass(slots=True, kw_only=True)
class StagedCards:
    """The rows of a checked file with numbers from 0, as things were just after the act at `position`.

    `holders` are by address. With any of the `problems` the rows are not whole.
    """

    position: Position
    lines: Sequence[CardLine]
    holders: dict[str, PersonId] = field(default_factory=dict)
    rows: list[Prepared] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def held(self) -> int:
        return sum(line.email is not None for line in self.lines)


async def stage_cards(
    core: Core, actor: Actor, lines: Sequence[CardLine], *, origin: str, progress: Progress
) -> StagedCards:
    """Check the lines against what is there and make their rows; nothing is written."""
    staging = await core.store.read(actor.organization_id, lambda view: _begin(view, core, actor, lines))
    staging.origin = origin
    await take_turns(core, actor, staging, lines, progress=progress)
    return staging.staged


async def holders_of(view: View, lines: Sequence[CardLine]) -> dict[str, PersonId]:
    """Give who has the addresses of the lines now."""
    return await view.bulk.people_with([*dict.fromkeys(one.email for one in lines if one.email is not None)])


async def holder_clashes(
    view: View, lines: Sequence[CardLine], holders: Mapping[str, PersonId]
) -> list[Problem]:
    """List the lines whose holder is not there, or has left."""
    left = {one for one in set(holders.values()) if await standing_leaver_block(view, one) is not None}
    return [Problem(line=line.line, reason=why) for line in lines for why in _unfit(line, holders, left)]


def _unfit(line: CardLine, holders: Mapping[str, PersonId], left: set[PersonId]) -> Iterable[str]:
    if line.email is not None and line.email not in holders:
        yield f"nobody here has the address {line.email}"
    if line.email is not None and holders.get(line.email) in left:
        yield f"{line.email} left: reinstate the person first"


async def _begin(view: View, core: Core, actor: Actor, lines: Sequence[CardLine]) -> "_Staging":
    return _Staging(core, actor, StagedCards(position=view.position, lines=lines))


class _Staging:
    """Turns lines into rows, some at a time."""

    def __init__(self, core: Core, actor: Actor, staged: StagedCards) -> None:
        self._core = core
        self._made_by = OperatorId(actor.operator_id)
        self._now = core.clock.now()
        self._numbers = count()
        # In the order of the file, since indexes grow at their end for a fraction of what they cost elsewhere.
        self._ids = iter(sorted(core.entropy.new_id() for _ in staged.lines))
        self.staged = staged
        self.origin = ""

    @property
    def problems(self) -> Sequence[Problem]:
        return self.staged.problems

    async def take(self, view: View, lines: Sequence[CardLine]) -> None:
        """Check these lines and make their rows."""
        staged = self.staged
        imprints = [imprint(self._core.secrets, line.reading) for line in lines]
        taken = await view.bulk.taken_fingerprints(CredentialKind.CARD, [one.fingerprint for one in imprints])
        holders = await holders_of(view, lines)
        staged.problems += [
            Problem(line=line.line, reason="a card with these identifiers is enrolled already")
            for line, one in zip(lines, imprints, strict=True)
            if one.fingerprint in taken
        ]
        staged.problems += await holder_clashes(view, lines, holders)
        if not staged.problems:
            staged.holders |= holders
            cards = [self._card(line, one) for line, one in zip(lines, imprints, strict=True)]
            staged.rows.append(view.bulk.prepare_credentials(cards))

    def _card(self, line: CardLine, kept: Imprint) -> Credential:
        held = line.email is not None
        return Credential(
            id=CredentialId(next(self._ids)),
            number=Number(next(self._numbers)),
            person_id=None if line.email is None else self.staged.holders[line.email],
            kind=CredentialKind.CARD,
            fingerprint=kept.fingerprint,
            sealed_part=kept.sealed_part,
            label=line.label,
            card_type=line.card_type.value,
            identifiers=line.identifiers,
            origin=self.origin,
            made_by=self._made_by,
            state=CredentialState.ACTIVE if held else CredentialState.UNASSIGNED,
            activated_at=self._now if held else None,
            created_at=self._now,
        )
