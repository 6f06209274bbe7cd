"""One of several server processes on one database: plays a round for each line that it is given."""

import asyncio
import sys
from pathlib import Path

import msgspec

from rekey.app.bootstrap import open_server
from rekey.app.housekeeping import Housekeeper
from rekey.app.settings import Settings
from rekey.domain.ids import OrganizationId
from tests.linearizability import faults
from tests.linearizability.harness import Pair, Round, Subject, play


class Job(msgspec.Struct, kw_only=True):
    """What a worker is told once: where the server's store is, and whom it plays on."""

    data: str
    database: str
    organization_id: str
    pairs: list[Pair]
    size: Round
    fault: str = ""


async def work(job: Job) -> None:
    settings = Settings(data=Path(job.data), database=job.database)
    server = await open_server(settings)
    try:
        actor = await Housekeeper(server.core, server.services.orders).actor(
            OrganizationId(job.organization_id)
        )
        kind: type[Subject] = getattr(faults, job.fault) if job.fault else Subject
        subject = kind(server.core, actor)
        _tell("ready")
        while line := await asyncio.to_thread(sys.stdin.readline):
            _tell(await play(subject, job.pairs, job.size, int(line)))
    finally:
        await server.close()


def _tell(answer: object) -> None:
    sys.stdout.write(msgspec.json.encode(answer).decode() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(work(msgspec.json.decode(sys.argv[1], type=Job)))
