"""Sound chains name their user; hostile chains prove nothing, each for its own reason."""

import subprocess
from base64 import b64encode
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from rekey.dialects.doordeck.cert_authority import USER_ID_OID, CertAuthority, encode_chain
from rekey.dialects.doordeck.cert_chain import ChainRefusal, ChainRefused, ChainVerifier, verify_chain
from rekey.webkit.keys import Ed25519Signer

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
USER = "5f1b3c1e-0000-4000-8000-000000000001"
PUBLIC = Ed25519Signer(bytes(range(32))).public_key
LEAF_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
SUBJECT = x509.Name([x509.NameAttribute(USER_ID_OID, USER)])
RSA_KEY = generate_private_key(65537, 2048)


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How a certificate is made; the defaults make a leaf that our verifier takes."""

    subject: x509.Name = SUBJECT
    issuer: x509.Name
    issuer_key: RSAPrivateKey
    key: Ed25519PrivateKey | RSAPrivateKey = LEAF_KEY
    ca: bool | None = False
    path_length: int | None = None
    signs: bool = True
    certifies: bool | None = None
    start: datetime = NOW - timedelta(days=1)
    end: datetime = NOW + timedelta(days=1)
    extra: x509.ExtensionType | None = None

    def make(self) -> bytes:
        builder = (
            x509.CertificateBuilder()
            .subject_name(self.subject)
            .issuer_name(self.issuer)
            .public_key(self.key.public_key())
            .serial_number(7)
            .not_valid_before(self.start)
            .not_valid_after(self.end)
        )
        if self.ca is not None:
            certifies = self.ca if self.certifies is None else self.certifies
            usage = (self.signs, False, False, False, False, certifies, False, False, False)
            builder = builder.add_extension(x509.BasicConstraints(self.ca, self.path_length), critical=True)
            builder = builder.add_extension(x509.KeyUsage(*usage), critical=True)
        if self.extra is not None:
            builder = builder.add_extension(self.extra, critical=True)
        return builder.sign(self.issuer_key, SHA256()).public_bytes(Encoding.DER)


@dataclass(frozen=True)
class World:
    authority: CertAuthority
    root_key: RSAPrivateKey

    @property
    def good(self) -> tuple[bytes, ...]:
        return self.authority.issue_leaf(USER, PUBLIC, now=NOW)

    @property
    def leaf(self) -> Recipe:
        return Recipe(issuer=self.authority.issuing.subject, issuer_key=self.authority.issuing_key)

    def with_leaf(self, **changes: Any) -> tuple[bytes, ...]:
        return (replace(self.leaf, **changes).make(), *self.good[1:])

    def below(self, path_length: int | None, **changes: Any) -> tuple[bytes, ...]:
        """Give a chain with one more authority, made with the root's key, between issuing and root."""
        middle = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "middle")])
        root = self.authority.root.subject
        base = Recipe(issuer=root, issuer_key=self.root_key, key=RSA_KEY, ca=True, subject=middle)
        low = replace(base, issuer=middle, issuer_key=RSA_KEY, subject=self.authority.issuing.subject)
        low = replace(low, key=self.authority.issuing_key)
        chain = (
            low.make(),
            replace(base, path_length=path_length, **changes).make(),
            self.authority.root_der,
        )
        return (self.leaf.make(), *chain)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    directory = tmp_path_factory.mktemp("world") / "ca"
    authority = CertAuthority.create(directory, now=NOW)
    root_key = load_pem_private_key((directory / "root.key").read_bytes(), password=None)
    assert isinstance(root_key, RSAPrivateKey)
    return World(authority, root_key)


def refusal_of(world: World, chain: tuple[bytes, ...], now: datetime = NOW) -> ChainRefusal:
    return refusal_of_wire(world, encode_chain(chain), now)


def refusal_of_wire(world: World, x5c: object, now: datetime = NOW) -> ChainRefusal:
    with pytest.raises(ChainRefused) as refused:
        verify_chain(x5c, root=world.authority.root_der, now=now)
    return refused.value.reason


