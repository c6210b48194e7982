"""Labels of jobs in the language of the reader."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext_noop, override

from pmo_portal.common.labels import Label
from pmo_portal.common.models import Job
from pmo_portal.common.queue import Order, enqueue, enqueue_many
from tests import factories

pytestmark = pytest.mark.django_db
READ = gettext_noop("Read %(file)s")


def _ordered(label: Label | str) -> Job:
    job = enqueue("accounts.forget_old_sign_ins", label=label)
    assert job is not None
    return Job.objects.get(pk=job.pk)


def test_each_reader_gets_their_language() -> None:
    """Whoever ordered it, in whatever language."""
    with override("de"):
        job = _ordered(Label(READ, {"file": "100 % bridge.mpp"}))

    texts = {}
    for language in ("en", "de"):
        with override(language):
            texts[language] = job.text

    assert texts == {"en": "Read 100 % bridge.mpp", "de": "100 % bridge.mpp lesen"}
    assert job.label == "Read 100 % bridge.mpp"


def test_days_are_written_as_the_reader_writes_them() -> None:
    job = _ordered(Label(gettext_noop("Sums of %(day)s"), {"day": date(2026, 10, 31)}))

    with override("de"):
        assert job.text == "Summen vom 31.10.2026"
    assert job.label == "Sums of 2026-10-31"


@pytest.mark.parametrize("label", ["Import of the bridge", "", "50 % done"])
def test_rows_of_old_stay_readable(label: str) -> None:
    job = _ordered(label)

    assert (job.text, job.label_template, job.label_values) == (label, "", None)


def test_sentence_that_does_not_fit_its_values_is_shown_as_it_was_written() -> None:
    """SEC-53: a row of another version."""
    job = _ordered(Label(READ, {"file": "a.mpp"}))
    Job.objects.filter(pk=job.pk).update(label_values={"name": "a.mpp"})

    assert Job.objects.get(pk=job.pk).text == "Read a.mpp"


def test_many_jobs_keep_their_labels() -> None:
    enqueue_many([Order("accounts.forget_old_sign_ins", key="1", label=Label(READ, {"file": "a.mpp"}))])

    assert Job.objects.get().label_values == {"file": "a.mpp"}


def test_page_of_a_job_speaks_the_language_of_its_reader(client: Client) -> None:
    anna = factories.user("Anna", language="de")
    job = enqueue("accounts.forget_old_sign_ins", owner=anna, label=Label(READ, {"file": "a.mpp"}))
    assert job is not None
    client.force_login(anna)

    assert "a.mpp lesen" in client.get(reverse("jobs:detail", args=[job.pk])).content.decode()
