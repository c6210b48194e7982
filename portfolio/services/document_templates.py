"""Bring in versions of document templates."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict
from portfolio import actions
from portfolio.interchange.document_file import DocumentFile, read_document, shipped_documents
from portfolio.models import DocumentTemplate
from portfolio.services.methodologies import rank_of


@transaction.atomic
def load_document(*, actor: User | None, file: DocumentFile, today: date) -> DocumentTemplate | None:
    """
    Bring in the version a file describes and return it; None when it is there, unchanged.

    The highest version is in force; documents that were made keep the version they were made of.

    Raises
    ------
    Conflict
        If the version is there with another content.
    """
    versions = DocumentTemplate.objects.select_for_update().filter(code=file.code)
    known = versions.filter(version=file.version).first()
    document = file.content.to_dict()
    if known is not None:
        if known.document != document:
            raise Conflict(
                _("%(name)s is there with another content. Give the file a new version number.")
                % {"name": known},
                code="VERSION_KNOWN",
            )
        return None
    rank = rank_of(file.version)
    is_newest = not versions.lasting().filter(rank__gt=rank).exists()
    if is_newest:
        versions.filter(is_current=True).update(is_current=False)
    made = DocumentTemplate(
        code=file.code,
        version=file.version,
        rank=rank,
        is_current=is_newest,
        document=document,
        loaded_on=today,
    )
    made.full_clean()
    made.save()
    audit.record(
        actor=actor,
        action=actions.DOCUMENT_TEMPLATE_LOADED,
        target=made,
        node=organization_node(),
        after={"code": made.code, "version": made.version},
    )
    return made


def load_shipped_documents(*, actor: User | None, today: date) -> list[DocumentTemplate]:
    """Bring in the templates that come with the portal; return those that were not there."""
    found = [
        load_document(actor=actor, file=read_document(path), today=today) for path in shipped_documents()
    ]
    return [template for template in found if template is not None]


@transaction.atomic
def keep_documents(*, today: date) -> int:
    """Bring the shipped templates into an installation without any; return how many. Safe to run twice."""
    if DocumentTemplate.objects.exists():
        return 0
    return len(load_shipped_documents(actor=None, today=today))
