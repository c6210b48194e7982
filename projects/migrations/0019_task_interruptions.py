from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0018_fill_former_details'),
    ]

    operations = [
        migrations.AddField(
            model_name='task',
            name='interruptions',
            field=models.JSONField(blank=True, null=True),
        ),
    ]
