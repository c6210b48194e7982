"""What earned value techniques need to know of a task, and what was said of it by date."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0008_computed_schedule")]

    operations = [
        migrations.AlterField(
            model_name="task", name="ev_details", field=models.JSONField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="task",
            name="ev_progress",
            field=models.JSONField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="taskprogress", name="ev_progress", field=models.JSONField(blank=True, null=True)
        ),
    ]
