"""Two public suites for SCIM servers, each against the real program: every check passes."""

import json
from typing import Any

import httpx
import pytest
from scim2_client import BaseSyncSCIMClient
from scim2_tester import Status, check_server
from scim_sanity.probe.runner import run_probe

from tests.support.process import RekeyProcess

# What a suite may say of a server that does all that it asks for.
GOOD = {Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE}


class Client(BaseSyncSCIMClient):
    """The suite's own client over the HTTP library that is here."""

    def __init__(self, client: httpx.Client) -> None:
        super().__init__()
        self._http = client

    def _stays_under_base_url(self, endpoint: str) -> bool:
        url = self._http.build_request("GET", endpoint).url
        return url.host == self._http.base_url.host and url.path.startswith(self._http.base_url.path)

    def _parse_json(self, response: Any) -> Any:
        return response.json()

    def request(self, method: str, url: str, **options: Any) -> Any:
        return self._http.request(method, url, **options)


def test_every_check_of_scim2_tester_passes(own_server: RekeyProcess) -> None:
    headers = {"authorization": f"Bearer {own_server.keys['scim']}"}
    with httpx.Client(base_url=f"{own_server.url}/scim/v2", headers=headers, timeout=30) as client:
        results = check_server(Client(client))
    failed = [
        (one.title, one.resource_type, one.status, one.reason) for one in results if one.status not in GOOD
    ]
    assert failed == []
    assert len(results) > 100


def test_every_check_of_scim_sanity_passes_in_its_strict_mode(
    own_server: RekeyProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run_probe(
        f"{own_server.url}/scim/v2",
        token=own_server.keys["scim"],
        json_output=True,
        accept_side_effects=True,
    )
    told = json.loads(capsys.readouterr().out)
    bad = [one for one in told["results"] if one["status"] not in {"pass", "skip"}]
    assert (code, bad) == (0, [])
    assert sum(one["status"] == "pass" for one in told["results"]) > 20
