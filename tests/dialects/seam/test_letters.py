"""Every published route has its letters, and what is served is served to those letters alone."""

from collections import Counter

import pytest

from rekey.dialects.seam.kit import Kit
from rekey.dialects.seam.letters import LETTERS
from rekey.dialects.seam.routes import make_rows
from rekey.dialects.seam.tokens import TokenKind, kind_of
from rekey.webkit.settings import DialectSettings
from tests.dialects.in_world import Api
from tests.dialects.seam.api import UNKNOWN, query, refusal, seam_test
from tests.dialects.seam.furnished import as_session, open_session


def rows_of(api: Api) -> dict[str, tuple[str, ...]]:
    settings = DialectSettings(data=api.world.server.settings.data, sandbox=True)
    return {row.path: row.methods for row in make_rows(Kit(api.world.services, settings))}


def test_all_published_routes_have_letters() -> None:
    assert len(LETTERS) == 207
    assert Counter(LETTERS.values()) == {
        "A": 93, "AP": 40, "AC": 38, "ACP": 32, "AK": 2, "ACW": 1, "aW": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("token", "kind"),
    [
        ("seam_test1234_x", TokenKind.API_KEY),
        ("seam_at1x_y", TokenKind.USER_KEY),
        ("seam_cst1x_y", TokenKind.CLIENT_SESSION),
        ("seam_pk1x_y", TokenKind.PUBLISHABLE_KEY),
        ("eyJhbGciOi.x.y", TokenKind.CONSOLE_SESSION),
        ("rekey_x", TokenKind.UNKNOWN),
    ],
)
def test_the_kind_of_a_token_is_told_by_its_prefix_alone(token: str, kind: TokenKind) -> None:
    assert kind_of(token) is kind


@seam_test
async def test_no_route_answers_a_session_without_its_letter(api: Api) -> None:
    plain = as_session(api.world, await open_session(api))
    customers = as_session(api.world, await open_session(api, customer_key="c1"))
    for path in rows_of(api):
        for app, letter in ((plain, "C"), (customers, "P")):
            if letter in LETTERS[path]:
                continue
            answer = await app.call("POST", path, {})
            assert refusal(answer) == (401, "unauthorized"), (path, letter)


@seam_test
async def test_a_session_of_a_console_is_not_taken(api: Api) -> None:
    answer = await api.call("GET", "/devices/list", authorization="Bearer eyJhbGciOiJub25lIn0.e30.")
    assert refusal(answer) == (401, "unauthorized")


@seam_test
async def test_a_publishable_key_is_no_bearer_token(api: Api) -> None:
    answer = await api.call("GET", "/devices/list", authorization="Bearer seam_pk1x_y")
    assert refusal(answer) == (401, "unauthorized")


@seam_test
async def test_every_served_route_takes_post_and_the_verb_that_is_published(api: Api) -> None:
    served = rows_of(api)
    assert all("POST" in methods for methods in served.values())
    for path, verb in (
        ("/spaces/add_devices", "PUT"),
        ("/spaces/remove_devices", "DELETE"),
        ("/spaces/update", "PATCH"),
        ("/client_sessions/create", "PUT"),
        ("/client_sessions/grant_access", "PATCH"),
        ("/connected_accounts/delete", "DELETE"),
        ("/thermostats/list", "GET"),
    ):
        assert verb in served[path], path
    assert served["/noise_sensors/noise_thresholds/update"] == ("POST", "PUT", "PATCH")


@seam_test
async def test_what_is_not_about_access_lists_nothing_and_refuses_the_rest(api: Api) -> None:
    door = await api.world.add_door("Front")
    for path, key in (("/thermostats/list", "thermostats"), ("/noise_sensors/list", "noise_sensors")):
        listed = await api.done("GET", path)
        assert (listed[key], listed["devices"]) == ([], [])
    for path, key in (
        ("/noise_sensors/noise_thresholds/list", "noise_thresholds"),
        ("/thermostats/schedules/list", "thermostat_schedules"),
    ):
        assert (await api.done("GET", query(path, device_id=door)))[key] == []
    answer = await api.call("POST", "/thermostats/off", {"device_id": door})
    assert refusal(answer) == (400, "not_supported")
    answer = await api.call("POST", "/thermostats/off", {"device_id": UNKNOWN})
    assert refusal(answer) == (404, "device_not_found")
    answer = await api.call("POST", "/cameras/live_views/create", {"device_id": door})
    assert refusal(answer) == (400, "not_supported")


@seam_test
async def test_what_is_not_about_access_is_not_described(api: Api) -> None:
    described = (await api.done("GET", "/openapi.json"))["paths"]
    parts = {path.split("/")[1] for path in described}
    assert parts.isdisjoint({"thermostats", "noise_sensors", "cameras", "media"})
    ring3 = [path for path in rows_of(api) if path not in described]
    assert len(ring3) == 36


@seam_test
async def test_how_often_a_door_is_told_something_is_limited_only_where_that_was_chosen(api: Api) -> None:
    door = await api.world.add_door("Front")
    for _turn in range(20):
        answer = await api.call("POST", "/locks/lock_door", {"device_id": door})
        assert answer.status == 200
