"""What a SCIM schema says: attributes with their types and rules, found by name whatever its case.

Source: RFC 7643 sections 2 and 7.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property


class Type(StrEnum):
    """JSON types with SCIM's refinements."""

    STRING = "string"
    BOOLEAN = "boolean"
    DECIMAL = "decimal"
    INTEGER = "integer"
    DATE_TIME = "dateTime"
    BINARY = "binary"
    REFERENCE = "reference"
    COMPLEX = "complex"


class Mutability(StrEnum):
    """Who may write an attribute, and when."""

    READ_ONLY = "readOnly"
    READ_WRITE = "readWrite"
    IMMUTABLE = "immutable"


class Returned(StrEnum):
    """When an attribute is shown."""

    ALWAYS = "always"
    DEFAULT = "default"
    REQUEST = "request"


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """One attribute. `unlisted` ones stand in no schema document; a complex one of them keeps any members."""

    name: str
    description: str
    type: Type = Type.STRING
    many: bool = False
    required: bool = False
    case_exact: bool = False
    mutability: Mutability = Mutability.READ_WRITE
    returned: Returned = Returned.DEFAULT
    uniqueness: str = "none"
    values: tuple[str, ...] = ()
    refers: tuple[str, ...] = ()
    parts: tuple["Attribute", ...] = ()
    unlisted: bool = False

    @cached_property
    def _by_name(self) -> dict[str, "Attribute"]:
        return {part.name.lower(): part for part in self.parts}

    def part(self, name: str) -> "Attribute | None":
        return self._by_name.get(name.lower())

    @property
    def is_written(self) -> bool:
        return self.mutability is not Mutability.READ_ONLY


@dataclass(frozen=True, kw_only=True)
class Schema:
    """A named set of attributes."""

    urn: str
    name: str
    description: str
    attributes: tuple[Attribute, ...]

    @cached_property
    def _by_name(self) -> dict[str, Attribute]:
        return {attribute.name.lower(): attribute for attribute in self.attributes}

    def attribute(self, name: str) -> Attribute | None:
        return self._by_name.get(name.lower())


@dataclass(frozen=True, kw_only=True)
class ResourceKind:
    """A kind of resource: its schema, extensions, and the attributes that every kind has."""

    name: str
    plural: str
    description: str
    schema: Schema
    extensions: tuple[Schema, ...] = field(default=())

    @property
    def endpoint(self) -> str:
        return f"/{self.plural}"

    def extension(self, urn: str) -> Schema | None:
        return next((schema for schema in self.extensions if schema.urn.lower() == urn.lower()), None)

    def attribute(self, name: str) -> Attribute | None:
        """Find an attribute of the core schema, or one that every resource has."""
        return self.schema.attribute(name) or COMMON.attribute(name)


def text(name: str, description: str, *, case_exact: bool = False, **more: object) -> Attribute:
    return Attribute(name=name, description=description, case_exact=case_exact, **more)  # type: ignore[arg-type]  # the fields of Attribute


COMMON = Schema(
    urn="",
    name="Common",
    description="What every resource has.",
    attributes=(
        Attribute(
            name="id",
            description="Our own name of it, never used again.",
            case_exact=True,
            mutability=Mutability.READ_ONLY,
            returned=Returned.ALWAYS,
            uniqueness="server",
        ),
        Attribute(name="externalId", description="The directory's own name of it.", case_exact=True),
        Attribute(
            name="schemas",
            description="The schemas that are in use.",
            type=Type.REFERENCE,
            many=True,
            case_exact=True,
            mutability=Mutability.READ_ONLY,
            returned=Returned.ALWAYS,
        ),
        Attribute(
            name="meta",
            description="What the server knows of it.",
            type=Type.COMPLEX,
            mutability=Mutability.READ_ONLY,
            parts=(
                text("resourceType", "Its kind.", case_exact=True, mutability=Mutability.READ_ONLY),
                text("created", "When it was made.", type=Type.DATE_TIME, mutability=Mutability.READ_ONLY),
                text(
                    "lastModified",
                    "When it last changed.",
                    type=Type.DATE_TIME,
                    mutability=Mutability.READ_ONLY,
                ),
                text("location", "Where it is.", case_exact=True, mutability=Mutability.READ_ONLY),
                text("version", "Its version.", case_exact=True, mutability=Mutability.READ_ONLY),
            ),
        ),
    ),
)
