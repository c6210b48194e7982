"""What the engine needs to compute the dates of an imported plan as its tool does."""

from decimal import Decimal

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0006_task_source")]

    operations = [
        migrations.AddField(
            model_name="project",
            name="schedule_start",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="project",
            name="float_kind",
            field=models.CharField(
                choices=[
                    ("SMALLEST", "The smaller one of start and finish float"),
                    ("START", "Start float"),
                    ("FINISH", "Finish float"),
                ],
                default="SMALLEST",
                max_length=8,
                verbose_name="total float is",
            ),
        ),
        migrations.AddField(
            model_name="task",
            name="ignores_resource_calendars",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="task",
            name="leveling_delay",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="assignment",
            name="delay",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AlterField(
            model_name="assignment",
            name="units_percent",
            field=models.DecimalField(
                decimal_places=4,
                default=Decimal(100),
                max_digits=10,
                validators=[django.core.validators.MinValueValidator(0)],
                verbose_name="units",
            ),
        ),
        migrations.AlterField(
            model_name="assignment",
            name="work_hours",
            field=models.DecimalField(decimal_places=4, default=0, max_digits=14, verbose_name="work"),
        ),
        migrations.AlterField(
            model_name="assignment",
            name="actual_work_hours",
            field=models.DecimalField(decimal_places=4, default=0, max_digits=14),
        ),
        migrations.AlterField(
            model_name="assignment",
            name="remaining_work_hours",
            field=models.DecimalField(decimal_places=4, default=0, max_digits=14),
        ),
    ]
