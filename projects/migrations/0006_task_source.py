"""The numbers a row has in the file it came from, by which a later import finds it again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0005_former_values")]

    operations = [
        migrations.AddField(
            model_name="task",
            name="source_uid",
            field=models.BigIntegerField(null=True, blank=True, editable=False),
        ),
        migrations.AddField(
            model_name="task",
            name="source_guid",
            field=models.CharField(max_length=40, blank=True, default="", editable=False),
            preserve_default=False,
        ),
    ]
