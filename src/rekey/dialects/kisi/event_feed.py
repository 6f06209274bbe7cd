"""The journal in the words of Kisi's events, for event sets and for receivers alike."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from rekey.dialects.kisi.event_map import EVENTS
from rekey.dialects.kisi.event_past import Past
from rekey.dialects.kisi.event_scene import Draft, Scene
from rekey.dialects.kisi.roles import BY_MEANING
from rekey.dialects.kisi.shapes import Shape, instant
from rekey.dialects.kisi.stop_events import as_told
from rekey.domain.credential import CredentialKind
from rekey.domain.journal import JournalRow
from rekey.domain.link import Link
from rekey.domain.operator import KeyKind
from rekey.operations.feeds import Told, event_id
from rekey.ports.store import View

FORM: Final = "kisi"
# What receivers are sent of an event. Source: contract section 7.3.
_SENT: Final = (
    "uuid",
    "actor_type",
    "actor_id",
    "actor_name",
    "object_type",
    "object_id",
    "object_name",
    "organization_id",
    "place_id",
    "success",
    "type",
    "error_code",
    "error_message",
    "created_at",
)
# Rows of doors name who passed; of all others the operator is the one who acted.
_PASSING: Final = "door."
_KEY_TYPES: Final = {KeyKind.CONSENT_ACCESS: "OauthAccessToken"}
_SHOWN_CREDENTIALS: Final = {CredentialKind.CARD: "Card", CredentialKind.LINK: "AccessKey"}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who an event says did it, and by which proof."""

    who: Shape
    by: Shape


async def events_of(past: Past, row: JournalRow) -> list[tuple[Shape, str | None]]:
    """Give the events of a row with their site's id; an id names its row and its place in it.

    Takes: past, the same one for rows that lie near each other, so that what they share is read once.
    """
    shown: list[tuple[Shape, str | None]] = []
    for part in row.parts():
        event, scene = EVENTS.get(part.action), Scene(past, part)
        drafts: list[Draft] = []
        if event is not None and not part.changed_nothing:
            drafts = [as_told(draft) async for draft in event.maker(scene)]
        actor = await _actor(scene) if drafts else None
        for draft in drafts:
            if _adds_to_earlier(shown, draft):
                continue
            site = draft.about.site
            shape = await _show(scene, draft, actor, place=len(shown))
            shown.append((shape, None if site is None else site.id))
    return shown


def _adds_to_earlier(shown: list[tuple[Shape, str | None]], draft: Draft) -> bool:
    """Say whether the row told of this update already, and add to that what is new: one act, one event."""
    about = draft.about.shape
    for shape, _site in shown:
        same = (shape["type"], shape["object_type"], shape["object_id"])
        if draft.type.endswith(".update") and same == (draft.type, about["resource_type"], about["id"]):
            shape["details"] = _merged(shape["details"], draft.details)
            return True
    return False


def _merged(earlier: object, later: Mapping[str, object]) -> Shape:
    """Give the details of both, with the changes of both."""
    known = earlier if isinstance(earlier, dict) else {}
    both: Shape = {**known, **later}
    changes = [one for one in (known.get("changes"), later.get("changes")) if isinstance(one, dict)]
    return both | {"changes": {**changes[0], **changes[1]}} if len(changes) > 1 else both


async def _show(scene: Scene, draft: Draft, actor: Actor | None, *, place: int) -> Shape:
    actor = actor or await _actor(scene)
    about, row = draft.about.shape, scene.row
    code, text = draft.error or (None, None)
    return {
        "uuid": event_id(row.id, place),
        "type": draft.type,
        **actor.who,
        **actor.by,
        **await _authorized_by(scene, draft.grant_id),
        "object_type": about["resource_type"],
        "object_id": about["id"],
        "object_name": about["name"],
        "object": about,
        "action": draft.type.partition(".")[2],
        "created_at": instant(row.at),
        "message": text or draft.type.replace(".", " ").replace("_", " "),
        "success": draft.error is None,
        "code": code,
        "sequence": row.position,
        "organization_id": scene.organization_number,
        "place_id": None if draft.about.site is None else draft.about.site.number,
        "error_code": code,
        "error_message": text,
        "details": dict(draft.details),
        "via": {"name": row.via},
    }


