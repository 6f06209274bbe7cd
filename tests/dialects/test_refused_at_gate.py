"""What the gate refuses is told in the form of the API that was asked, and no handler runs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.dialects.in_world import Api, in_world
from tests.support.world import PrefixClient

FORMS: dict[str, tuple[str, Callable[[Any], object]]] = {
    "/api/v1/people": ("request-id", lambda body: (body["status"], body["type"])),
    "/doordeck/account": ("request-id", lambda body: (413, body["message"])),
    "/seam/devices/list": ("seam-request-id", lambda body: (body["ok"], body["error"]["type"])),
    "/kisi/users": ("content-type", lambda body: (413, body["code"])),
    "/scim/v2/Users": ("request-id", lambda body: (body["status"], body["schemas"])),
}
SAID: dict[str, object] = {
    "/api/v1/people": (413, "urn:rekey:problem:body_too_large"),
    "/doordeck/account": (413, "The body is too large."),
    "/seam/devices/list": (False, "body_too_large"),
    "/kisi/users": (413, "000413"),
    "/scim/v2/Users": ("413", ["urn:ietf:params:scim:api:messages:2.0:Error"]),
}
TOO_LARGE = b" " * 1_048_577


@pytest.mark.parametrize("path", FORMS)
def test_a_body_that_is_too_large(tmp_path: Path, path: str) -> None:
    header, shape = FORMS[path]

    @in_world(lambda world: Api(world, PrefixClient(world.app, "", {})))
    async def refused(api: Api) -> None:
        before = await api.world.journal_size()
        answer = await api.call("POST", path, TOO_LARGE)
        assert answer.status == 413
        assert shape(answer.json()) == SAID[path]
        assert answer.header(header) is not None
        assert answer.header("connection") == "close"
        assert await api.world.journal_size() == before

    refused(tmp_path)


def test_a_path_of_no_api_is_told_plainly(tmp_path: Path) -> None:
    @in_world(lambda world: Api(world, PrefixClient(world.app, "", {})))
    async def refused(api: Api) -> None:
        answer = await api.call("POST", "/nowhere", TOO_LARGE)
        assert (answer.status, answer.json()["code"]) == (413, "body_too_large")

    refused(tmp_path)
