"""The worker that sends what acts have queued, and tries again until it went out or nobody needs it."""

import asyncio
from typing import Final

import structlog

from rekey.app.housekeeping import Housekeeper
from rekey.app.rounds import Nap, Worker, nap
from rekey.domain.ids import OrganizationId
from rekey.domain.outbox import QueuedNotice
from rekey.operations.core import Core
from rekey.operations.post import open_notice
from rekey.operations.send_notices import AT_ONCE, ClaimNotices, SettleNotice, claim_notices, settle_notice
from rekey.ports.notifier import NotDelivered
from rekey.ports.store import View
from rekey.webkit.faults import log_fault

# A notifier that hangs must not hold up the notices behind it; shorter than a claim.
LONGEST_SEND: Final = 60.0

_log = structlog.get_logger("rekey.notices")


class Postman(Worker):
    """Sends notices one after another, so that no caller ever waits for a mail server.

    A notice is taken before it is sent and deleted after: one that was under way when the server died is sent
    again, never lost. Several processes share the work.
    """

    name = "notices"
    every = 5.0

    def __init__(self, core: Core, house: Housekeeper, *, nap: Nap = nap) -> None:
        super().__init__(nap=nap)
        self._core = core
        self._house = house

    async def turn(self) -> None:
        """Send all that is due now."""
        self._woken.clear()
        await self._each(await self._core.store.directory.all_organizations(), self._empty)

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
