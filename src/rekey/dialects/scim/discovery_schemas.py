"""The schemas of the discovery documents themselves. Source: RFC 7643 section 8.7.2."""

from typing import Any

from rekey.dialects.scim.schema import Attribute, Mutability, Schema, Type

_CORE = "urn:ietf:params:scim:schemas:core:2.0"
CONFIG_URN = f"{_CORE}:ServiceProviderConfig"
RESOURCE_TYPE_URN = f"{_CORE}:ResourceType"
SCHEMA_URN = f"{_CORE}:Schema"


def _says(name: str, description: str, **more: Any) -> Attribute:
    return Attribute(name=name, description=description, mutability=Mutability.READ_ONLY, **more)


def _flag(name: str, description: str) -> Attribute:
    return _says(name, description, type=Type.BOOLEAN, required=True)


def _whole(name: str, description: str) -> Attribute:
    return _says(name, description, type=Type.INTEGER, required=True)


def _link(name: str, description: str, *refers: str, required: bool = False) -> Attribute:
    kinds = refers or ("external",)
    return _says(name, description, type=Type.REFERENCE, case_exact=True, refers=kinds, required=required)


def _parts(name: str, description: str, *parts: Attribute, many: bool = False) -> Attribute:
    return _says(name, description, type=Type.COMPLEX, required=True, many=many, parts=parts)


def _feature(name: str, description: str, *more: Attribute) -> Attribute:
    return _parts(name, description, _flag("supported", "Whether it is there."), *more)


CONFIG_SCHEMA = Schema(
    urn=CONFIG_URN,
    name="ServiceProviderConfig",
    description="The features of this server.",
    attributes=(
        _link("documentationUri", "Where more is written."),
        _feature("patch", "Changing parts of a resource."),
        _feature(
            "bulk",
            "Several requests in one.",
            _whole("maxOperations", "How many."),
            _whole("maxPayloadSize", "How many bytes."),
        ),
        _feature("filter", "Lists by a filter.", _whole("maxResults", "How many in one page.")),
        _feature("changePassword", "Changing passwords."),
        _feature("sort", "Lists in an order."),
        _feature("etag", "Versions of resources."),
        _parts(
            "authenticationSchemes",
            "How to sign in.",
            _says("type", "The scheme.", required=True, values=("oauthbearertoken",)),
            _says("name", "Its name.", required=True),
            _says("description", "What it is.", required=True),
            _link("specUri", "Where it is specified."),
            _link("documentationUri", "Where more is written."),
            _says("primary", "Whether it is the preferred one.", type=Type.BOOLEAN),
            many=True,
        ),
    ),
)
RESOURCE_TYPE_SCHEMA = Schema(
    urn=RESOURCE_TYPE_URN,
    name="ResourceType",
    description="A kind of resource.",
    attributes=(
        _says("id", "Its id."),
        _says("name", "Its name.", required=True),
        _says("description", "What it is."),
        _link("endpoint", "Where its resources are.", "uri", required=True),
        _link("schema", "Its schema.", "uri", required=True),
        _says(
            "schemaExtensions",
            "Its extensions.",
            type=Type.COMPLEX,
            many=True,
            parts=(
                _link("schema", "The schema of the extension.", "uri", required=True),
                _flag("required", "Whether a resource must have it."),
            ),
        ),
    ),
)
_ATTRIBUTE_PARTS = (
    _says("name", "Its name.", required=True, case_exact=True),
    _says("type", "Its type.", required=True, values=tuple(one.value for one in Type)),
    _flag("multiValued", "Whether it has several values."),
    _says("description", "What it is."),
    _flag("required", "Whether a resource must have it."),
    _says("canonicalValues", "Usual values.", many=True, case_exact=True),
    _says("caseExact", "Whether case counts.", type=Type.BOOLEAN),
    _says("mutability", "Who may write it.", required=True, case_exact=True),
    _says("returned", "When it is shown.", required=True, case_exact=True),
    _says("uniqueness", "How unique it is.", case_exact=True),
    _says("referenceTypes", "What it can refer to.", many=True, case_exact=True),
)
SCHEMA_SCHEMA = Schema(
    urn=SCHEMA_URN,
    name="Schema",
    description="A set of attributes.",
    attributes=(
        _says("id", "Its URN.", required=True),
        _says("name", "Its name.", required=True),
        _says("description", "What it is."),
        _parts(
            "attributes",
            "Its attributes.",
            *_ATTRIBUTE_PARTS,
            _says("subAttributes", "Their parts.", type=Type.COMPLEX, many=True, parts=_ATTRIBUTE_PARTS),
            many=True,
        ),
    ),
)