def test_a_sound_chain_names_its_user_and_key(world: World) -> None:
    chain = world.good
    leaf = verify_chain(encode_chain(chain), root=world.authority.root_der, now=NOW)
    assert (leaf.user_id, leaf.public_key) == (USER, PUBLIC)
    assert leaf.serial == x509.load_der_x509_certificate(chain[0]).serial_number
    assert leaf.fingerprint == sha256(chain[0]).hexdigest()


def test_the_forge_of_these_tests_makes_a_leaf_that_passes(world: World) -> None:
    assert verify_chain(encode_chain(world.with_leaf()), root=world.authority.root_der, now=NOW).serial == 7


def test_the_root_may_issue_a_leaf_itself(world: World) -> None:
    root = world.authority.root_der
    direct = replace(world.leaf, issuer=world.authority.root.subject, issuer_key=world.root_key).make()
    assert verify_chain(encode_chain((direct, root)), root=root, now=NOW).user_id == USER


def test_a_self_signed_leaf_is_refused(world: World, tmp_path: Path) -> None:
    key, certificate = tmp_path / "key", tmp_path / "certificate"
    make = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ed25519",
        "-nodes",
        "-keyout",
        str(key),
        "-out",
        str(certificate),
    ]
    subprocess.run([*make, "-outform", "DER", "-subj", f"/2.5.4.45={USER}"], check=True, capture_output=True)
    own = certificate.read_bytes()
    assert refusal_of(world, (own, own)) is ChainRefusal.UNTRUSTED_ROOT
    assert refusal_of(world, (own, world.authority.root_der)) is ChainRefusal.BROKEN_LINK


def test_another_root_of_the_same_name_is_refused(world: World, tmp_path: Path) -> None:
    other = CertAuthority.create(tmp_path / "other", now=NOW)
    assert other.root.subject == world.authority.root.subject
    theirs = other.issue_leaf(USER, PUBLIC, now=NOW)
    assert refusal_of(world, theirs) is ChainRefusal.UNTRUSTED_ROOT
    assert refusal_of(world, (*theirs[:2], world.authority.root_der)) is ChainRefusal.BROKEN_LINK
    assert refusal_of(world, (theirs[0], *world.good[1:])) is ChainRefusal.BROKEN_LINK


def test_a_swapped_order_is_refused(world: World) -> None:
    leaf, issuing, root = world.good
    assert refusal_of(world, (issuing, leaf, root)) is ChainRefusal.BROKEN_LINK
    assert refusal_of(world, (leaf, root, issuing)) is ChainRefusal.UNTRUSTED_ROOT
    assert refusal_of(world, (root, issuing, leaf)) is ChainRefusal.UNTRUSTED_ROOT


def test_a_chain_with_a_gap_is_refused(world: World) -> None:
    leaf, _issuing, root = world.good
    assert refusal_of(world, (leaf, root)) is ChainRefusal.BROKEN_LINK


def test_an_authority_cannot_sign_operations(world: World) -> None:
    assert refusal_of(world, world.good[1:]) is ChainRefusal.LEAF_IS_AUTHORITY
    assert refusal_of(world, world.with_leaf(ca=True)) is ChainRefusal.LEAF_IS_AUTHORITY
    assert refusal_of(world, world.with_leaf(ca=True, certifies=False)) is ChainRefusal.LEAF_IS_AUTHORITY
    assert refusal_of(world, world.with_leaf(certifies=True)) is ChainRefusal.LEAF_IS_AUTHORITY


def test_a_leaf_cannot_issue_another_leaf(world: World) -> None:
    parent = replace(world.leaf, key=RSA_KEY)
    child = replace(world.leaf, issuer=parent.subject, issuer_key=RSA_KEY)
    assert (
        refusal_of(world, (child.make(), parent.make(), *world.good[1:])) is ChainRefusal.ISSUER_NOT_AUTHORITY
    )


def test_an_authority_without_the_right_to_certify_is_refused(world: World) -> None:
    for rights in ({"certifies": False}, {"ca": False, "certifies": True}):
        assert refusal_of(world, world.below(None, **rights)) is ChainRefusal.ISSUER_NOT_AUTHORITY


