"""The signing keys of a person's phones, and ending one that was lost."""

from rekey.dialects.native.kit import Kit, part_of, reply_json, reply_page
from rekey.dialects.native.translate import Shown, instant
from rekey.domain.credential import Credential, CredentialKind
from rekey.domain.errors import NotFound
from rekey.domain.role import Permission
from rekey.operations.end_credential import EndCredential, end_credential
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request


class PersonKeys:
    """Handlers of `/people/{person}/keys`."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        """List the keys that count or rest; their fingerprints are the SHA-256 of the raw public key."""
        person_id, part = await self._kit.person(request, request.params["person"]), part_of(request)
        keys = await self._kit.read(
            request,
            Permission.PEOPLE_READ,
            lambda view: view.credentials.list(part, person_id=person_id, kind=CredentialKind.DEVICE_KEY),
        )
        return reply_page(keys, part, show_person_key, lambda key: key.number)

    async def end(self, request: Request) -> Reply:
        """End a key for good: what it signs is worthless from here on, and what it ordered is cancelled."""
        person_id, named = (
            await self._kit.person(request, request.params["person"]),
            request.params["credential"],
        )

        async def look(view: View) -> str:
            key = await view.credentials.get(named)
            if key is None or key.kind is not CredentialKind.DEVICE_KEY or key.person_id != person_id:
                raise NotFound("credential", named)
            return key.id

        key_id = await self._kit.read(request, Permission.PEOPLE_READ, look)
        ended = await self._kit.perform(request, end_credential, EndCredential(credential_id=key_id))
        return reply_json({"ended": ended.id})


def show_person_key(key: Credential) -> Shown:
    return {
        "id": key.id,
        "number": key.number,
        "label": key.label,
        "fingerprint": key.fingerprint,
        "state": key.state.value,
        "created_at": instant(key.created_at),
    }
