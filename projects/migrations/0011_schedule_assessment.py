"""How well the plan of a project was built, by date."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0010_no_empty_details"),
    ]

    operations = [
        migrations.CreateModel(
            name="ScheduleAssessment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("as_of", models.DateField()),
                ("data_date", models.DateField(blank=True, null=True)),
                ("policy_version", models.PositiveSmallIntegerField()),
                ("passed", models.PositiveSmallIntegerField(default=0)),
                ("applicable", models.PositiveSmallIntegerField(default=0)),
                (
                    "grade",
                    models.CharField(
                        blank=True,
                        choices=[("GOOD", "Good"), ("FAIR", "Fair"), ("POOR", "Poor")],
                        max_length=4,
                        verbose_name="grade",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=20)),
                ("result", models.JSONField(default=dict)),
                ("input_hash", models.CharField(max_length=64)),
                ("assessed_at", models.DateTimeField()),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="schedule_assessments",
                        to="projects.project",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "as_of"), name="schedule_assessed_once_per_date"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("passed__lte", models.F("applicable"))),
                        name="schedule_passed_within_applicable",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("reason", ""), models.Q(("grade", ""), _negated=True), ("applicable__gt", 0)
                            ),
                            models.Q(models.Q(("reason", ""), _negated=True), ("grade", "")),
                            _connector="OR",
                        ),
                        name="schedule_score_or_reason",
                    ),
                ],
            },
        ),
    ]
