"""Ratio 5: opening by a signed Doordeck operation, against hello and against bare signature checks."""

import time
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import msgspec
from nacl.signing import SigningKey

from benchmarks.estate import Estate, opened_estate
from benchmarks.figures import Effort, Ratio, Tell, microseconds, per_second, quotients
from benchmarks.machine import SERVER_CORE, pinned, scratch
from benchmarks.servers import Load, ask, request

MANY = 32
_MOST_PER_SECOND = 2_000
_HELLO = request("GET", "/healthz")


class _Phone:
    """The owner's client: a session, a key and its certificates."""

    def __init__(self, estate: Estate) -> None:
        owner = estate.made["owner"]
        self._key = SigningKey.generate()
        session = ask(estate.target, "POST", "/doordeck/auth/token", key="", body=owner)
        self.auth = session["authToken"]
        public = urlsafe_b64encode(bytes(self._key.verify_key)).decode().replace("-", "+").replace("_", "/")
        body = {"ephemeralKey": public}
        made = ask(estate.target, "POST", "/doordeck/auth/certificate", key=self.auth, body=body)
        self._user, self._head = (
            made["userId"],
            {"alg": "EdDSA", "typ": "JWT", "x5c": made["certificateChain"]},
        )

    def opening(self, door: str) -> bytes:
        """Sign a fresh operation that opens the door, as a whole request."""
        now = int(time.time())
        claims = {
            "iss": self._user,
            "sub": door,
            "nbf": now,
            "iat": now,
            "exp": now + 60,
            "jti": str(uuid.uuid4()),
            "operation": {"type": "MUTATE_LOCK", "locked": False},
        }
        signing = f"{_part(self._head)}.{_part(claims)}"
        token = f"{signing}.{_text(self._key.sign(signing.encode()).signature)}".encode()
        head = (
            f"POST /doordeck/device/{door}/execute HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Authorization: Bearer {self.auth}\r\nContent-Type: application/jwt\r\n"
            f"Content-Length: {len(token)}\r\n\r\n"
        )
        return head.encode() + token


def run(effort: Effort, tell: Tell) -> list[Ratio]:
    """Sign before each round, then measure hello, the signed openings and bare verification in turn."""
    hello: list[Load] = []
    signed: list[Load] = []
    verified: list[float] = []
    with scratch() as directory, opened_estate(directory, people=2, doors=5, tell=tell) as estate:
        phone = _Phone(estate)
        for number in range(effort.rounds):
            tell(f"round {number + 1}")
            doors = (
                estate.doors[n % len(estate.doors)] for n in range(int(_MOST_PER_SECOND * effort.seconds))
            )
            operations = [phone.opening(door) for door in doors]
            hello.append(estate.target.load([_HELLO], connections=MANY, seconds=effort.seconds))
            how: dict[str, Any] = {"connections": MANY, "seconds": effort.seconds, "once": True}
            signed.append(estate.target.load(operations, **how))
            verified.append(_verifications(effort.seconds / 4))
    rates = [load.rate for load in signed]
    return [
        _ratio(
            "signed open, durable / hello", rates, [load.rate for load in hello], floor=0.12, loads=signed
        ),
        _ratio("signed open, durable / bare Ed25519 verification", rates, verified, floor=0.22, loads=signed),
    ]


def _ratio(name: str, rates: list[float], against: list[float], *, floor: float, loads: list[Load]) -> Ratio:
    return Ratio(
        number="5",
        name=name,
        rounds=quotients(rates, against),
        bound=floor,
        detail=f"{per_second(rates)} against {per_second(against)}; CPU {microseconds(loads[-1].cpu)}",
    )


def _verifications(seconds: float) -> float:
    key, message = SigningKey.generate(), bytes(600)
    signature = key.sign(message).signature
    verify: Callable[[bytes, bytes], bytes] = key.verify_key.verify
    done = 0
    with pinned(SERVER_CORE):
        began = now = time.perf_counter()
        while now - began < seconds:
            verify(message, signature)
            done += 1
            now = time.perf_counter()
    return done / (now - began)


def _part(value: object) -> str:
    return _text(msgspec.json.encode(value))


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
