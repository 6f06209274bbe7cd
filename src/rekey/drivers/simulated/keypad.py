"""What the keypad and the reader of one simulated door know, and how that follows from the door's list."""

from collections.abc import Collection, Iterable, Mapping

from rekey.domain.credential import CredentialKind
from rekey.domain.door_credentials import FoundCredential, ListedCredential, listed_rights
from rekey.drivers.simulated.errors import CodeUnfit, KeypadFull
from rekey.ports.door_driver import KeypadLimits, Reading


class Keypad:
    """Knows by the clear text what the server knows by fingerprints; a code that does not fit is left out.

    Each credential has a slot of its own, which stays the same when somebody changes its code by hand.
    """

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._known: dict[str, ListedCredential] = {}
        self._holders: dict[str, str] = {}
        self._altered: dict[str, str] = {}

    @property
    def credentials(self) -> frozenset[str]:
        """Name the credentials that the hardware knows as they were programmed."""
        return frozenset(self._known.keys() - self._altered.keys())

    @property
    def altered(self) -> dict[str, str]:
        """Give the slots that somebody has changed by hand, with the codes that they have now."""
        return dict(self._altered)

    def change_by_hand(self, old: str, new: str) -> None:
        """Change the slot that has this code; without any such slot nothing happens."""
        for id_, known in self._known.items():
            if known.kind is CredentialKind.PIN and self._text_of(id_, known) == old:
                self._altered[id_] = new
                return

    def follow(
        self,
        people: Mapping[str, str],
        readings: Mapping[str, str],
        limits: KeypadLimits,
        *,
        written: Collection[str],
        keeps: bool,
    ) -> None:
        """Know exactly what the list names; with `keeps` also what it named before.

        The slots of the holders who are `written` are programmed anew, whatever was changed there by hand.

        Raises: CodeUnfit, KeypadFull; all that could be programmed was, and all that had to go is gone.
        """
        self._texts |= readings
        wanted = {listed.id: (holder_id, listed) for holder_id, listed in _listed(people)}
        if not keeps:
            self._known = {id_: known for id_, known in self._known.items() if id_ in wanted}
        unfit, left_out = [], []
        for id_, (holder_id, listed) in wanted.items():
            text = self._texts.get(listed.fingerprint)
            if text is None or (listed.kind is CredentialKind.PIN and len(text) not in limits.lengths):
                self._known.pop(id_, None)
                unfit.append(id_)
            elif id_ not in self._known and self._is_full(listed, limits):
                left_out.append(id_)
            else:
                self._known[id_], self._holders[id_] = listed, holder_id
            if holder_id in written:
                self._altered.pop(id_, None)
        self._altered = {id_: text for id_, text in self._altered.items() if id_ in self._known}
        if not keeps:
            self._forget_texts()
        if unfit:
            raise CodeUnfit(unfit)
        if left_out:
            raise KeypadFull(left_out, limits.most or 0)

    def find(self, people: Mapping[str, str], reading: Reading) -> FoundCredential | None:
        """Find what was read among what the hardware knows, and its holder's terms as the list has them."""
        for id_, known in self._known.items():
            if known.kind is reading.kind and self._text_of(id_, known) == reading.text:
                holder_id = self._holders[id_]
                return FoundCredential(holder_id, people.get(holder_id, ""), known)
        return None

    def second_of(self, listed: ListedCredential, reading: Reading) -> str:
        """Give the fingerprint of the PIN typed beside it, or a text that is no fingerprint."""
        typed = self._texts.get(listed.second_fingerprint)
        return listed.second_fingerprint if typed is not None and typed == reading.second else ""

    def _text_of(self, id_: str, known: ListedCredential) -> str | None:
        return self._altered.get(id_) or self._texts.get(known.fingerprint)

    def _is_full(self, listed: ListedCredential, limits: KeypadLimits) -> bool:
        codes = sum(known.kind is CredentialKind.PIN for known in self._known.values())
        return listed.kind is CredentialKind.PIN and limits.most is not None and codes >= limits.most

    def _forget_texts(self) -> None:
        """Keep no secret that nothing on the list needs."""
        needed = {known.fingerprint for known in self._known.values()}
        needed |= {known.second_fingerprint for known in self._known.values()}
        self._texts = {
            fingerprint: text for fingerprint, text in self._texts.items() if fingerprint in needed
        }


def _listed(people: Mapping[str, str]) -> Iterable[tuple[str, ListedCredential]]:
    for holder_id, terms in people.items():
        if '"credentials"' not in terms:
            continue
        try:
            rights = listed_rights(terms)
        except ValueError:
            continue  # unreadable terms open nothing
        for listed in rights.credentials:
            yield holder_id, listed
