"""Bring in versions of document templates."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict
from portfolio import actions
from portfolio.choices import DocumentTemplateState as State
from portfolio.interchange.document_file import DocumentFile, read_document, shipped_documents
from portfolio.models import DocumentTemplate
from portfolio.services.document_template_notices import tell_of_waiting
from portfolio.services.version_numbers import rank_of, require_no_draft


@transaction.atomic
def load_document(*, actor: User | None, file: DocumentFile, today: date) -> DocumentTemplate | None:
    """
    Bring in the version a file describes and return it; None when it is there, unchanged.

    The highest version is in force; documents that were made keep the version they were made of. When the
    version in force was published here, a higher one waits for somebody to publish it.

    Raises
    ------
    Conflict
        If the version is there with another content, or a draft has its number or its place.
    """
    versions = DocumentTemplate.objects.select_for_update().filter(code=file.code)
    known = versions.lasting().filter(version=file.version).first()
    document = file.content.to_dict()
    if known is not None:
        if known.content != file.content:
            raise Conflict(
                _("%(name)s is there with another content. Give the file a new version number.")
                % {"name": known},
                code="VERSION_KNOWN",
            )
        return None
    rank = rank_of(file.version)
    is_newest = not versions.lasting().filter(rank__gt=rank).exists()
    waits = is_newest and versions.filter(is_current=True, published_by__isnull=False).exists()
    begun = versions.open().first()
    if begun is not None and (waits or begun.version == file.version):
        require_no_draft(begun)
    if is_newest and not waits:
        versions.filter(is_current=True).update(is_current=False)
    made = DocumentTemplate(
        code=file.code,
        version=file.version,
        rank=rank,
        state=State.IN_REVIEW if waits else State.PUBLISHED,
        is_current=is_newest and not waits,
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
    if waits:
        tell_of_waiting(template=made, besides=actor)
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
