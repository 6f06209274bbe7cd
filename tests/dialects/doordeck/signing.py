"""Signing as clients do, written from the wire contract alone."""

import json
import uuid
from base64 import b64encode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.dialects.doordeck.shapes import check_answer, is_listed
from tests.support.asgi import Response
from tests.support.world import World

PREFIX = "/doordeck"
PASSWORD = "a long enough password"


def base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def base64std(data: bytes) -> str:
    return b64encode(data).decode()


@dataclass
class Phone:
    """One user's client: a session, a key pair and its certificates. It refuses what the official client would."""

    world: World
    auth: str = ""
    refresh: str = ""
    user_id: str = ""
    chain: list[str] = field(default_factory=list)
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    async def call(self, method: str, path: str, body: Any = None, **headers: str) -> Response:
        sent = {"authorization": f"Bearer {self.auth}", **headers} if self.auth else headers
        content = body if isinstance(body, str | bytes) else b"" if body is None else json.dumps(body)
        client = self.world.client(PREFIX)
        answer = await client.send(method, path, sent, content)
        accept = sent.get("accept", "")
        if is_listed(method, path) and "html" not in accept:
            check_answer(method, path, accept, answer)
        return answer

    async def sign_in(self, email: str, password: str) -> "Phone":
        accept = {"accept": "application/vnd.doordeck.api-v2+json,application/json"}
        reply = await self.world.client(PREFIX).send(
            "POST", "/auth/token", accept, json.dumps({"email": email, "password": password})
        )
        return self._took(reply)

    async def register(self, email: str, password: str = PASSWORD) -> "Phone":
        body = {
            "email": email,
            "password": password,
            "displayName": email.split("@", maxsplit=1)[0],
            "ephemeralKey": None,
        }
        reply = await self.world.client(PREFIX).send(
            "POST", "/auth/register?force=false", {}, json.dumps(body)
        )
        return self._took(reply)

    def _took(self, reply: Response) -> "Phone":
        assert reply.status == 200, reply.body
        self.auth, self.refresh = reply.json()["authToken"], reply.json()["refreshToken"]
        return self

    @property
    def public_key(self) -> str:
        return base64std(self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    async def certify(self) -> "Phone":
        reply = await self.call("POST", "/auth/certificate", {"ephemeralKey": self.public_key})
        assert reply.status == 200, reply.body
        self.chain, self.user_id = reply.json()["certificateChain"], reply.json()["userId"]
        return self

    def claims(self, lock: str, operation: dict[str, Any], **changes: Any) -> dict[str, Any]:
        now = int(self.world.clock.now().timestamp())
        return {
            "iss": self.user_id,
            "sub": lock,
            "nbf": now,
            "iat": now,
            "exp": now + 60,
            "jti": str(uuid.uuid4()),
            "operation": operation,
            **changes,
        }

    def sign(
        self, claims: dict[str, Any], *, alg: str = "EdDSA", standard: bool = False, **header: Any
    ) -> str:
        """Sign as the SDK does (`standard`: padded base64 with + and /) or as the pages do."""
        encode = base64std if standard else base64url
        head = {"alg": alg, "typ": "JWT", "x5c": self.chain, **header}
        signing = f"{encode(json.dumps(head).encode())}.{encode(json.dumps(claims).encode())}"
        return f"{signing}.{encode(self.key.sign(signing.encode()))}"

    async def post(self, lock: str, token: str) -> Response:
        return await self.call(
            "POST", f"/device/{lock}/execute", token, **{"content-type": "application/jwt"}
        )

    async def execute(self, lock: str, operation: dict[str, Any], **changes: Any) -> Response:
        return await self.post(lock, self.sign(self.claims(lock, operation, **changes)))

    async def share(self, lock: str, *users: "Phone", role: str = "USER", **window: Any) -> Response:
        shares = [
            {"user": user.user_id, "publicKey": "unused", "role": role, "start": None, "end": None, **window}
            for user in users
        ]
        return await self.execute(lock, {"type": "BATCH_ADD_USER", "users": shares})

    async def open(self, lock: str, **changes: Any) -> Response:
        return await self.execute(lock, {"type": "MUTATE_LOCK", "locked": False}, **changes)

    async def remove(self, lock: str, *user_ids: str, **changes: Any) -> Response:
        return await self.execute(lock, {"type": "REMOVE_USER", "users": list(user_ids)}, **changes)


async def owner_of(world: World) -> Phone:
    phone = await Phone(world).sign_in(world.owner["email"], world.owner["password"])
    return await phone.certify()


async def newcomer(world: World, name: str) -> Phone:
    phone = await Phone(world).register(f"{name}@acme.test")
    return await phone.certify()
