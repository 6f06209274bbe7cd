"""found_with_keys: an organization, and in the same act the first keys to work it with."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from rekey.domain.errors import AlreadyExists
from rekey.domain.ids import OperatorId, OrganizationId
from rekey.domain.operator import Actor, KeyKind, Operator
from rekey.operations.act import Act
from rekey.operations.core import Core
from rekey.operations.found_organization import Founded, FoundOrganization, found_organization
from rekey.operations.issue_key import IssueKey, put_key
from rekey.ports.entropy import Entropy
from rekey.ports.store import UnitOfWork

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_NOT_A_KEY = ("at", "cst", "pk", "test")
_HINT = 4
_SPARE_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstKeys:
    """The secrets, shown once. `host` stays on the server's own machine, for its command line."""

    seam: str
    kisi: str
    rekey: str
    scim: str
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundedWithKeys:
    founded: Founded
    keys: FirstKeys


async def found_with_keys(
    core: Core, wanted: FoundOrganization, *, via: str, sandbox: bool = True
) -> FoundedWithKeys:
    """Found an organization with its owner, its service operators and their keys: all of it or nothing.

    The `kisi` key acts with the owner's own roles; `seam`, `rekey` and `host` as the organization's service;
    `scim` as an automation, which never lifts what an operator ended.
    Raises: AlreadyExists (domain), Invalid.
    """
    if await core.store.directory.organization_named(wanted.domain.lower()) is not None:
        raise AlreadyExists("organization", "domain")
    organization_id = OrganizationId(core.entropy.new_id())
    actor = Actor(
        organization_id=organization_id, operator_id=OperatorId(core.entropy.new_id()), key_id=None, via=via
    )
    keys = make_keys(core.entropy, sandbox=sandbox)
    work = partial(_found, core, actor, wanted, keys=keys)
    return FoundedWithKeys(founded=await core.store.act(organization_id, work), keys=keys)


def make_keys(entropy: Entropy, *, sandbox: bool) -> FirstKeys:
    """Make the secrets; each shape is what the clients of that API expect of a key."""
    return FirstKeys(
        seam=f"seam_{_first_part(entropy, sandbox=sandbox)}_{base58(entropy, 24)}",
        kisi=entropy.token_bytes(16).hex(),
        rekey=f"rekey_{entropy.token_bytes(32).hex()}",
        scim=f"scim_{entropy.token_bytes(32).hex()}",
        host=f"rekey_{entropy.token_bytes(32).hex()}",
    )


KEY_TARGETS = ("native", "kisi", "seam", "seam_personal")
"""What a key can be made for."""


def make_key(entropy: Entropy, target: str, *, sandbox: bool) -> tuple[str, str]:
    """Make a secret in the shape that the clients of an API expect, and name the API that takes it.

    Raises: ValueError for a target that is none of `KEY_TARGETS`.
    """
    match target:
        case "native":
            return f"rekey_{entropy.token_bytes(32).hex()}", "native"
        case "kisi":
            return entropy.token_bytes(16).hex(), "kisi"
        case "seam":
            return f"seam_{_first_part(entropy, sandbox=sandbox)}_{base58(entropy, 24)}", "seam"
        case "seam_personal":
            return f"seam_at1{base58(entropy, 8)}_{base58(entropy, 24)}", "seam"
        case _:
            raise ValueError(f"no keys are made for {target!r}")


def base58(entropy: Entropy, length: int) -> str:
    """Give random text without characters that look alike."""
    # So many spare bytes that no remainder is likelier than another by a measurable amount.
    number = int.from_bytes(entropy.token_bytes(length + _SPARE_BYTES), "big")
    letters = []
    for _ in range(length):
        number, digit = divmod(number, len(BASE58))
        letters.append(BASE58[digit])
    return "".join(letters)


def _first_part(entropy: Entropy, *, sandbox: bool) -> str:
    """The part by which clients tell kinds of keys apart, without a beginning that means another kind."""
    if sandbox:
        return f"test{base58(entropy, 4)}"
    part = base58(entropy, 8)
    while part.startswith(_NOT_A_KEY):
        part = base58(entropy, 8)
    return part


async def _found(
    core: Core, actor: Actor, wanted: FoundOrganization, unit: UnitOfWork, *, keys: FirstKeys
) -> Founded:
    act = core.act_for(unit, actor, None)
    founded = await found_organization(act, wanted)
    directory = Operator(
        id=OperatorId(act.new_id()),
        number=act.next_number(),
        name="SCIM directory",
        is_automation=True,
        created_at=act.now,
    )
    await unit.operators.add(directory)
    owner, service = founded.owner_operator.id, founded.service.id
    holders = {"kisi": owner, "seam": service, "rekey": service, "host": service, "scim": directory.id}
    await _put_keys(core, act, keys, holders)
    return founded


async def _put_keys(core: Core, act: Act, keys: FirstKeys, holders: Mapping[str, OperatorId]) -> None:
    for name, holder in holders.items():
        secret: str = getattr(keys, name)
        await put_key(
            act,
            IssueKey(
                operator_id=holder,
                kind=KeyKind.SCIM if name == "scim" else KeyKind.API_KEY,
                name="this machine's command line" if name == "host" else f"first {name} key",
                via="native" if name in {"rekey", "host"} else name,
                secret_fingerprint=core.secrets.fingerprint(secret),
                hint=secret[-_HINT:],
            ),
        )
