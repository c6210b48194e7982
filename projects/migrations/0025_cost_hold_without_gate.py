from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0024_cost_hold"),
    ]

    operations = [
        migrations.AlterField(
            model_name="costhold",
            name="cause",
            field=models.CharField(blank=True, max_length=40),
        ),
    ]
