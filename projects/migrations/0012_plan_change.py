"""Steps of a plan, kept so that they can be undone."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0011_schedule_assessment'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PlanChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('key', models.CharField(max_length=80)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('counts', models.JSONField(default=dict)),
                ('effect', models.JSONField(default=dict)),
                ('touched', models.JSONField(default=dict)),
                ('last_uid', models.PositiveIntegerField(default=0)),
                ('is_undone', models.BooleanField(default=False)),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='plan_changes', to='projects.project')),
                ('undoes', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='undone_by', to='projects.planchange')),
            ],
            options={
                'indexes': [models.Index(fields=['at'], name='plan_change_at')],
                'constraints': [models.UniqueConstraint(fields=('project', 'number'), name='plan_change_number_unique'), models.UniqueConstraint(fields=('project', 'actor', 'key'), name='plan_change_key_once')],
            },
        ),
    ]
