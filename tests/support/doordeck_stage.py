"""The vendor's SDK on a stage: a server under the vendor's host name, its mail, and phones of several people."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from tests.support.doordeck_sdk import Ground, Sdk
from tests.support.mail_host import MailHost
from tests.support.process import RekeyProcess
from tests.support.tls import Shown

PASSWORD = "a password of some length"


@dataclass(frozen=True)
class Stage:
    """The server, its mail, and as many processes of the SDK as a test wants."""

    server: RekeyProcess
    mail: MailHost
    shown: Shown
    ground: Ground
    open: ExitStack
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(1, 1000)))

    def sdk(self) -> Sdk:
        """Start another SDK, as another phone would."""
        port = int(self.server.url.rsplit(":", 1)[1])
        sdk = Sdk(self.ground, authority=self.shown.authority, port=port)
        self.open.callback(sdk.close)
        return sdk

    def address(self, name: str) -> str:
        """Give a mail address that nobody has yet."""
        return f"{name.split(maxsplit=1)[0].lower()}-{next(self.numbers)}@sdk.test"

    def register(self, name: str) -> "Account":
        """Give a new account on a phone of its own, signed in and ready to sign operations."""
        sdk, email = self.sdk(), self.address(name)
        sdk.call("helper", "assistedRegister", {"email": email, "password": PASSWORD, "displayName": name})
        sdk.call("helper", "assistedLogin", {"email": email, "password": PASSWORD})
        return Account(sdk, email)


@dataclass(frozen=True)
class Account:
    """Somebody with a phone."""

    sdk: Sdk
    email: str

    @property
    def id(self) -> str:
        return self.sdk.text("contextManager", "getUserId") or ""

    def lock(self, lock: str) -> Any:
        """Give what the SDK reads of a lock."""
        return self.sdk.call("lockOperations", "getSingleLock", {"lockId": lock})

    def unlock(self, lock: str) -> None:
        """Sign and send an unlock; raises SdkRefused."""
        self.sdk.call("lockOperations", "unlock", {"baseOperation": {"lockId": lock}})

    def target(self, email: str, role: str = "USER") -> dict[str, Any]:
        """Give what a share of a lock names: the user and the user's public key, looked up as the SDK does."""
        found = self.sdk.call("lockOperations", "getUserPublicKey", {"userEmail": email})
        named = {"targetUserId": found["id"], "targetUserPublicKey": found["publicKey"]}
        return {**named, "targetUserRole": role}

    def share(self, lock: str, email: str, role: str = "USER", **window: int) -> None:
        """Share a lock; `start` and `end` are epoch seconds."""
        data = {"baseOperation": {"lockId": lock}, "shareLock": {**self.target(email, role), **window}}
        self.sdk.call("lockOperations", "shareLock", data)
