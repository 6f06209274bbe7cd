"""The worker that sends what acts have queued, and tries again until it went out or nobody needs it."""

import asyncio
from typing import Final

import structlog

from rekey.app.housekeeping import Housekeeper
from rekey.app.workers import Nap, nap
from rekey.domain.errors import CoreError
from rekey.domain.ids import OrganizationId
from rekey.domain.outbox import QueuedNotice
from rekey.operations.core import Core
from rekey.operations.post import open_notice
from rekey.operations.send_notices import AT_ONCE, ClaimNotices, SettleNotice, claim_notices, settle_notice
from rekey.ports.notifier import NotDelivered
from rekey.ports.store import View
from rekey.webkit.faults import log_fault

EVERY: Final = 5.0
# A notifier that hangs must not hold up the notices behind it; shorter than a claim.
LONGEST_SEND: Final = 60.0

_log = structlog.get_logger("rekey.notices")


class Postman:
    """Sends notices one after another, so that no caller ever waits for a mail server.

    A notice is taken before it is sent and deleted after: one that was under way when the server died is sent
    again, never lost. Several processes share the work.
    """

    def __init__(self, core: Core, house: Housekeeper, *, nap: Nap = nap) -> None:
        self._core = core
        self._house = house
        self._nap = nap
        self._woken = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None

    def wake(self, _organization_id: OrganizationId) -> None:
        """Have the outbox looked at soon; cheap, and called before the reply to the act."""
        self._woken.set()

    def start(self) -> None:
        """Begin to work until `close`."""
        self._loop = asyncio.ensure_future(self._run())

    async def close(self) -> None:
        """Stop; what is under way is sent again by the next process."""
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)

    async def settle(self) -> None:
        """Send all that is due now; for tests and for commands without a server."""
        self._woken.clear()
        for organization_id in await self._core.store.directory.all_organizations():
            await self._empty(organization_id)

    async def _run(self) -> None:
        while True:
            try:
                await self.settle()
            except CoreError as unavailable:
                _log.warning("notices_wait", why=str(unavailable))
            except Exception as error:  # noqa: BLE001  # notices must go out whatever one round met
                log_fault("notices_failed", error)
            await self._nap(self._woken, EVERY)

    async def _empty(self, organization_id: OrganizationId) -> None:
        while await self._has_due(organization_id):
            actor = await self._house.actor(organization_id)
            claimed = await self._core.perform(claim_notices, actor, ClaimNotices())
            for notice in claimed:
                await self._core.perform(settle_notice, actor, await self._send(notice))
            if len(claimed) < AT_ONCE:
                return

    async def _has_due(self, organization_id: OrganizationId) -> bool:
        now = self._core.clock.now()

        async def look(view: View) -> bool:
            return bool(await view.outbox.due(now, limit=1))

        return await self._core.store.read(organization_id, look)

    async def _send(self, queued: QueuedNotice) -> SettleNotice:
        try:
            notice = open_notice(self._core.secrets, queued)
            await asyncio.wait_for(self._core.notifier.send(notice), LONGEST_SEND)
        except NotDelivered as refused:
            _log.warning("notice_not_delivered", notice=queued.id, why=str(refused), tries=queued.tries)
            return SettleNotice(notice=queued, refused=str(refused), for_good=refused.for_good)
        except TimeoutError:
            return SettleNotice(notice=queued, refused="the notifier did not answer in time")
        except ValueError:
            return SettleNotice(notice=queued, refused="another server's key sealed it", for_good=True)
        except Exception as fault:  # noqa: BLE001  # one notice's trouble must not stop those behind it
            log_fault("notice_failed", fault, notice=queued.id)
            return SettleNotice(notice=queued, refused=f"notifier fault: {type(fault).__name__}")
        return SettleNotice(notice=queued)
