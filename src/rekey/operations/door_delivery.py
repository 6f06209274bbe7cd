"""One delivery of a door's log, and what the door then shows, held against what is intended."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from rekey.domain.door_credentials import credential_ids
from rekey.domain.door_log import DoorEntry, EntryKind
from rekey.domain.errors import DoorOffline, DoorRefused, DoorTimedOut
from rekey.domain.ids import OrganizationId
from rekey.operations.confirm_door_log import ConfirmDoorLog
from rekey.operations.core import Core
from rekey.operations.serve_door_log import Served
from rekey.ports.door_driver import Ability, Batch, DoorDriver, ReadBack
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.people import CredentialFilter
from rekey.ports.store import View

DOOR_DEADLINE = 8.0
_PAGE = 1_000
"""How many lines are read at a turn, after which whoever waits has theirs."""
_AT_ONCE = 100
"""The same of credentials, each of which is unsealed."""


@dataclass(slots=True)
class KeypadReading:
    """`shown` is the newest reading. The rest is what readings have met since somebody took it from here.

    `lost` are the credentials that were not there although they belong there, `altered` those that somebody
    changed at the door, with the digits found instead.
    """

    shown: ReadBack | None = None
    lost: frozenset[str] = frozenset()
    altered: dict[str, str] = field(default_factory=dict, repr=False)


@dataclass(slots=True)
class _Missed:
    """What a comparison has met so far: who is missing, who was looked at, which credentials belong there."""

    missing: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    wanted: set[str] = field(default_factory=set)


class DoorDelivery:
    """Takes the log's lines that one door has not proved to it, and reads it back.

    A `whole` delivery holds all that is intended against the door; another only the lines that it brings.
    """

    def __init__(
        self, core: Core, organization_id: OrganizationId, driver: DoorDriver, *, deadline: float
    ) -> None:
        self._core = core
        self._organization_id = organization_id
        self._driver = driver
        self._deadline = deadline
        self.reading = KeypadReading()

    async def take(
        self, served: Served, reading: KeypadReading, *, whole: bool, resend: bool = False
    ) -> ConfirmDoorLog:
        """Deliver and give what the door proved; `resend` brings it every line from the beginning."""
        self.reading = reading
        entries = await self._entries(served, 0 if resend else served.sync.confirmed_seq)
        batch = await self._batch(served, entries)
        problem = ""
        try:
            async with asyncio.timeout(self._deadline):
                try:
                    await self._driver.deliver(served.door, batch)
                except DoorRefused as refused:
                    problem = f"refused: {refused}"
                if Ability.READS_BACK not in self._driver.abilities:
                    return self._found(served, problem or "cannot be read back", whole=whole)
                shown = await self._driver.read_back(served.door)
            return await self._compare(served, entries, shown, problem=problem, whole=whole)
        except DoorOffline:
            problem = "offline"
        except (DoorTimedOut, TimeoutError):
            problem = "no answer in time"
        except DoorRefused as refused:
            problem = f"refused: {refused}"
        return self._found(served, problem, whole=whole)

    async def _entries(self, served: Served, after: int) -> list[DoorEntry]:
        """Give the lines up to the one served; it is one batch, since of several on one holder the last counts."""
        door_id, last = served.door.door_id, served.sync.seq
        entries: list[DoorEntry] = []
        for begin in range(after, last, _PAGE):
            end = min(begin + _PAGE, last)

            async def look(view: View, begin: int = begin, end: int = end) -> tuple[DoorEntry, ...]:
                return await view.door_logs.since(door_id, begin, up_to=end)

            if begin > after:
                await asyncio.sleep(0)
            entries.extend(await self._core.store.read(self._organization_id, look))
        return entries

    async def _batch(self, served: Served, entries: list[DoorEntry]) -> Batch:
        """Add what the door's keypad and reader must know; what this server can't unseal stays out.

        The read-back then finds it missing, so the door is never taken for complete.
        """
        newest = {entry.person_id: entry.terms for entry in entries}
        ids = sorted({id_ for terms in newest.values() for id_ in credential_ids(terms)})
        readings: dict[str, str] = {}
        for begin in range(0, len(ids), _AT_ONCE):
            if begin:
                await asyncio.sleep(0)
            for fingerprint, sealed in (await self._sealed(ids[begin : begin + _AT_ONCE])).items():
                with suppress(ValueError):
                    readings[fingerprint] = self._core.secrets.unseal(sealed).decode()
        sync = served.sync
        return Batch(
            entries=entries,
            seq=sync.seq,
            head=sync.head,
            lease_end=served.lease_end,
            readings=readings,
        )

    async def _sealed(self, ids: list[str]) -> dict[str, bytes]:
        """Give by their fingerprints what these credentials and their second PINs were sealed to."""

        async def look(view: View) -> dict[str, bytes]:
            found = await view.credentials.list(WHOLE, matching=CredentialFilter(ids=tuple(ids)))
            sealed = {credential.fingerprint: credential.sealed_part for credential in found.items}
            for credential in found.items:
                if credential.second_fingerprint:
                    sealed[credential.second_fingerprint] = credential.second_sealed_part
            return sealed

        return await self._core.store.read(self._organization_id, look)

    async def _compare(
        self, served: Served, entries: list[DoorEntry], shown: ReadBack, *, problem: str, whole: bool
    ) -> ConfirmDoorLog:
        newest: dict[str, DoorEntry] = {entry.person_id: entry for entry in entries}
        deleted = {id_ for id_, entry in newest.items() if entry.kind is EntryKind.DEL}
        met = _Missed()
        if whole:
            async for page in intended_pages(self._core, self._organization_id, served.door.door_id):
                _hold_against(page, shown, met)
            stale = (shown.credentials | shown.altered.keys()) - met.wanted
            refuted = (shown.people.keys() - met.seen) | stale
            self._keep(shown, met.wanted)
        else:
            _hold_against({id_: newest[id_].terms for id_ in newest.keys() - deleted}, shown, met)
            refuted = deleted & shown.people.keys()
        return replace(
            self._found(served, problem, whole=whole),
            shown=frozenset(newest.keys() & shown.people.keys()),
            refuted=frozenset(refuted),
            missing=frozenset(met.missing),
        )

    def _keep(self, shown: ReadBack, wanted: set[str]) -> None:
        """Leave what was read for whoever keeps the codes; what is told once stays until it is taken."""
        altered = {id_: digits for id_, digits in shown.altered.items() if id_ in wanted}
        self.reading.shown = shown if Ability.KEYPAD in self._driver.abilities else None
        self.reading.altered = self.reading.altered | altered
        self.reading.lost |= wanted - shown.credentials - altered.keys()

    def _found(self, served: Served, problem: str, *, whole: bool) -> ConfirmDoorLog:
        return ConfirmDoorLog(
            door_id=served.door.door_id,
            seq=served.sync.seq,
            position=served.sync.served_position,
            at=self._core.clock.now(),
            problem=problem,
            whole=whole,
        )


async def intended_pages(
    core: Core, organization_id: OrganizationId, door_id: str
) -> AsyncIterator[Mapping[str, str]]:
    """Give the intended list by pages: holders with their terms."""
    after = ""
    while True:

        async def look(view: View, after: str = after) -> Mapping[str, str]:
            return await view.door_logs.listed(door_id, after=after, most=_PAGE)

        page = await core.store.read(organization_id, look)
        yield page
        if len(page) < _PAGE:
            return
        after = max(page)
        await asyncio.sleep(0)


def _hold_against(intended: Mapping[str, str], shown: ReadBack, met: _Missed) -> None:
    for holder_id, terms in intended.items():
        meant = credential_ids(terms)
        if shown.people.get(holder_id) != terms or not meant <= shown.credentials:
            met.missing.add(holder_id)
        met.wanted |= meant
    met.seen |= intended.keys()
