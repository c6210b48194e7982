import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("portfolio", "0032_closing_list_filled"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="closingitem", name="closing_item_number"),
        migrations.RemoveField(model_name="closingitem", name="review"),
        migrations.AlterField(
            model_name="closingitem",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="closing_items",
                to="projects.project",
            ),
        ),
        migrations.AddConstraint(
            model_name="closingitem",
            constraint=models.UniqueConstraint(fields=["project", "number"], name="closing_item_number"),
        ),
    ]
