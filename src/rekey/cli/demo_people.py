"""Clients of the wire APIs, as small as the story needs them, over real HTTP."""

import json
import time
import uuid
from base64 import b64encode, urlsafe_b64encode
from typing import Any

import httpx

from rekey.webkit.keys import Ed25519Signer

_LIFE_SECONDS = 60


class StoryFailed(Exception):
    """A step did not do what it should; the text says what came instead."""


class Caller:
    """One account at one API of the server."""

    def __init__(self, http: httpx.AsyncClient, prefix: str, headers: dict[str, str]) -> None:
        self._http = http
        self._prefix = prefix
        self._headers = headers

    async def ask(self, method: str, path: str, body: Any = None, *, expect: int = 200) -> Any:
        """Call and give the decoded answer. Raises: StoryFailed for another status than expected."""
        return (await self.call(method, path, body, expect=expect)).json()

    async def call(self, method: str, path: str, body: Any = None, *, expect: int) -> httpx.Response:
        """Do the same as `ask` and give the whole answer."""
        content = None if body is None else json.dumps(body)
        headers = {**self._headers, "content-type": "application/json"}
        return await self._send(method, path, content, headers=headers, expect=expect)

    async def _send(
        self, method: str, path: str, content: str | None, *, headers: dict[str, str], expect: int
    ) -> httpx.Response:
        url = self._prefix + path
        response = await self._http.request(method, url, content=content, headers=headers)
        if response.status_code != expect:
            told = response.text[:300]
            raise StoryFailed(f"{method} {url} answered {response.status_code}, not {expect}: {told}")
        return response


class SigningUser(Caller):
    """A person at Doordeck with a key of their own, which never leaves the phone."""

    def __init__(self, http: httpx.AsyncClient, token: str) -> None:
        super().__init__(http, "/doordeck", {"authorization": f"Bearer {token}"})
        self._key = Ed25519Signer.generate()
        self._chain: list[str] = []
        self.user_id = ""

    async def enrol_key(self) -> None:
        """Hand in the public key and keep the certificate chain."""
        own = b64encode(self._key.public_key).decode()
        given = await self.ask("POST", "/auth/certificate", {"ephemeralKey": own})
        self._chain, self.user_id = given["certificateChain"], given["userId"]

    async def open(self, door_id: str, *, expect: int) -> None:
        """Open a door with a signed operation of its own. Raises: StoryFailed."""
        token = self._sign(door_id, {"type": "MUTATE_LOCK", "locked": False})
        headers = {**self._headers, "content-type": "application/jwt"}
        await self._send("POST", f"/device/{door_id}/execute", token, headers=headers, expect=expect)

    def _sign(self, door_id: str, operation: dict[str, Any]) -> str:
        now = int(time.time())
        header = {"alg": "EdDSA", "typ": "JWT", "x5c": self._chain}
        payload = {
            "iss": self.user_id,
            "sub": door_id,
            "nbf": now,
            "iat": now,
            "exp": now + _LIFE_SECONDS,
            "jti": str(uuid.uuid4()),
            "operation": operation,
        }
        signed = f"{_segment(header)}.{_segment(payload)}"
        signature = urlsafe_b64encode(self._key.sign(signed.encode())).decode().rstrip("=")
        return f"{signed}.{signature}"


def _segment(value: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
