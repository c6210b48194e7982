"""Files of a document: PDF, DOCX and Markdown, as one person sees it."""

from dataclasses import dataclass

from pmo_portal.documents.services.pdf import PDF_TYPE, render_pdf
from portfolio.interchange.document_docx import DOCX_TYPE, document_docx
from portfolio.selectors.document_paper import as_markdown, as_paper, paper_time
from portfolio.selectors.documents import DocumentPage

KINDS = ("pdf", "docx", "md")


@dataclass(frozen=True)
class DocumentFile:
    """A file to save."""

    name: str
    content: bytes
    content_type: str


def document_file(page: DocumentPage, kind: str) -> DocumentFile:
    """
    Return a version as a file of a kind out of `KINDS`, in the language of the document.

    The same words give the same bytes. Reads nothing beyond what the page holds.
    """
    language, made_at = page.document.language, paper_time(page)
    if kind == "md":
        content, content_type = as_markdown(page).encode(), "text/markdown; charset=utf-8"
    elif kind == "docx":
        content = document_docx(as_paper(page), language=language, made_at=made_at)
        content_type = DOCX_TYPE
    else:
        layout = "portfolio/documents/document.typ"
        content = render_pdf(layout, as_paper(page), language=language, made_at=made_at)
        content_type = PDF_TYPE
    name = f"{page.document.project.code}-{page.document.template.code}-{page.version.number}.{kind}"
    return DocumentFile(name, content, content_type)
