"""The background part of an import: long reading first, then its effect in one transaction."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import override

from pmo_portal.common.errors import DomainError
from pmo_portal.common.jobs import RunningJob
from projects.interchange.refusal import ScheduleRefused
from projects.selectors.schedule_imports import import_by_id
from projects.services import schedule_imports
from projects.services.import_preview import dates_of


def read_uploaded(*, job: RunningJob, import_id: int) -> None:
    """Read an uploaded schedule and keep its preview, or why it is not taken, in its owner's language."""
    found = import_by_id(import_id)
    with override(found.owner.spoken_language):
        job.progress(0, 2, _("Reading the file"))
        try:
            documents = schedule_imports.read_file(found)
        except ScheduleRefused as refused:
            with job.effect(url=found.get_absolute_url()):
                schedule_imports.refuse_import(schedule_import=found, refused=refused)
            return
        job.progress(1, 2, _("Comparing its dates"))
        dates = [dates_of(document) for document in documents]
        with job.effect(url=found.get_absolute_url()):
            schedule_imports.keep_reading(schedule_import=found, documents=documents, dates=dates)


def write_confirmed(*, job: RunningJob, import_id: int, today: date) -> None:
    """Write the confirmed projects; what is refused goes back to the preview."""
    found = import_by_id(import_id)
    with override(found.owner.spoken_language):
        job.progress(0, 2, _("Reading the file"))
        try:
            documents = schedule_imports.read_confirmed(found)
            job.progress(1, 2, _("Writing the plan"))
            with job.effect(url=found.get_absolute_url()):
                schedule_imports.write_import(schedule_import=found, documents=documents, today=today)
        except DomainError as refusal:
            schedule_imports.return_to_preview(schedule_import=found, message=str(refusal))
            raise
