"""What only this API knows of a thing, kept beside it. Nothing here decides who may pass."""

from collections.abc import Iterable, Mapping

from rekey.dialects.kisi.attributes import Attributes
from rekey.domain.document import DocumentBody, DocumentValue
from rekey.operations.annotate import Annotate, AnnotatedKind, annotate, annotation_of, annotations_of
from rekey.operations.do_together import Step
from rekey.ports.store import View

NAMESPACE = "kisi"
Notes = Mapping[str, DocumentValue]

_MOST_KEYS = 50
_LONGEST_KEY = 50
_LONGEST_VALUE = 500


async def notes_of(view: View, thing_id: str) -> DocumentBody:
    return await annotation_of(view, NAMESPACE, thing_id)


async def notes_of_all(view: View, ids: Iterable[str]) -> dict[str, DocumentBody]:
    return await annotations_of(view, NAMESPACE, ids)


def note(kind: AnnotatedKind, thing_id: str, changes: DocumentBody) -> tuple[Step, ...]:
    """Give the step that notes the changes beside a thing; none where nothing changes."""
    wanted = Annotate(kind=kind, id=thing_id, namespace=NAMESPACE, changes=changes)
    return (Step(operation=annotate, wanted=wanted),) if changes else ()


def note_beside_new(kind: AnnotatedKind, changes: DocumentBody) -> tuple[Step, ...]:
    """Give the step that notes members beside the thing that the first step makes."""
    kept: DocumentBody = {name: value for name, value in changes.items() if value is not None}
    if not kept:
        return ()
    return (
        Step(
            operation=annotate,
            make=lambda made: Annotate(kind=kind, id=made.id, namespace=NAMESPACE, changes=kept),
        ),
    )


def texts_of(attributes: Attributes, *names: str) -> DocumentBody:
    """Read the texts that were sent; null and blanks take theirs away."""
    return {name: attributes.text(name) for name in names if attributes.has(name)}


def metadata_of(attributes: Attributes) -> DocumentBody:
    """Read `metadata`: a flat map of at most 50 keys; null takes it away. Source: contract section 3.1."""
    if not attributes.has("metadata"):
        return {}
    given = attributes.tree("metadata")
    if given is None:
        return {"metadata": None}
    if len(given) > _MOST_KEYS or any(len(key) > _LONGEST_KEY for key in given):
        attributes.refuse("metadata", "takes at most 50 keys of at most 50 characters")
    if any(isinstance(value, list | dict) for value in given.values()):
        attributes.refuse("metadata", "must be flat")
    if any(isinstance(value, str) and len(value) > _LONGEST_VALUE for value in given.values()):
        attributes.refuse("metadata", "takes values of at most 500 characters")
    return {"metadata": given}


def text_in(notes: Notes, name: str) -> str | None:
    value = notes.get(name)
    return value if isinstance(value, str) else None
