"""Instant keys: links by which whoever holds one opens a person's doors, so many times."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from rekey.dialects.seam.callers import VIA
from rekey.dialects.seam.errors import NotSupported
from rekey.dialects.seam.kit import Call, Kit
from rekey.dialects.seam.parameters import exactly_one
from rekey.dialects.seam.replies import reply_ok
from rekey.dialects.seam.secrets import CLIENT_SESSION, make_secret
from rekey.dialects.seam.translate import instant
from rekey.dialects.seam.wire_credentials import InstantKey
from rekey.domain.credential import Credential, CredentialKind
from rekey.domain.errors import NotFound
from rekey.domain.role import Permission
from rekey.operations.do_together import DoTogether, Step, do_together
from rekey.operations.imprints import imprint
from rekey.operations.open_client_session import OpenClientSession, OpenedClientSession, open_client_session
from rekey.operations.web_key import (
    ORIGIN,
    EndWebKey,
    MakeWebKey,
    end_web_key,
    find_web_key,
    make_web_key,
    session_of_key,
    web_key_secret,
)
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.people import CredentialFilter
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

PAGE_PATH = "/instant_keys/view"
LIFETIME = timedelta(days=7)
_HINT = 4
_ID, _URL = "instant_key_id", "instant_key_url"
_TOKEN = re.compile(r"[?&]key=([^&#]+)")


class InstantKeys:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def generate(self, call: Call) -> Reply:
        """Make an instant key with its client session."""
        if call.args.text("customization_profile_id") is not None:
            raise NotSupported("there are no customization profiles here")
        person_id, until = call.args.required("user_identity_id"), self._kit.now + LIFETIME
        session = replace(new_session(self._kit, until), person_id=person_id)
        uses = call.args.number("max_use_count", 1)

        def key_for(opened: OpenedClientSession) -> MakeWebKey:
            return MakeWebKey(person_id=person_id, session_id=opened.session.id, max_uses=uses, until=until)

        steps = (
            Step(operation=open_client_session, wanted=session),
            Step(operation=make_web_key, make=key_for),
        )
        _opened, key = await self._kit.perform(call, do_together, DoTogether(steps=steps))
        return reply_ok(instant_key=show_key(self._kit, call, key))

    async def get(self, call: Call) -> Reply:
        """Read an instant key by its id or by its link."""
        by = exactly_one(call.args, _ID, _URL)
        named = call.args.required(by)

        async def look(view: View) -> Credential:
            if by == _ID:
                return await find_web_key(view, named)
            return await find_by_token(self._kit, view, token_of(named))

        return reply_ok(
            instant_key=show_key(self._kit, call, await self._kit.read(call, Permission.PEOPLE_READ, look))
        )

    async def list_keys(self, call: Call) -> Reply:
        person_id = call.args.text("user_identity_id")
        matching = CredentialFilter(origin=ORIGIN)
        listed = await self._kit.read(
            call,
            Permission.PEOPLE_READ,
            lambda view: view.credentials.list(WHOLE, person_id=person_id, matching=matching),
        )
        return reply_ok(instant_keys=[show_key(self._kit, call, key) for key in listed.items])

    async def delete(self, call: Call) -> Reply:
        """End an instant key: its link and its session stop working."""
        await self._kit.perform(call, end_web_key, EndWebKey(credential_id=call.args.required(_ID)))
        return reply_ok()


def show_key(kit: Kit, call: Call, key: Credential) -> InstantKey:
    return InstantKey(
        instant_key_id=key.id,
        workspace_id=call.workspace_id,
        client_session_id=session_of_key(key),
        user_identity_id=key.person_id or "",
        instant_key_url=instant_key_url(kit, call.request, call.workspace_id, key.id),
        expires_at=instant(key.validity.end or key.created_at),
        created_at=instant(key.created_at),
    )


def new_session(kit: Kit, until: datetime) -> OpenClientSession:
    """Ask for a client session that comes with an instant key, with a token made for it."""
    secrets = kit.services.core.secrets
    token = make_secret(kit.services.core, CLIENT_SESSION)
    return OpenClientSession(
        secret_fingerprint=secrets.fingerprint(token),
        sealed_token=secrets.seal(token.encode()),
        hint=token[-_HINT:],
        via=VIA,
        expires_at=until,
    )


def instant_key_url(kit: Kit, request: Request, workspace_id: str, key_id: str) -> str:
    """Give the address of a web key's page; it holds the key's secret."""
    token = f"{workspace_id}.{web_key_secret(kit.services.core.secrets, key_id)}"
    return f"{kit.address_of(request)}{PAGE_PATH}?{urlencode({'key': token})}"


def token_of(url: str) -> str:
    """Take the secret out of an address; empty where there is none."""
    found = _TOKEN.search(url)
    return "" if found is None else found.group(1).partition(".")[2]


async def find_by_token(kit: Kit, view: View, token: str) -> Credential:
    """Find the standing web key of a secret. Raises: NotFound."""
    fingerprint = imprint(kit.services.core.secrets, token).fingerprint
    key = await view.credentials.by_fingerprint(CredentialKind.LINK, fingerprint) if token else None
    if key is None or key.ended_at is not None or key.origin != ORIGIN:
        raise NotFound("web_key", "")
    return key
