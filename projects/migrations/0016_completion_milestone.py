from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0015_tier_is_complexity'),
    ]

    operations = [
        migrations.AddField(
            model_name='formertask',
            name='is_completion',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='task',
            name='is_completion',
            field=models.BooleanField(default=False, verbose_name='completion milestone'),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.UniqueConstraint(condition=models.Q(('is_completion', True)), fields=('project',), name='task_completion_once_per_project'),
        ),
    ]
