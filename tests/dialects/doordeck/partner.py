"""An application of somebody else, which signs its own users in: keys and tokens written from the contract alone."""

import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.dialects.doordeck.signing import Phone, base64std, base64url
from tests.support.asgi import Response
from tests.support.world import World

AUDIENCE = "https://api.doordeck.com"
NEW = {
    "type": "com.doordeck.Application",
    "name": "Tower",
    "companyName": "Tower Ltd",
    "mailingAddress": "1 High Street",
    "privacyPolicy": None,
}


def _number(value: int) -> str:
    return base64url(value.to_bytes((value.bit_length() + 7) // 8, "big"))


@dataclass
class Ed25519Signing:
    """Signs as Ed25519, by either of its names."""

    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    alg = "EdDSA"

    def jwk(self) -> dict[str, Any]:
        raw = self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return {"kty": "OKP", "crv": "Ed25519", "x": base64url(raw)}

    def sign(self, message: bytes) -> bytes:
        return self.key.sign(message)


@dataclass
class RsaSigning:
    """Signs as RS256."""

    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    alg = "RS256"

    def jwk(self) -> dict[str, Any]:
        numbers = self.key.public_key().public_numbers()
        return {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e)}

    def sign(self, message: bytes) -> bytes:
        return self.key.sign(message, padding.PKCS1v15(), SHA256())


@dataclass
class CurveSigning:
    """Signs as ES256."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    alg = "ES256"

    def jwk(self) -> dict[str, Any]:
        numbers = self.key.public_key().public_numbers()
        x, y = (base64url(value.to_bytes(32, "big")) for value in (numbers.x, numbers.y))
        return {"kty": "EC", "crv": "P-256", "x": x, "y": y}

    def sign(self, message: bytes) -> bytes:
        r, s = decode_dss_signature(self.key.sign(message, ec.ECDSA(SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


Signing = Ed25519Signing | RsaSigning | CurveSigning


@dataclass
class Partner:
    """The application: its owner's phone, its id, its issuer and its key."""

    owner: Phone
    id: str
    issuer: str = "https://tower.test/"
    kid: str = "key-1"
    signing: Signing = field(default_factory=Ed25519Signing)

    @property
    def world(self) -> World:
        return self.owner.world

    @property
    def path(self) -> str:
        return f"/platform/application/{self.id}"

    def claims(self, subject: str, **changes: Any) -> dict[str, Any]:
        now = int(self.world.clock.now().timestamp())
        claims = {
            "iss": self.issuer,
            "sub": subject,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + 3600,
            "email": f"{subject}@people.test",
            "email_verified": True,
            **changes,
        }
        return {name: value for name, value in claims.items() if value is not None}

    def token(self, claims: dict[str, Any], *, standard: bool = False, **header: Any) -> str:
        """Sign a token; `standard` writes padded base64 with + and /, as the SDK's tests do."""
        encode = base64std if standard else base64url
        head = {"alg": self.signing.alg, "typ": "JWT", "kid": self.kid, **header}
        signed = f"{encode(json.dumps(head).encode())}.{encode(json.dumps(claims).encode())}"
        return f"{signed}.{encode(self.signing.sign(signed.encode()))}"

    def phone(self, subject: str, **changes: Any) -> Phone:
        """Give a phone of one of the application's users."""
        return Phone(self.world, auth=self.token(self.claims(subject, **changes)))

    async def user(self, subject: str, **changes: Any) -> Phone:
        """Give a phone that has its key certified, and so knows who it is."""
        return await self.phone(subject, **changes).certify()

    async def do(self, method: str, path: str, body: Any = None) -> Response:
        return await self.owner.call(method, self.path + path, body)

    async def show(self) -> dict[str, Any]:
        shown: dict[str, Any] = (await self.do("GET", "")).json()
        return shown


async def add_application(owner: Phone, **changes: Any) -> str:
    """Add an application and give its id, as the SDK reads it from the Location."""
    reply = await owner.call("POST", "/platform/application", {**NEW, **changes})
    assert reply.status == 204, reply.body
    location = reply.header("location")
    assert location is not None
    return location.rpartition("/")[2]


async def partner_of(owner: Phone, signing: Signing | None = None, **names: str) -> Partner:
    """Add an application with an issuer and a key."""
    partner = Partner(owner, await add_application(owner), signing=signing or Ed25519Signing(), **names)
    key = {"type": "com.doordeck.AddKey", **partner.signing.jwk(), "kid": partner.kid, "alg": None}
    for path, body in (("/auth/issuer", {"url": partner.issuer}), ("/auth/key", key)):
        reply = await partner.do("POST", path, body)
        assert reply.status == 204, reply.body
    return partner


def new_id() -> str:
    return str(uuid.uuid4())
