"""How often a caller may call, and the courtesies of the transport. Source: contract section 1."""

import asyncio
from pathlib import Path

from rekey.dialects.kisi.limits import CallLimits
from rekey.domain.errors import TooManyRequests
from tests.dialects.in_world import Api
from tests.dialects.kisi.api import as_login, as_owner, kisi_test
from tests.support.world import open_world

SECOND = 1_000_000_000


class Ticks:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = SECOND

    def __call__(self) -> int:
        return self.now


def calls_until_refused(limits: CallLimits, route: str = "", *, most: int = 20) -> int:
    for count in range(most):
        if is_refused(limits, route):
            return count
    return most


def is_refused(limits: CallLimits, route: str) -> bool:
    try:
        limits.count_user("acme", "ada", route)
    except TooManyRequests as refused:
        return refused.retry_after >= 1
    return False


def test_five_calls_pass_at_once_and_the_sixth_has_to_wait_a_moment() -> None:
    clock = Ticks()
    limits = CallLimits(5, clock=clock)
    assert calls_until_refused(limits) == 5
    clock.now += SECOND // 5
    assert calls_until_refused(limits) == 1


def test_one_users_calls_do_not_count_for_another_nor_for_strangers() -> None:
    limits = CallLimits(5, clock=Ticks())
    assert calls_until_refused(limits) == 5
    limits.count_user("acme", "bob", "")
    limits.count_user("globex", "ada", "")
    limits.count_stranger("192.0.2.1")


def test_some_routes_have_a_limit_of_their_own() -> None:
    clock = Ticks()
    limits = CallLimits(5, clock=clock)
    assert calls_until_refused(limits, "POST /event_sets") == 1
    clock.now += SECOND
    assert calls_until_refused(limits, "POST /event_sets") == 1


def test_nobody_counts_where_the_limit_is_off() -> None:
    limits = CallLimits(0, clock=Ticks())
    assert calls_until_refused(limits, "POST /event_sets", most=100) == 100


def test_the_sixth_call_is_429_and_says_when_to_come_back(tmp_path: Path) -> None:
    async def run() -> None:
        async with open_world(tmp_path, calls_per_second=5) as world:
            api = as_owner(world)
            answers = await asyncio.gather(*(api.call("GET", "/organization") for _ in range(12)))
            refused = [answer for answer in answers if answer.status == 429]
            assert [answer.status for answer in answers[:5]] == [200] * 5
            assert refused
            for answer in refused:
                assert int(answer.header("retry-after") or "0") >= 1
                assert set(answer.json()) == {"error", "code"}

    asyncio.run(run())


def test_calls_without_a_good_login_count_for_their_address(tmp_path: Path) -> None:
    async def run() -> None:
        async with open_world(tmp_path, calls_per_second=5) as world:
            bare = Api(world, world.client("/kisi"))
            answers = await asyncio.gather(*(bare.call("GET", "/users") for _ in range(12)))
            assert [answer.status for answer in answers[:5]] == [401] * 5
            assert 429 in {answer.status for answer in answers}
            wrong = as_login(world, "nonsense")
            assert (await wrong.call("GET", "/users")).status == 429
            assert (await as_owner(world).call("GET", "/user")).status == 200

    asyncio.run(run())


@kisi_test
async def test_a_deprecated_endpoint_says_so_also_in_its_errors(api: Api) -> None:
    for path in ("/members", "/members/1", "/shares", "/shares/987654"):
        answer = await api.call("GET", path)
        assert (answer.header("deprecation") or "").startswith("@"), path
    assert (await api.call("GET", "/users")).header("deprecation") is None


@kisi_test
async def test_partners_may_name_themselves_and_need_not(api: Api) -> None:
    said = {"x_kisi_integration_identifier": "acme-hr", "x_kisi_integration_contact": "it@acme.test"}
    assert (await api.call("GET", "/user", **said)).status == 200
    preflight = await api.call(
        "OPTIONS", "/users", origin="https://app.example", access_control_request_method="GET"
    )
    assert "X-Kisi-Integration-Identifier" in (preflight.header("access-control-allow-headers") or "")


@kisi_test
async def test_what_a_browser_app_must_read_is_exposed(api: Api) -> None:
    answer = await api.call("GET", "/users", origin="https://app.example")
    exposed = answer.header("access-control-expose-headers") or ""
    for name in ("X-Collection-Range", "Retry-After", "Deprecation", "Sunset", "Rekey-Revocation"):
        assert name in exposed


@kisi_test
async def test_unpaged_lists_have_no_range_and_all_others_do(api: Api) -> None:
    unpaged = ("/roles", "/organizations", "/organization/transfers", "/events/types", "/events/meta")
    for path in unpaged:
        assert (await api.call("GET", path)).header("x-collection-range") is None, path
    paged = (
        "users members guests teams team_memberships role_assignments shares places locks groups elevators"
    )
    for path in paged.split():
        answer = await api.call("GET", f"/{path}?offset=20000&limit=3")
        assert (answer.status, answer.json()) == (200, []), path
        assert (answer.header("x-collection-range") or "").startswith("*/"), path
        assert (await api.call("GET", f"/{path}?offset=20001")).status == 400, path


def test_a_refused_call_does_not_use_up_the_limit_of_its_route(tmp_path: Path) -> None:
    async def tale() -> None:
        async with open_world(tmp_path, calls_per_second=100) as world:
            owner = as_owner(world)
            report = {"name": "Users", "reporter_id": 2}
            refused = await owner.call("POST", "/reports", {"report": {"name": "Users"}})
            made = await owner.call("POST", "/reports", {"report": report})
            soon = await owner.call("POST", "/reports", {"report": report})
        assert (refused.status, made.status, soon.status) == (422, 200, 429)
        assert soon.header("retry-after") == "600"

    asyncio.run(tale())