def test_a_name_that_its_issuer_does_not_have_is_refused(world: World) -> None:
    assert refusal_of(world, world.with_leaf(issuer=world.authority.root.subject)) is ChainRefusal.BROKEN_LINK


def test_a_path_longer_than_its_authority_allows_is_refused(world: World) -> None:
    # Here the root itself allows one authority below it, so a second one is too many.
    assert refusal_of(world, world.below(None)) is ChainRefusal.PATH_TOO_LONG
    assert refusal_of(world, world.below(0)) is ChainRefusal.PATH_TOO_LONG


def test_a_leaf_is_refused_outside_its_time(world: World) -> None:
    chain = world.good
    assert refusal_of(world, chain, NOW - timedelta(minutes=6)) is ChainRefusal.NOT_YET_VALID
    assert refusal_of(world, chain, NOW + timedelta(days=30, seconds=1)) is ChainRefusal.EXPIRED


def test_every_certificate_of_a_chain_must_have_begun(world: World) -> None:
    late = world.with_leaf(start=NOW + timedelta(hours=1))
    assert refusal_of(world, late) is ChainRefusal.NOT_YET_VALID
    older_than_its_issuer = world.with_leaf(start=NOW - timedelta(days=1))
    assert refusal_of(world, older_than_its_issuer, NOW - timedelta(hours=1)) is ChainRefusal.NOT_YET_VALID


def test_the_ends_of_the_time_belong_to_it(world: World) -> None:
    root, x5c = world.authority.root_der, encode_chain(world.good)
    for instant in (NOW - timedelta(minutes=5), NOW + timedelta(days=30)):
        assert verify_chain(x5c, root=root, now=instant).user_id == USER


def test_a_leaf_that_outlives_its_issuer_ends_with_it(world: World) -> None:
    chain = world.with_leaf(end=NOW + timedelta(days=365 * 30))
    assert refusal_of(world, chain, NOW + timedelta(days=365 * 11)) is ChainRefusal.EXPIRED


def test_a_leaf_with_another_kind_of_key_is_refused(world: World) -> None:
    assert refusal_of(world, world.with_leaf(key=RSA_KEY)) is ChainRefusal.LEAF_KEY_NOT_ED25519


def test_a_leaf_that_may_not_sign_is_refused(world: World) -> None:
    assert refusal_of(world, world.with_leaf(signs=False)) is ChainRefusal.LEAF_MAY_NOT_SIGN


@pytest.mark.parametrize("users", [0, 2])
def test_a_leaf_names_exactly_one_user(world: World, users: int) -> None:
    names = [x509.NameAttribute(x509.NameOID.COMMON_NAME, USER)]
    names += [x509.NameAttribute(USER_ID_OID, f"{USER}{number}") for number in range(users)]
    assert refusal_of(world, world.with_leaf(subject=x509.Name(names))) is ChainRefusal.NO_USER_ID


def test_a_certificate_that_states_no_rights_is_refused(world: World) -> None:
    assert refusal_of(world, world.with_leaf(ca=None)) is ChainRefusal.BAD_CERTIFICATE


def test_a_critical_extension_that_we_do_not_know_is_refused(world: World) -> None:
    extra = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
    assert refusal_of(world, world.with_leaf(extra=extra)) is ChainRefusal.BAD_CERTIFICATE


@pytest.mark.parametrize("count", [0, 1, 6, 50])
def test_other_lengths_are_refused_before_anything_is_parsed(world: World, count: int) -> None:
    chain = encode_chain(world.good)
    assert refusal_of_wire(world, (chain * 20)[:count]) is ChainRefusal.WRONG_LENGTH


@pytest.mark.parametrize(
    "x5c", [None, "AAAA", {"0": "AAAA"}, ["AAAA", 1], ["AAAA", None], ["A" * 9000, "A"], ["\u00e9", "A"]]
)
def test_what_is_no_list_of_short_texts_is_refused(world: World, x5c: object) -> None:
    assert refusal_of_wire(world, x5c) is ChainRefusal.NOT_A_CHAIN


