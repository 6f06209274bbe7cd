"""The published suite with which the author of a store proves it.

Give each check a fresh store on an empty database, opened with the world's signer. With pytest, one test
for each promise:

    @pytest.mark.parametrize("check", STORE_CHECKS, ids=lambda check: check.sentence)
    def test_the_store_keeps_its_promise(check, tmp_path):
        asyncio.run(prove(check, lambda signer: open_store(tmp_path / "store.db", signer)))
"""

from collections.abc import Awaitable, Callable
from typing import Protocol

from rekey.ports.store import Store
from rekey.testing.storage_account_checks import ACCOUNTS
from rekey.testing.storage_act_checks import ACTS
from rekey.testing.storage_application_checks import APPLICATIONS
from rekey.testing.storage_bulk_checks import BULK
from rekey.testing.storage_bundle_checks import BUNDLES
from rekey.testing.storage_calendar_checks import CALENDARS
from rekey.testing.storage_check import StoreCheck
from rekey.testing.storage_consent_checks import CONSENTS
from rekey.testing.storage_directory_checks import DIRECTORIES
from rekey.testing.storage_document_checks import DOCUMENTS
from rekey.testing.storage_feed_checks import FEEDS
from rekey.testing.storage_file_checks import FILES
from rekey.testing.storage_handover_checks import HANDOVERS
from rekey.testing.storage_link_checks import LINKS
from rekey.testing.storage_list_checks import LISTS
from rekey.testing.storage_past_checks import PAST
from rekey.testing.storage_record_checks import RECORDS
from rekey.testing.storage_thing_checks import THINGS
from rekey.testing.storage_unique_checks import UNIQUE
from rekey.testing.storage_upstream_checks import UPSTREAMS
from rekey.testing.storage_world import PlainSigner, World

STORE_CHECKS: tuple[StoreCheck, ...] = (
    *ACTS.checks,
    *UNIQUE.checks,
    *LISTS.checks,
    *PAST.checks,
    *RECORDS.checks,
    *ACCOUNTS.checks,
    *THINGS.checks,
    *UPSTREAMS.checks,
    *LINKS.checks,
    *BULK.checks,
    *BUNDLES.checks,
    *DOCUMENTS.checks,
    *FILES.checks,
    *DIRECTORIES.checks,
    *CALENDARS.checks,
    *HANDOVERS.checks,
    *APPLICATIONS.checks,
    *CONSENTS.checks,
    *FEEDS.checks,
)


class OpenStore(Store, Protocol):
    """A store that the suite closes when it is done."""

    async def close(self) -> None: ...


async def prove(check: StoreCheck, open_store: Callable[[PlainSigner], Awaitable[OpenStore]]) -> None:
    """Run one check on a store of its own. Raises: BrokenPromise."""
    signer = PlainSigner()
    store = await open_store(signer)
    try:
        await check.prove(World(store, signer))
    finally:
        await store.close()
