"""What holds for every tree: proofs verify, and no altered proof does."""

from collections.abc import Iterator
from hashlib import sha256

from hypothesis import assume, given
from hypothesis import strategies as st

from rekey.domain.merkle import (
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

Proof = tuple[bytes, ...]


def leaves_of(count: int) -> list[bytes]:
    return [leaf_hash(number.to_bytes(4, "big")) for number in range(count)]


@st.composite
def leaf_and_size(draw: st.DrawFn) -> tuple[int, int]:
    size = draw(st.integers(1, 70))
    return draw(st.integers(0, size - 1)), size


@st.composite
def two_sizes(draw: st.DrawFn) -> tuple[int, int]:
    new = draw(st.integers(2, 70))
    return draw(st.integers(1, new - 1)), new


def altered(hashes: Proof, at: int, bit: int) -> Proof:
    """Flip one bit of the proof, seen as one run of bytes."""
    changed = bytearray(b"".join(hashes))
    changed[at % len(changed)] ^= 1 << bit
    return tuple(bytes(changed[start : start + 32]) for start in range(0, len(changed), 32))


def misshapen(proof: Proof, extra: bytes) -> Iterator[Proof]:
    yield (*proof, extra)
    yield (extra, *proof)
    yield (*proof, b"")
    if proof:
        yield proof[:-1]
        yield proof[1:]
        yield (proof[0], *proof)


@given(leaf_and_size())
def test_every_inclusion_proof_verifies(case: tuple[int, int]) -> None:
    index, size = case
    leaves = leaves_of(size)
    proof = inclusion_proof(leaves, index)
    assert verify_inclusion(leaves[index], proof, index=index, size=size, root=root_of(leaves))


@given(leaf_and_size(), st.integers(0, 2**16), st.integers(0, 7))
def test_an_inclusion_proof_with_one_bit_flipped_fails(case: tuple[int, int], at: int, bit: int) -> None:
    index, size = case
    leaves = leaves_of(size)
    root = root_of(leaves)
    leaf, *proof = altered((leaves[index], *inclusion_proof(leaves, index)), at, bit)
    assert not verify_inclusion(leaf, proof, index=index, size=size, root=root)


@given(leaf_and_size(), st.integers(-1, 70))
def test_an_inclusion_proof_holds_for_no_other_index(case: tuple[int, int], other: int) -> None:
    index, size = case
    assume(other != index)
    leaves = leaves_of(size)
    proof = inclusion_proof(leaves, index)
    assert not verify_inclusion(leaves[index], proof, index=other, size=size, root=root_of(leaves))


@given(leaf_and_size())
def test_an_inclusion_proof_of_the_wrong_length_fails(case: tuple[int, int]) -> None:
    index, size = case
    leaves = leaves_of(size)
    root = root_of(leaves)
    for proof in misshapen(inclusion_proof(leaves, index), root):
        assert not verify_inclusion(leaves[index], proof, index=index, size=size, root=root)


@given(two_sizes())
def test_every_consistency_proof_verifies(sizes: tuple[int, int]) -> None:
    old, new = sizes
    leaves = leaves_of(new)
    proof = consistency_proof(leaves, old)
    assert verify_consistency(
        proof, old_size=old, old_root=root_of(leaves[:old]), new_size=new, new_root=root_of(leaves)
    )


@given(two_sizes(), st.integers(0, 2**16), st.integers(0, 7))
def test_a_consistency_proof_with_one_bit_flipped_fails(sizes: tuple[int, int], at: int, bit: int) -> None:
    old, new = sizes
    leaves = leaves_of(new)
    whole = (root_of(leaves[:old]), root_of(leaves), *consistency_proof(leaves, old))
    old_root, new_root, *proof = altered(whole, at, bit)
    assert not verify_consistency(proof, old_size=old, old_root=old_root, new_size=new, new_root=new_root)


@given(two_sizes())
def test_a_consistency_proof_of_the_wrong_length_fails(sizes: tuple[int, int]) -> None:
    old, new = sizes
    leaves = leaves_of(new)
    old_root, new_root = root_of(leaves[:old]), root_of(leaves)
    for proof in misshapen(consistency_proof(leaves, old), new_root):
        assert not verify_consistency(proof, old_size=old, old_root=old_root, new_size=new, new_root=new_root)


@given(two_sizes(), st.data())
def test_a_tree_that_changed_an_old_leaf_has_no_consistency_proof(
    sizes: tuple[int, int], data: st.DataObject
) -> None:
    old, new = sizes
    leaves = leaves_of(new)
    old_root = root_of(leaves[:old])
    leaves[data.draw(st.integers(0, old - 1))] = leaf_hash(b"another row")
    proof = consistency_proof(leaves, old)
    assert not verify_consistency(
        proof, old_size=old, old_root=old_root, new_size=new, new_root=root_of(leaves)
    )


@given(st.integers(0, 200))
def test_a_frontier_grows_to_the_same_root_and_survives_storage(size: int) -> None:
    frontier = Frontier()
    for leaf in leaves_of(size):
        frontier = Frontier.from_bytes(frontier.append(leaf).to_bytes())
    assert frontier == Frontier().extend(leaves_of(size))
    assert frontier.root() == recursive_root(leaves_of(size))


def recursive_root(leaves: list[bytes]) -> bytes:
    """The definition of RFC 9162, section 2.1.1, written as it stands there."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else sha256(b"").digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + recursive_root(leaves[:split]) + recursive_root(leaves[split:])).digest()
