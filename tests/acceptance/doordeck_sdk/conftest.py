"""The stage: one server under the vendor's host name with TLS and mail, and the vendor's SDK under Wine."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.doordeck_sdk import HOST, prepared
from tests.support.doordeck_stage import Account, Stage
from tests.support.mail_host import mail_host
from tests.support.process import RekeyProcess
from tests.support.tls import throw_away_certificate


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    room: Path = tmp_path_factory.mktemp("sdk")
    shown = throw_away_certificate(room / "tls", HOST, "127.0.0.1")
    host = ("--vhost", f"doordeck={HOST}")
    options = ("--tls-cert", str(shown.chain), "--tls-key", str(shown.key), *host)
    with (
        prepared(room / "wine") as ground,
        mail_host() as mail,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("REKEY_MAIL", f"smtp+plain://127.0.0.1:{mail.port}")
        with RekeyProcess(room / "rekey", serve=options) as server, ExitStack() as opened:
            yield Stage(server, mail, shown, ground, opened)


@pytest.fixture(scope="session")
def owner(stage: Stage) -> Account:
    """The organization's owner, who administers every lock."""
    sdk = stage.sdk()
    sdk.call("helper", "assistedLogin", stage.server.owner)
    return Account(sdk, stage.server.owner["email"])


@pytest.fixture(scope="session")
def guest(stage: Stage) -> Account:
    """Somebody who holds no lock until a test shares one."""
    return stage.register("Gil Guest")


@pytest.fixture
def lock(stage: Stage) -> str:
    """A new simulated lock."""
    return stage.server.add_door(f"Lock {next(stage.numbers)}")
