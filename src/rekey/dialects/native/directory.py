"""The directory that provisions people: its settings, its key, its calls, and whom it switched off."""

from rekey.dialects.native.kit import MAX_LIMIT, Kit, body_of, part_of, reply_json
from rekey.dialects.native.translate import Shown, instant, show_key, show_person
from rekey.dialects.native.wire import DirectoryEdit
from rekey.domain.block import BlockCause, SubjectKind
from rekey.domain.directory import DirectoryCall, DirectoryState
from rekey.domain.journal import JsonValue
from rekey.domain.role import Permission
from rekey.operations.edit_directory import EditDirectory, edit_directory
from rekey.operations.reset_directory_key import ResetDirectoryKey, reset_directory_key
from rekey.ports.listing import WHOLE
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

_SECRET_BYTES = 32
_HINT = 4


class Directory:
    """Handlers of what an operator wants to know when somebody still has access."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def get(self, request: Request) -> Reply:
        state = await self._kit.read(request, Permission.ORGANIZATION_READ, lambda view: view.directory.get())
        return reply_json(show_directory(state))

    async def edit(self, request: Request) -> Reply:
        body = body_of(request, DirectoryEdit)
        wanted = EditDirectory(
            enabled=body.enabled,
            ends_sign_ins=body.ends_sign_ins,
            silent_after_hours=body.silent_after_hours,
            leaver_limit=body.leaver_limit,
            leaver_minutes=body.leaver_minutes,
            links_door_groups=body.links_door_groups,
        )
        return reply_json(show_directory(await self._kit.perform(request, edit_directory, wanted)))

    async def reset_key(self, request: Request) -> Reply:
        """Give the directory a new key; the old one is dead at once."""
        core = self._kit.services.core
        secret = f"scim_{core.entropy.token_bytes(_SECRET_BYTES).hex()}"
        wanted = ResetDirectoryKey(secret_fingerprint=core.secrets.fingerprint(secret), hint=secret[-_HINT:])
        key = await self._kit.perform(request, reset_directory_key, wanted)
        return reply_json({**show_key(key), "secret": secret}, 201)

    async def calls(self, request: Request) -> Reply:
        """List the calls of the directory, the newest first; `next` goes into `before`."""
        query = request.query()
        limit = query.integer("limit", least=1, most=MAX_LIMIT) or MAX_LIMIT
        before = query.integer("before", least=1)
        calls = await self._kit.read(
            request,
            Permission.JOURNAL_READ,
            lambda view: view.directory.calls(limit=limit, before=before),
        )
        following = calls[-1].number if len(calls) == limit else None
        return reply_json({"items": [show_call(call) for call in calls], "next": following})

    async def inactive(self, request: Request) -> Reply:
        """List whom the directory switched off and nobody removed, the longest first."""
        limit = part_of(request).limit
        found = await self._kit.read(request, Permission.PEOPLE_READ, _switched_off)
        return reply_json({"items": [*found[:limit]], "next": None})


async def _switched_off(view: View) -> list[Shown]:
    found = []
    people = (await view.people.list(WHOLE)).items
    standing = await view.blocks.standing_on(SubjectKind.PERSON, [person.id for person in people])
    for person in people:
        blocks = [one for one in standing.get(person.id, ()) if one.cause is BlockCause.DIRECTORY]
        if blocks:
            found.append((blocks[0], person))
    found.sort(key=lambda one: one[0].placed_at)
    return [{**show_person(person), "since": instant(block.created_at)} for block, person in found]


def show_directory(state: DirectoryState) -> Shown:
    told: dict[str, JsonValue] = {alarm.value: instant(at) for alarm, at in sorted(state.told.items())}
    return {
        "enabled": state.enabled,
        "configured": state.configured,
        "ends_sign_ins": state.ends_sign_ins,
        "silent_after_hours": state.silent_after_hours,
        "leaver_limit": state.leaver_limit,
        "leaver_minutes": state.leaver_minutes,
        "links_door_groups": state.links_door_groups,
        "last_call_at": instant(state.last_call_at),
        "calls": state.calls,
        "alarms": told,
    }


def show_call(call: DirectoryCall) -> Shown:
    return {
        "number": call.number,
        "at": instant(call.at),
        "method": call.method,
        "path": call.path,
        "status": call.status,
        "outcome": call.outcome,
        "sent": call.sent,
        "subject": call.subject_id,
        "key": call.key_id,
        "address": call.address,
    }
