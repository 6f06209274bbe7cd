"""Phones: what carries a person's mobile keys. On servers for trying out they are made here."""

from collections.abc import Mapping

from rekey.dialects.seam.credentials_shapes import find_shown
from rekey.dialects.seam.errors import InvalidInput, NotInSandbox
from rekey.dialects.seam.kit import Call, Kit
from rekey.dialects.seam.replies import reply_ok
from rekey.dialects.seam.translate import instant
from rekey.dialects.seam.wire_credentials import Phone, PhoneProperties
from rekey.domain.document import Document, DocumentKind
from rekey.domain.role import Permission
from rekey.operations.given_with import CARRIER, parts_of
from rekey.operations.phones import AddPhone, DeactivatePhone, add_phone, deactivate_phone, find_phone
from rekey.ports.listing import WHOLE
from rekey.ports.store import View
from rekey.webkit.message import Reply

_ID = "device_id"
_TYPES = {"ios": "ios_phone", "android": "android_phone"}


class Phones:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def get(self, call: Call) -> Reply:
        phone_id = call.args.required(_ID)
        phone = await self._kit.read(call, Permission.PEOPLE_READ, lambda view: find_phone(view, phone_id))
        return reply_ok(phone=show_phone(phone, workspace_id=call.workspace_id))

    async def list_phones(self, call: Call) -> Reply:
        """List the phones of people who are still here."""
        owner, credential_id = call.args.text("owner_user_identity_id"), call.args.text("acs_credential_id")

        async def look(view: View) -> list[Document]:
            only = None if credential_id is None else await _carrying(view, credential_id)
            listed = (await view.documents.list(WHOLE, DocumentKind.PHONE, parent_id=owner)).items
            wanted = [phone for phone in listed if only is None or phone.id in only]
            owners = [*{phone.parent_id for phone in wanted if phone.parent_id is not None}]
            known = (await view.people.list(WHOLE, ids=owners)).items if owners else ()
            here = {person.id for person in known}
            return [phone for phone in wanted if phone.parent_id in here]

        phones = await self._kit.read(call, Permission.PEOPLE_READ, look)
        return reply_ok(phones=[show_phone(phone, workspace_id=call.workspace_id) for phone in phones])

    async def deactivate(self, call: Call) -> Reply:
        """End a lost phone with every key on it."""
        wanted = DeactivatePhone(phone_id=call.args.required(_ID))
        await self._kit.perform(call, deactivate_phone, wanted)
        return reply_ok()

    async def simulate(self, call: Call) -> Reply:
        """Make a phone for a person; keys that wait for one are put on it."""
        if not self._kit.settings.sandbox:
            raise NotInSandbox("this server is in earnest, so nothing is simulated")
        told = call.args.mapping("phone_metadata") or {}
        system = told.get("operating_system", "android")
        if system not in _TYPES:
            raise InvalidInput({"phone_metadata": [f"Expected one of {sorted(_TYPES)} as operating_system"]})
        maker, model = _text(told, "device_manufacturer", "Samsung"), _text(told, "device_model", "Galaxy")
        wanted = AddPhone(
            person_id=call.args.required("user_identity_id"),
            body={"name": f"{maker} {model}"[:200], "system": system},
        )
        phone = await self._kit.perform(call, add_phone, wanted)
        return reply_ok(phone=show_phone(phone, workspace_id=call.workspace_id))


def show_phone(phone: Document, *, workspace_id: str) -> Phone:
    return Phone(
        device_id=phone.id,
        workspace_id=workspace_id,
        device_type=_TYPES[str(phone.body.get("system", "android"))],
        display_name=str(phone.body.get("name", "Phone")),
        custom_metadata={},
        properties=PhoneProperties(),
        errors=[],
        warnings=[],
        created_at=instant(phone.created_at),
    )


async def _carrying(view: View, credential_id: str) -> frozenset[str | None]:
    """Name the phones that carry a credential, or parts of it. Raises: NotFound."""
    credential = await find_shown(view, credential_id)
    carried = (credential, *await parts_of(view, credential))
    return frozenset(dict(one.identifiers).get(CARRIER) for one in carried)


def _text(told: Mapping[str, object], name: str, default: str) -> str:
    value = told.get(name, default)
    if not isinstance(value, str) or not value.strip():
        raise InvalidInput({"phone_metadata": [f"Expected string for {name}"]})
    return value
