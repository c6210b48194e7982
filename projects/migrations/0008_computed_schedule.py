"""Whether the dates of a project are computed, and what set them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0007_schedule_inputs")]

    operations = [
        migrations.AddField(
            model_name="project",
            name="is_auto_scheduled",
            field=models.BooleanField(default=False, verbose_name="dates are computed"),
        ),
        migrations.AddField(
            model_name="task",
            name="start_driver",
            field=models.CharField(
                blank=True,
                choices=[
                    ("PROJECT_START", "Project start or data date"),
                    ("LINK", "Link"),
                    ("CONSTRAINT", "Constraint"),
                    ("ACTUAL", "Actual start"),
                    ("FIXED", "Set by hand"),
                    ("RESUME", "Resumption"),
                    ("LEVELING", "Leveling"),
                    ("LATE", "As late as possible"),
                ],
                default="",
                editable=False,
                max_length=13,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="task",
            name="start_link",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="projects.link",
            ),
        ),
        migrations.AddField(
            model_name="link",
            name="is_driving",
            field=models.BooleanField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="link",
            name="is_out_of_sequence",
            field=models.BooleanField(blank=True, editable=False, null=True),
        ),
    ]
