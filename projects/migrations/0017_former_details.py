from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0016_completion_milestone'),
    ]

    operations = [
        migrations.AddField(
            model_name='formertask',
            name='ev_details',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='baselinetask',
            name='frozen_on',
            field=models.DateField(blank=True, editable=False, null=True),
        ),
    ]
