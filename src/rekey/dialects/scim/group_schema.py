"""The Group, which is a team of people. Source: RFC 7643 sections 4.2 and 8.7.1."""

from rekey.dialects.scim.schema import Attribute, Mutability, ResourceKind, Returned, Schema, Type, text

GROUP_URN = "urn:ietf:params:scim:schemas:core:2.0:Group"
MEMBERS = Attribute(
    name="members",
    description="The people in the group; no groups within groups.",
    type=Type.COMPLEX,
    many=True,
    parts=(
        text("value", "The id of the user.", case_exact=True, mutability=Mutability.IMMUTABLE),
        text(
            "$ref",
            "Where the user is.",
            type=Type.REFERENCE,
            case_exact=True,
            mutability=Mutability.IMMUTABLE,
            refers=("User",),
        ),
        text("type", "What is in the group.", mutability=Mutability.IMMUTABLE, values=("User",)),
        text(
            "display",
            "The name of the user, where it is asked for.",
            mutability=Mutability.READ_ONLY,
            returned=Returned.REQUEST,
        ),
    ),
)
GROUP_SCHEMA = Schema(
    urn=GROUP_URN,
    name="Group",
    description="A team of people.",
    attributes=(
        Attribute(
            name="displayName",
            description="The name of the group, unique whatever its case.",
            required=True,
            uniqueness="server",
        ),
        MEMBERS,
    ),
)
GROUP = ResourceKind(name="Group", plural="Groups", description="A team of people.", schema=GROUP_SCHEMA)
