from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    """Let former rows say what was taken as their details until now: those of the task today."""
    former = apps.get_model("projects", "FormerTask")
    today = apps.get_model("projects", "Task").objects.filter(
        pk=OuterRef("task_id"), ev_technique=OuterRef("ev_technique"), ev_details__isnull=False
    )
    keys = former.objects.filter(task_id__in=today.model.objects.filter(ev_details__isnull=False).values("pk"))
    keys.update(ev_details=Subquery(today.values("ev_details")[:1]))


class Migration(migrations.Migration):

    dependencies = [("projects", "0017_former_details")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
