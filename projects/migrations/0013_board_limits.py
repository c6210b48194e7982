"""How much work may be in progress in a column of the board."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0012_plan_change"),
    ]

    operations = [
        migrations.AddField(
            model_name="project",
            name="board_limits",
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
    ]
