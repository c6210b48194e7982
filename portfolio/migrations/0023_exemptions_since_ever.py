"""Exemptions said before their days were kept are known since ever."""

from django.db import migrations


def fill(apps, schema_editor):
    """Open an exemption for everybody who is exempt."""
    exemption = apps.get_model("portfolio", "Exemption")
    exempt = apps.get_model("portfolio", "Enrolment").objects.filter(state="EXEMPT", exemptions=None)
    exemption.objects.bulk_create([exemption(enrolment_id=pk) for pk in exempt.values_list("pk", flat=True)])


class Migration(migrations.Migration):

    dependencies = [
        ('portfolio', '0022_exemptions'),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
