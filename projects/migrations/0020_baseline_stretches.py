from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0019_task_interruptions'),
    ]

    operations = [
        migrations.AddField(
            model_name='baselinetask',
            name='stretches',
            field=models.JSONField(blank=True, editable=False, null=True),
        ),
    ]
