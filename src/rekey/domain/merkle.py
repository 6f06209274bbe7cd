"""The Merkle tree over the journal: leaf hashes in, roots and proofs out.

Everywhere below a `leaf` is what `leaf_hash` gave, never the row itself. Proofs are tuples of hashes,
nearest the leaf first. Source: RFC 9162, section 2.1, with SHA-256.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()

_SIZE_BYTES = 8


def leaf_hash(data: bytes) -> bytes:
    """Give the hash of one entry; its prefix keeps an entry from passing as an inner node."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Give the hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """All that is needed to go on growing a tree: its size and the roots of its full subtrees, largest first.

    One hash stands for each 1 in the binary form of the size. Raises: ValueError if the two don't fit.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.size < 1 << 8 * _SIZE_BYTES:
            raise ValueError("the size of a tree is at least 0 and fits 64 bits")
        if len(self.hashes) != self.size.bit_count() or not all(map(_is_hash, self.hashes)):
            raise ValueError(
                "a frontier holds one hash of 32 bytes for each 1 in the binary form of its size"
            )

    def append(self, leaf: bytes) -> Self:
        """Give the frontier after one more leaf; one node hash on average."""
        return self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> Self:
        """Give the frontier after more leaves, in their order."""
        stack = list(self.hashes)
        size = self.size
        for leaf in leaves:
            _push(stack, size, leaf)
            size += 1
        return type(self)(size, tuple(stack))

    def root(self) -> bytes:
        """Give the root hash of the tree."""
        return _fold(self.hashes)

    def to_bytes(self) -> bytes:
        """Give the size as 8 big-endian bytes, then the hashes."""
        return self.size.to_bytes(_SIZE_BYTES, "big") + b"".join(self.hashes)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read what `to_bytes` gave. Raises: ValueError for anything else."""
        if len(data) < _SIZE_BYTES:
            raise ValueError("a frontier starts with 8 bytes of size")
        hashes = tuple(data[at : at + HASH_BYTES] for at in range(_SIZE_BYTES, len(data), HASH_BYTES))
        return cls(int.from_bytes(data[:_SIZE_BYTES], "big"), hashes)


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Give the root of the tree with these leaves."""
    return Frontier().extend(leaves).root()


def inclusion_ranges(index: int, size: int) -> tuple[tuple[int, int], ...]:
    """Give the [start, end) leaf ranges whose roots prove that the leaf `index` is in a tree of `size`.

    A store that keeps subtree roots can answer a proof from these without reading every leaf.
    Raises: IndexError if the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise IndexError("no such leaf in a tree of this size")
    ranges: list[tuple[int, int]] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _largest_power_below(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return tuple(reversed(ranges))


def consistency_ranges(old_size: int, size: int) -> tuple[tuple[int, int], ...]:
    """Give the [start, end) leaf ranges whose roots prove that a tree of `size` only adds to one of `old_size`.

    The empty tree and the tree itself need no proof. Raises: IndexError if the old tree is the larger one.
    """
    if not 0 <= old_size <= size:
        raise IndexError("the old tree cannot be larger than the new one")
    if old_size == 0:
        return ()
    ranges: list[tuple[int, int]] = []
    start, end = 0, size
    while old_size != end:
        middle = start + _largest_power_below(end - start)
        if old_size <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    if start > 0:
        # Only a subtree that starts at the first leaf is the old tree itself, whose root the verifier has.
        ranges.append((start, end))
    return tuple(reversed(ranges))


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Give the proof that the leaf `index` is in the tree of all leaves. Raises: IndexError without such a leaf."""
    return tuple(root_of(leaves[start:end]) for start, end in inclusion_ranges(index, len(leaves)))


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> tuple[bytes, ...]:
    """Give the proof that the tree of all leaves only adds to that of the first `old_size`.

    Raises: IndexError if there are fewer leaves than that.
    """
    return tuple(root_of(leaves[start:end]) for start, end in consistency_ranges(old_size, len(leaves)))


def verify_inclusion(leaf: bytes, proof: Sequence[bytes], *, index: int, size: int, root: bytes) -> bool:
    """Say whether the proof leads from the leaf at `index` to the root of a tree of `size`.

    Source: RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size or not all(map(_is_hash, (leaf, root, *proof))):
        return False
    node, last, result = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            result = node_hash(sibling, result)
            node, last = _skip_absent_siblings(node, last)
        else:
            result = node_hash(result, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and result == root


def verify_consistency(
    proof: Sequence[bytes], *, old_size: int, old_root: bytes, new_size: int, new_root: bytes
) -> bool:
    """Say whether the proof shows that the new tree holds the old one unchanged, as its beginning.

    Every tree continues the empty one. Source: RFC 9162, section 2.1.4.2.
    """
    if not 0 <= old_size <= new_size or not all(map(_is_hash, (old_root, new_root, *proof))):
        return False
    if old_size == new_size:
        return not proof and old_root == new_root and (old_size > 0) == (old_root != EMPTY_ROOT)
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    path = list(proof) if old_size & (old_size - 1) else [old_root, *proof]
    if not path:
        return False
    roots = _roots_along(path, old_size - 1, new_size - 1)
    return roots == (old_root, new_root)


def _roots_along(path: Sequence[bytes], node: int, last: int) -> tuple[bytes, bytes] | None:
    """Walk up both trees at once and give their roots, or None if the path has the wrong length."""
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return None
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            node, last = _skip_absent_siblings(node, last)
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    return (old, new) if last == 0 else None


def _skip_absent_siblings(node: int, last: int) -> tuple[int, int]:
    """Climb past the levels where the last node has no sibling and moves up as it is."""
    while node and not node & 1:
        node, last = node >> 1, last >> 1
    return node, last


def _push(stack: list[bytes], size: int, leaf: bytes) -> None:
    """Add a leaf to the subtree roots of a tree of `size`, joining every pair of equal height."""
    if not _is_hash(leaf):
        raise ValueError("a leaf is a hash of 32 bytes, as leaf_hash gives it")
    joined = leaf
    while size & 1:
        joined = node_hash(stack.pop(), joined)
        size >>= 1
    stack.append(joined)


def _fold(hashes: Sequence[bytes]) -> bytes:
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def _largest_power_below(count: int) -> int:
    """Give the largest power of two below `count`, which is at least 2."""
    return 1 << (count - 1).bit_length() - 1


def _is_hash(value: bytes) -> bool:
    return len(value) == HASH_BYTES
