"""The tree against the known vectors of Certificate Transparency (RFC 6962 and RFC 9162 hash alike)."""

import pytest

from rekey.domain.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

ENTRIES = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
LEAVES = tuple(leaf_hash(bytes.fromhex(entry)) for entry in ENTRIES)
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
INCLUSION = {
    (0, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (5, 8): (
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 3): ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",),
    (1, 5): (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}
CONSISTENCY = {
    (1, 1): (),
    (1, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (6, 8): (
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 5): (
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
    (6, 7): (
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
}


def known_root(size: int) -> bytes:
    return bytes.fromhex(ROOTS[size - 1])


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert root_of(()).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert Frontier().root() == EMPTY_ROOT


@pytest.mark.parametrize("size", range(1, 9))
def test_each_root_is_the_known_one(size: int) -> None:
    assert root_of(LEAVES[:size]) == known_root(size)


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_an_inclusion_proof_is_the_known_one_and_verifies(index: int, size: int) -> None:
    proof = inclusion_proof(LEAVES[:size], index)
    assert tuple(map(bytes.hex, proof)) == INCLUSION[index, size]
    assert verify_inclusion(LEAVES[index], proof, index=index, size=size, root=known_root(size))


@pytest.mark.parametrize(("old", "new"), CONSISTENCY)
def test_a_consistency_proof_is_the_known_one_and_verifies(old: int, new: int) -> None:
    proof = consistency_proof(LEAVES[:new], old)
    assert tuple(map(bytes.hex, proof)) == CONSISTENCY[old, new]
    assert verify_consistency(
        proof, old_size=old, old_root=known_root(old), new_size=new, new_root=known_root(new)
    )


def test_a_tree_of_one_leaf_needs_no_proof() -> None:
    assert verify_inclusion(LEAVES[0], (), index=0, size=1, root=LEAVES[0])


def test_a_leaf_cannot_pass_as_an_inner_node() -> None:
    assert leaf_hash(LEAVES[0] + LEAVES[1]) != node_hash(LEAVES[0], LEAVES[1])


def test_every_tree_continues_the_empty_one() -> None:
    assert verify_consistency((), old_size=0, old_root=EMPTY_ROOT, new_size=8, new_root=known_root(8))
    assert consistency_proof(LEAVES, 0) == ()


@pytest.mark.parametrize(
    ("old", "new", "old_root", "new_root"),
    [
        (0, 8, known_root(1), known_root(8)),
        (0, 0, known_root(1), known_root(1)),
        (1, 1, EMPTY_ROOT, EMPTY_ROOT),
        (1, 1, known_root(1), known_root(2)),
        (2, 1, known_root(2), known_root(1)),
        (1, 2, known_root(1), known_root(2)),
        (3, 8, known_root(3), known_root(8)),
        (-1, 8, EMPTY_ROOT, known_root(8)),
        (1, 1, b"short", b"short"),
    ],
)
def test_no_proof_at_all_shows_nothing_between_different_trees(
    old: int, new: int, old_root: bytes, new_root: bytes
) -> None:
    assert not verify_consistency((), old_size=old, old_root=old_root, new_size=new, new_root=new_root)


def test_a_proof_for_the_same_tree_must_be_empty() -> None:
    root = known_root(4)
    assert not verify_consistency((root,), old_size=4, old_root=root, new_size=4, new_root=root)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 8), (8, 8)])
def test_a_leaf_outside_the_tree_is_never_included(index: int, size: int) -> None:
    assert not verify_inclusion(LEAVES[0], (), index=index, size=size, root=LEAVES[0])
    with pytest.raises(IndexError):
        inclusion_proof(LEAVES[:size], index)


def test_a_proof_that_is_too_short_for_the_claimed_size_fails() -> None:
    pair = node_hash(LEAVES[0], LEAVES[1])
    assert verify_inclusion(LEAVES[0], LEAVES[1:2], index=0, size=2, root=pair)
    assert not verify_inclusion(LEAVES[0], LEAVES[1:2], index=0, size=3, root=pair)
    assert verify_consistency(LEAVES[1:2], old_size=1, old_root=LEAVES[0], new_size=2, new_root=pair)
    assert not verify_consistency(LEAVES[1:2], old_size=1, old_root=LEAVES[0], new_size=3, new_root=pair)


def test_a_proof_that_is_too_long_for_the_claimed_size_fails() -> None:
    # The third of four leaves cannot pass as the first of two, though its hashes lead to the root.
    proof = inclusion_proof(LEAVES[:4], 2)
    assert verify_inclusion(LEAVES[2], proof, index=2, size=4, root=known_root(4))
    assert not verify_inclusion(LEAVES[2], proof, index=0, size=2, root=known_root(4))


def test_a_larger_old_tree_has_no_proof() -> None:
    with pytest.raises(IndexError):
        consistency_proof(LEAVES[:3], 4)


def test_a_frontier_refuses_what_is_not_a_leaf_hash() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Frontier().append(b"the row itself")


@pytest.mark.parametrize("data", [b"", b"\x00" * 7, b"\x00" * 7 + b"\x01", b"\x00" * 39, b"\x00" * 40])
def test_a_frontier_refuses_bytes_that_are_none(data: bytes) -> None:
    with pytest.raises(ValueError, match="frontier"):
        Frontier.from_bytes(data)
