"""Nothing to know of a technique is null, not an empty document, so that roll-ups find the others."""

from typing import Any

from django.db import migrations


def empty_to_null(apps: Any, schema_editor: Any) -> None:
    """Take the empty documents of former versions away."""
    apps.get_model("projects", "Task").objects.filter(ev_details={}).update(ev_details=None)


def null_to_empty(apps: Any, schema_editor: Any) -> None:
    """Put them back."""
    apps.get_model("projects", "Task").objects.filter(ev_details__isnull=True).update(ev_details={})


class Migration(migrations.Migration):
    dependencies = [("projects", "0009_earned_value_details")]

    operations = [migrations.RunPython(empty_to_null, null_to_empty)]
