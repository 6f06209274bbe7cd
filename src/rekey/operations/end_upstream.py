"""end_upstream: an account goes, and its doors with it; the hardware is left as it is."""

from dataclasses import dataclass

from rekey.domain.estate import Door
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.domain.upstream import Upstream
from rekey.operations.act import Act, operation
from rekey.operations.connect_upstream import find_upstream
from rekey.operations.own_session import own_session
from rekey.operations.reach import bound_customer
from rekey.operations.retire_door import retire_within
from rekey.ports.listing import WHOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class EndUpstream:
    upstream_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UpstreamEnded:
    upstream: Upstream
    doors: tuple[Door, ...]


@operation(Permission.ESTATE_WRITE)
async def end_upstream(act: Act, wanted: EndUpstream) -> UpstreamEnded:
    """End an account: its doors are retired, and no client session reaches it any more. Raises: NotFound."""
    await act.require(Scope.organization(act.work.organization_id))
    upstream = await find_upstream(act, wanted.upstream_id)
    bound_customer(await own_session(act), upstream.customer_key or "")
    doors = (await act.work.doors.list(WHOLE, upstream_ids=[upstream.id])).items
    for door in doors:
        await retire_within(act, door)
    await act.work.upstreams.end(upstream.id, act.now)
    await act.record(
        "upstream.ended",
        detail={
            "upstream": upstream.id,
            "name": upstream.name,
            "customer": upstream.customer_key,
            "doors": [door.id for door in doors],
        },
    )
    return UpstreamEnded(upstream=upstream, doors=tuple(doors))
