"""What the library says and takes over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from pmo_portal.common.guidance import BY_CODE
from portfolio.choices import KnowledgeLanguage, LabelKind
from portfolio.forms.library import WRITTEN_KINDS
from portfolio.models import KnowledgeVersion, SearchGap
from portfolio.services.library import Content


class LibraryItemOut(serializers.Serializer[Any]):
    """An item in a list; ``rating`` is damped and null while nobody rated."""

    id = serializers.IntegerField(source="item_pk")
    code = serializers.CharField()
    language = serializers.CharField()
    kind = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField()
    number = serializers.CharField(help_text="Version as people read it, such as 1.2.")
    state = serializers.CharField()
    published_on = serializers.DateField(allow_null=True)
    review_by = serializers.DateField(allow_null=True)
    rating = serializers.DecimalField(max_digits=5, decimal_places=4, allow_null=True)
    rating_count = serializers.IntegerField()
    projects = serializers.IntegerField(help_text="Projects that use a version of it.")
    tags = serializers.ListField(child=serializers.CharField())
    url = serializers.CharField()


class LibraryVersionOut(serializers.ModelSerializer[KnowledgeVersion]):
    """A version with its text."""

    id = serializers.IntegerField(source="item_id")
    code = serializers.CharField(source="item.code")
    language = serializers.CharField(source="item.language")
    kind = serializers.CharField(source="item.kind")
    labels = serializers.SerializerMethodField()
    file_name = serializers.SerializerMethodField()
    version = serializers.IntegerField(source="revision", help_text="Revision of a draft, for If-Match.")

    class Meta:
        model = KnowledgeVersion
        fields = [
            "id",
            "code",
            "language",
            "kind",
            "number",
            "state",
            "title",
            "summary",
            "body",
            "link",
            "file_name",
            "change_note",
            "published_on",
            "labels",
            "version",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.DictField(child=serializers.ListField(child=serializers.CharField())))
    def get_labels(self, version: KnowledgeVersion) -> dict[str, list[str]]:
        """Return tags, roles, methodologies and places of the portal it is shown beside."""
        names = {
            LabelKind.TAG: "tags",
            LabelKind.ROLE: "roles",
            LabelKind.METHODOLOGY: "methodologies",
            LabelKind.PLACE: "places",
        }
        found: dict[str, list[str]] = {name: [] for name in names.values()}
        for kind, value in version.labels.order_by("value", "pk").values_list("kind", "value"):
            found[names[LabelKind(kind)]].append(value)
        return found

    @extend_schema_field(serializers.CharField())
    def get_file_name(self, version: KnowledgeVersion) -> str:
        """Return the name of the file; empty without one."""
        return version.file.file_name if version.file else ""


class LibraryContentIn(serializers.Serializer[Any]):
    """The content of a version."""

    title = serializers.CharField(max_length=160)
    summary = serializers.CharField(max_length=400)
    body = serializers.CharField(max_length=60_000, required=False, allow_blank=True, default="")
    link = serializers.URLField(max_length=500, required=False, allow_blank=True, default="")
    change_note = serializers.CharField(max_length=400, required=False, allow_blank=True, default="")
    tags = serializers.ListField(
        child=serializers.CharField(max_length=60), required=False, default=list, max_length=12
    )
    roles = serializers.ListField(
        child=serializers.CharField(max_length=30), required=False, default=list, help_text="Codes of roles."
    )
    methodologies = serializers.ListField(
        child=serializers.CharField(max_length=60), required=False, default=list, max_length=12
    )
    places = serializers.ListField(
        child=serializers.ChoiceField(choices=sorted(BY_CODE)),
        required=False,
        default=list,
        max_length=12,
        help_text="Fields and steps of the portal it is shown beside.",
    )


class LibraryItemIn(LibraryContentIn):
    """A new item."""

    code = serializers.SlugField(max_length=80)
    language = serializers.ChoiceField(choices=KnowledgeLanguage.choices)
    kind = serializers.ChoiceField(choices=WRITTEN_KINDS)


class LibraryPublishIn(serializers.Serializer[Any]):
    """When the item has to be looked at again."""

    review_by = serializers.DateField(required=False, allow_null=True, default=None)


class StarsIn(serializers.Serializer[Any]):
    """One to five stars."""

    stars = serializers.IntegerField(min_value=1, max_value=5)


class ReuseIn(serializers.Serializer[Any]):
    """The project that uses the published version."""

    project = serializers.SlugField(max_length=40)


class LibraryReasonIn(serializers.Serializer[Any]):
    """Why."""

    reason = serializers.CharField(max_length=2000)


class LibraryCounts(serializers.Serializer[Any]):
    """How many items fit, in all and of each kind."""

    total = serializers.IntegerField()
    kinds = serializers.DictField(child=serializers.IntegerField())


class LibraryGapOut(serializers.ModelSerializer[SearchGap]):
    """A question without an answer."""

    class Meta:
        model = SearchGap
        fields = ["words", "language", "count", "first_on", "last_on"]
        read_only_fields = fields


def content_of(given: dict[str, Any], **kept: Any) -> Content:
    """Return the content a request gives."""
    for name in ("tags", "roles", "methodologies", "places"):
        given[name] = tuple(given[name])
    return Content(**given, **kept)
