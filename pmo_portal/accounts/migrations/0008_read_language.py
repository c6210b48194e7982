"""Remember what a person reads the portal in, so that messages and mails follow it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_visit_before")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="read_language",
            field=models.CharField(blank=True, editable=False, max_length=8),
        ),
    ]
