"""What waits for a decision today names who decides: by the version, and the tier, the project follows today."""

from django.db import migrations

SPONSORED = ("T1", "T2")


def fill(apps, schema_editor):
    """Fill the approvers of what is submitted, a project at a time."""
    step, waiver = (apps.get_model("portfolio", name) for name in ("ArtefactStep", "Waiver"))
    binding, own = (apps.get_model("portfolio", name) for name in ("MethodologyBinding", "OwnRequirement"))
    waiting = [*step.objects.filter(state="SUBMITTED"), *waiver.objects.filter(state="SUBMITTED")]
    for project in sorted({row.project_id for row in waiting}):
        newest = binding.objects.filter(project_id=project).order_by("-made_on", "-pk").first()
        if newest is None:
            continue
        document = newest.version.document
        rows = {row["code"]: row for name in ("checks", "requirements") for row in document.get(name, ())}
        for row in own.objects.filter(project_id=project).order_by("made_on", "pk"):
            rows[row.code] = {"approver": row.approver}
        roles = {row["code"]: row.get("held_by", ()) for row in document.get("roles", ())}
        for each in step.objects.filter(project_id=project, state="SUBMITTED"):
            held = roles.get(rows.get(each.requirement, {}).get("approver"), ())
            each.approvers = "|" + "".join(f"{role}|" for role in held) if held else ""
            each.save(update_fields=["approvers"])
        for each in waiver.objects.filter(project_id=project, state="SUBMITTED").select_related("project"):
            is_knock_out = rows.get(each.requirement, {}).get("is_knock_out", False)
            is_sponsored = each.project.tier in SPONSORED and not is_knock_out
            each.approver = "SPONSOR" if is_sponsored else "PMO_HEAD"
            each.save(update_fields=["approver"])


class Migration(migrations.Migration):

    dependencies = [("portfolio", "0025_approver_of_requests")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
