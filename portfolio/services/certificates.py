"""Certificates on paper."""

from datetime import UTC, datetime, time

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import override

from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.common.templatetags.common import percent1
from pmo_portal.documents.services.pdf import render_pdf
from portfolio.models import Certificate


def certificate_pdf(certificate: Certificate, *, address: str) -> bytes:
    """
    Return a certificate as PDF, in the language of its course; the same certificate gives the same bytes
    while the organization keeps its name. Four queries.

    Parameters
    ----------
    address : str
        Where whoever holds the paper checks the number.
    """
    with override(certificate.language):
        ends = certificate.expires_on
        data = {
            "sender": organization_node().title,
            "heading": _("Certificate"),
            "holder": certificate.holder,
            "said": _("has passed the course"),
            "course": certificate.title,
            "taught": [module.title for module in certificate.attempt.version.course_text.text.modules],
            "check": _("Check it at %(address)s") % {"address": address},
            "pages": _("Page {page} of {pages}"),
            "facts": [
                [_("Score"), str(percent1(certificate.score))],
                [_("Effort"), f"{formats.localize(certificate.hours.normalize(), use_l10n=True)} h"],
                [_("Issued"), formats.date_format(certificate.issued_on, "DATE_FORMAT")],
                [_("Valid until"), formats.date_format(ends, "DATE_FORMAT") if ends else _("without end")],
                [_("Number"), certificate.number],
            ],
        }
        made_at = datetime.combine(certificate.issued_on, time(), tzinfo=UTC)
        return render_pdf(
            "portfolio/training/certificate.typ", data, language=certificate.language, made_at=made_at
        )