async def _actor(scene: Scene) -> Actor:
    """Tell who acted as they were called then: who passed at a door, else who is behind the operator."""
    row, past = scene.row, scene.past
    operator = await past.operators.get(row.operator_id) if row.operator_id is not None else None
    person_id = row.person_id if row.action.startswith(_PASSING) else None
    if person_id is None and operator is not None:
        person_id = operator.person_id
    person = await scene.person_of(person_id)
    key = await past.keys.get(row.key_id) if row.key_id is not None else None
    by: Shape = {
        "authenticated_by_type": None if key is None else _KEY_TYPES.get(key.kind, "Login"),
        "authenticated_by_id": None if key is None else key.number,
    }
    presented = await _presented(scene)
    who: Shape
    link = await _link_behind(scene)
    if link is not None:
        who = {
            "actor_type": "GroupLink",
            "actor_id": link.number,
            "actor_name": link.name,
            "actor_email": link.email,
        }
        return Actor(who, {"authenticated_by_type": "GroupLink", "authenticated_by_id": link.number})
    if person is None:
        name = None if operator is None else operator.name
        return Actor(
            {"actor_type": None, "actor_id": None, "actor_name": name, "actor_email": None},
            presented or by,
        )
    who = {
        "actor_type": "Guest" if person.is_guest else "User",
        "actor_id": person.number,
        "actor_name": person.name,
        "actor_email": person.email,
    }
    return Actor(who, presented or by)


async def _link_behind(scene: Scene) -> Link | None:
    """Name the link by which somebody passed or tried to; ended ones too."""
    if not scene.row.action.startswith(_PASSING):
        return None
    order_id = scene.text("order")
    order = None if order_id is None else await scene.past.orders.get(order_id)
    link_id = scene.text("link") if order is None else order.link_id
    return None if link_id is None else await scene.past.links.get(link_id)


async def _presented(scene: Scene) -> Shape | None:
    """Name the card that was shown at the door, where one was."""
    order_id = scene.text("order")
    order = None if order_id is None else await scene.past.orders.get(order_id)
    credential_id = scene.text("credential") if order is None else order.credential_id
    if credential_id is None or not scene.row.action.startswith(_PASSING):
        return None
    credential = await scene.past.credentials.get(credential_id)
    shown = None if credential is None else _SHOWN_CREDENTIALS.get(credential.kind)
    if credential is None or shown is None:
        return None
    return {"authenticated_by_type": shown, "authenticated_by_id": credential.number}


async def _authorized_by(scene: Scene, grant_id: str | None) -> Shape:
    grant = await scene.grant_of(grant_id)
    role = None if grant is None else BY_MEANING.get((grant.role, grant.scope.kind))
    return {
        "authorized_by_type": None if grant is None else "RoleAssignment",
        "authorized_by_id": None if grant is None else grant.number,
        "authorized_by_role_id": None if role is None else role.id,
    }


class KisiForm:
    """How receivers of this API are told; one that fails through all attempts is switched off."""

    gives_up = True

    async def tell(self, view: View, row: JournalRow) -> Sequence[Told]:
        return [
            Told(
                id=str(shape["uuid"]),
                type=str(shape["type"]),
                body=msgspec.json.encode({name: shape[name] for name in _SENT}),
                site_id=site_id,
            )
            for shape, site_id in await events_of(Past(view), row)
        ]

    def headers(
        self, secrets: Sequence[bytes], body: bytes, *, delivery_id: str, at: datetime
    ) -> Mapping[str, str]:
        """Sign with the newest key, if there is one: the header has room for one signature only."""
        if not secrets:
            return {}
        return {"x-signature": f"sha256={hmac.new(secrets[0], body, hashlib.sha256).hexdigest()}"}
