"""Who may call at all: no route but the public ones answers a caller without proof (rows 1, 50, 60, 61)."""

from rekey.domain.role import Permission
from tests.attacks.callers import Caller, Rivals, among_rivals, limited_key, nobody, with_key
from tests.attacks.estate import fill
from tests.attacks.state import state_of
from tests.attacks.targets import Sample, Target, samples, targets_of
from tests.support.asgi import Response

FORGED = (
    "Bearer ",
    "Bearer null",
    "Bearer seam_x",
    "KISI-LOGIN x",
    "Bearer eyJhbGciOiJub25lIn0.e30.",
    "Basic eDp4",
)
READS = (
    Permission.ORGANIZATION_READ,
    Permission.ESTATE_READ,
    Permission.PEOPLE_READ,
    Permission.GRANTS_READ,
    Permission.JOURNAL_READ,
)
# Public by their contracts: signing in, registering, proving a mailbox and
# choosing a password by mail, the time, a health check, the API's description, pictures
# and their signed upload links, and the page that a tile leads to.
PUBLIC_ROUTES = {
    "doordeck GET /application/{file}",
    "doordeck GET /doordeck-upload.com/application/{file}",
    "doordeck GET /link/{tile}",
    "doordeck POST /api/auth/token",
    "doordeck PUT /application/{file}",
    "doordeck PUT /doordeck-upload.com/application/{file}",
    "doordeck GET /time",
    # The signed request itself names and proves who asks.
    "doordeck POST /device/execute",
    "doordeck POST /auth/register",
    "doordeck POST /auth/token",
    "doordeck POST /account/password/reset/initialize",
    "doordeck POST /account/password/reset/verify",
    "doordeck PUT /account/email/verify",
    "kisi PATCH /users/password",
    "kisi GET /openapi.json",
    "kisi GET /organizations/{domain}/public",
    "kisi GET /report_files/{token}",
    "kisi POST /logins/resolve",
    # The page asks for a password, and an application proves itself by its secret.
    "kisi GET /oauth/authorize",
    "kisi POST /oauth/authorize",
    "kisi POST /oauth/token",
    "kisi POST /organizations/find",
    "kisi POST /users/password",
    "kisi POST /users/sign_in",
    "kisi POST /users/sign_up",
    "kisi PUT /users/password",
    # The secret in the address, or in the path of a mailed token, is the proof.
    "kisi GET /accesskeys/{secret}",
    "kisi GET /grouplinks/{secret}",
    "kisi POST /accesskeys/{secret}",
    "kisi POST /card_assignments/{token}/activate_with_token",
    "kisi POST /cards/{token}/activate_with_token",
    "kisi POST /grouplinks/{secret}",
    "kisi GET /pictures/{token}",
    "kisi POST /uploads/{name}",
    "kisi PUT /uploads/{name}",
    "native GET /openapi.json",
    # Pages for people: the secret in the address is the proof.
    "seam GET /connect_webviews/view",
    "seam POST /connect_webviews/view",
    "seam GET /customers/portal",
    "seam GET /health",
    "seam GET /health/get_health",
    "seam GET /instant_keys/view",
    "seam GET /openapi.json",
    "seam POST /health",
    "seam POST /health/get_health",
    "seam POST /instant_keys/view",
    "scim GET /ServiceProviderConfig",
}


def _answered(target: Target, sample: Sample, answer: Response) -> tuple[object, ...]:
    return target.name, sample.path, answer.status, answer.body


@among_rivals
async def test_only_the_named_routes_are_public(rivals: Rivals) -> None:
    targets = targets_of(rivals.world)
    assert {target.name for target in targets if target.is_public} == PUBLIC_ROUTES
    assert len(targets) > 200


