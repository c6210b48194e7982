import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("portfolio", "0030_waiver_withdrawn"),
        ("projects", "0025_cost_hold_without_gate"),
    ]

    operations = [
        migrations.AddField(
            model_name="closingitem",
            name="project",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="closing_items",
                to="projects.project",
            ),
        ),
        migrations.AlterField(
            model_name="closingitem",
            name="review",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="closing_items",
                to="portfolio.gatereview",
            ),
        ),
    ]