def test_other_spellings_of_a_certificate_are_refused(world: World) -> None:
    leaf, *rest = encode_chain(world.good)
    bare = leaf.rstrip("=")
    spellings = [
        f"{leaf}\n",
        f" {leaf}",
        f"{leaf}=",
        f"{leaf[:64]}\n{leaf[64:]}",
        bare + "====",
        "-" + leaf[1:],
    ]
    for text in spellings:
        assert refusal_of_wire(world, [text, *rest]) is ChainRefusal.BAD_BASE64


def test_junk_and_trailing_bytes_are_no_certificate(world: World) -> None:
    leaf, *rest = world.good
    for junk in (b"", b"junk", leaf[:-1], leaf + b"\x00"):
        assert refusal_of(world, (junk, *rest)) is ChainRefusal.BAD_CERTIFICATE


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_chain_with_any_one_bit_flipped_proves_nothing(world: World, which: int) -> None:
    chain = list(world.good)
    der = chain[which]
    for bit in range(len(der) * 8):
        changed = bytearray(der)
        changed[bit // 8] ^= 1 << bit % 8
        chain[which] = bytes(changed)
        assert refusal_of(world, tuple(chain)) in ChainRefusal


def test_a_certificate_of_an_unknown_version_is_refused(world: World) -> None:
    leaf, *rest = world.good
    assert leaf[8:13].hex() == "a003020102"
    assert refusal_of(world, (leaf[:12] + b"\x06" + leaf[13:], *rest)) is ChainRefusal.BAD_CERTIFICATE


def test_a_signature_with_bits_marked_unused_is_refused(world: World) -> None:
    for leaf, *rest in (world.good for _ in range(16)):
        changed = bytearray(leaf)
        changed[-257] = 1
        assert refusal_of(world, (bytes(changed), *rest)) is ChainRefusal.BAD_CERTIFICATE


def test_every_refusal_has_a_message_without_the_chain() -> None:
    assert all("chain refused" in str(ChainRefused(reason)) for reason in ChainRefusal)


def test_a_remembered_chain_is_still_refused_outside_its_time(world: World) -> None:
    verifier = ChainVerifier(world.authority.root_der)
    x5c = encode_chain(world.good)
    first = verifier.verify(x5c, now=NOW)
    assert verifier.verify(x5c, now=NOW) is first
    for instant, reason in (
        (NOW + timedelta(days=31), ChainRefusal.EXPIRED),
        (NOW - timedelta(days=1), ChainRefusal.NOT_YET_VALID),
    ):
        with pytest.raises(ChainRefused) as refused:
            verifier.verify(x5c, now=instant)
        assert refused.value.reason is reason
    assert verifier.verify(x5c, now=NOW) is first


def test_a_remembered_chain_does_not_vouch_for_another_spelling(world: World) -> None:
    verifier = ChainVerifier(world.authority.root_der)
    leaf, issuing, root = encode_chain(world.good)
    verifier.verify([leaf, issuing, root], now=NOW)
    for x5c in ([f"{leaf}\n{issuing}", root], [leaf, f"{issuing}\n{root}"], [leaf, issuing, root, root]):
        with pytest.raises(ChainRefused):
            verifier.verify(x5c, now=NOW)


def test_the_memory_is_bounded_and_drops_what_was_not_used_for_longest(world: World) -> None:
    verifier = ChainVerifier(world.authority.root_der, capacity=2)
    chains = [encode_chain(world.good) for _ in range(3)]
    first = verifier.verify(chains[0], now=NOW)
    second = verifier.verify(chains[1], now=NOW)
    assert verifier.verify(chains[0], now=NOW) is first
    verifier.verify(chains[2], now=NOW)
    assert verifier.verify(chains[0], now=NOW) is first
    assert verifier.verify(chains[1], now=NOW) is not second


def test_a_refused_chain_is_not_remembered(world: World) -> None:
    verifier = ChainVerifier(world.authority.root_der, capacity=1)
    x5c = encode_chain(world.good)
    first = verifier.verify(x5c, now=NOW)
    with pytest.raises(ChainRefused):
        verifier.verify([b64encode(b"junk").decode(), *x5c[1:]], now=NOW)
    assert verifier.verify(x5c, now=NOW) is first
