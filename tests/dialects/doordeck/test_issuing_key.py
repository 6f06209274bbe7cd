"""The issuing key is rotated by its command while the server runs, and phones go on signing."""

import asyncio
import json
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.x509 import Certificate, load_der_x509_certificate

from rekey.testing.frozen_clock import FrozenClock
from tests.dialects.doordeck.signing import Phone, owner_of
from tests.support.process import run_here
from tests.support.world import World, open_world


def certificates_of(phone: Phone) -> list[Certificate]:
    return [load_der_x509_certificate(b64decode(one)) for one in phone.chain]


async def rotate(world: World) -> str:
    """Rotate as an operator does, and give the new issuing key's serial number."""
    data = str(world.server.settings.data)
    done = await asyncio.to_thread(run_here, "certificates", "rotate", "--data", data, "--json")
    assert done.returncode == 0, done.stderr
    return str(json.loads(done.stdout)["issuing_serial"])


def test_old_leaves_hold_until_they_expire_and_new_ones_chain_to_the_new_key(tmp_path: Path) -> None:
    async def told() -> None:
        # The command knows no clock but the machine's own.
        clock = FrozenClock(datetime.now(UTC))
        async with open_world(tmp_path, dialects=("doordeck",), clock=clock) as world:
            lock = await world.add_door("Front")
            phone = await owner_of(world)
            old, before = phone.chain, certificates_of(phone)
            serial = await rotate(world)
            clock.advance(timedelta(days=5))
            assert (await phone.open(lock)).status == 200
            after = certificates_of(await phone.certify())
            new = phone.chain
            assert f"{after[1].serial_number:x}" == serial != f"{before[1].serial_number:x}"
            assert after[2] == before[2]
            after[0].verify_directly_issued_by(after[1])
            after[1].verify_directly_issued_by(after[2])
            clock.set(before[0].not_valid_after_utc - timedelta(minutes=1))
            await phone.sign_in(world.owner["email"], world.owner["password"])
            for phone.chain, status in ((old, 200), (new, 200)):
                assert (await phone.open(lock)).status == status
            clock.advance(timedelta(minutes=2))
            for phone.chain, status in ((old, 403), (new, 200)):
                assert (await phone.open(lock)).status == status

    asyncio.run(told())