@among_rivals
async def test_every_other_route_is_401_without_a_credential_and_leaves_no_trace(rivals: Rivals) -> None:
    ids = await fill(rivals.acme)
    before, size = state_of(rivals.world), await rivals.world.journal_size()
    for target in targets_of(rivals.world):
        if target.is_public:
            continue
        for sample in samples(target, ids):
            answer = await nobody(rivals.world).send(target, sample)
            assert answer.status == 401, _answered(target, sample, answer)
    assert state_of(rivals.world) == before
    assert await rivals.world.journal_size() == size


@among_rivals
async def test_every_route_is_401_with_a_forged_credential(rivals: Rivals) -> None:
    ids = await fill(rivals.acme)
    before, size = state_of(rivals.world), await rivals.world.journal_size()
    for target in targets_of(rivals.world):
        if target.is_public:
            continue
        sample = next(iter(samples(target, ids)))
        for header in FORGED:
            forger = Caller(world=rivals.world, headers={target.dialect: header}, refresh=header)
            answer = await forger.send(target, sample)
            assert answer.status == 401, (header, *_answered(target, sample, answer))
    assert state_of(rivals.world) == before
    assert await rivals.world.journal_size() == size


@among_rivals
async def test_a_key_of_one_api_is_refused_by_every_other(rivals: Rivals) -> None:
    ids = await fill(rivals.acme)
    own = {"native": "rekey", "seam": "seam", "kisi": "kisi", "scim": "scim"}
    for target in targets_of(rivals.world):
        sample = next(iter(samples(target, ids)))
        for name, secret in rivals.acme.keys.items():
            if target.is_public or own.get(target.dialect) == name:
                continue
            scheme = "KISI-LOGIN" if target.dialect == "kisi" else "Bearer"
            stranger = Caller(world=rivals.world, headers={target.dialect: f"{scheme} {secret}"})
            answer = await stranger.send(target, sample)
            assert answer.status == 401, (name, *_answered(target, sample, answer))


@among_rivals
async def test_a_key_that_may_only_read_changes_nothing_by_any_route(rivals: Rivals) -> None:
    ids = await fill(rivals.acme)
    reader = with_key(rivals.world, await limited_key(rivals.acme, *READS))
    before = state_of(rivals.world)
    for target in targets_of(rivals.world, "native", "seam", "kisi"):
        if target.is_public or ends_own_key(target):
            continue
        for sample in samples(target, ids):
            size = await rivals.world.journal_size()
            answer = await reader.send(target, sample)
            assert answer.status < 500, _answered(target, sample, answer)
            assert answer.status >= 400 or target.reads, _answered(target, sample, answer)
            assert await rivals.world.journal_size() <= size + 1, target.name
            assert state_of(rivals.world) == before, target.name


# What is everybody's own: the sign-in in hand, the account, what one marked as a favourite, what one asked
# the journal.
_ONES_OWN = {
    "/event_sets",
    "/user",
    "/users/user",
    "/login",
    "/login/elsewhere",
    "/login/promote",
    "/locks/{id}/favorite",
    "/locks/{id}/unfavorite",
    "/places/{id}/favorite",
    "/places/{id}/unfavorite",
}


def ends_own_key(target: Target) -> bool:
    """Say whether the route is about what is everybody's own, such as ending the sign-in in hand."""
    return target.dialect == "kisi" and target.method != "GET" and target.route.path in _ONES_OWN


@among_rivals
async def test_a_refusal_of_a_key_that_may_only_read_is_one_row_of_the_journal(rivals: Rivals) -> None:
    ids = await fill(rivals.acme)
    reader = with_key(rivals.world, await limited_key(rivals.acme, *READS))
    for target in targets_of(rivals.world, "native", "seam", "kisi"):
        for sample in samples(target, ids):
            if target.is_public or target.reads or ends_own_key(target):
                continue
            size = await rivals.world.journal_size()
            answer = await reader.send(target, sample)
            if answer.status == 403:
                assert await rivals.world.journal_size() == size + 1, _answered(target, sample, answer)
