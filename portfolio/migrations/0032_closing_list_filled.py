from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery


def name_projects(apps: Any, schema_editor: Any) -> None:
    """Give each line the project of the review that opened it."""
    items, reviews = (apps.get_model("portfolio", name) for name in ("ClosingItem", "GateReview"))
    found = reviews.objects.filter(pk=OuterRef("review")).values("project")[:1]
    items.objects.update(project=Subquery(found))


def name_reviews(apps: Any, schema_editor: Any) -> None:
    """Give each line the review that killed its project; the others are not known to what was before."""
    items, reviews = (apps.get_model("portfolio", name) for name in ("ClosingItem", "GateReview"))
    found = reviews.objects.filter(project=OuterRef("project"), decision="KILL").values("pk")[:1]
    items.objects.update(review=Subquery(found))
    items.objects.filter(review=None).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("portfolio", "0031_closing_list_of_a_project"),
    ]

    operations = [
        migrations.RunPython(name_projects, name_reviews),
    ]
