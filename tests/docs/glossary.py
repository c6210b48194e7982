"""The glossary as a page of the documentation: ``python -m tests.docs.glossary`` prints its table."""

import os
import sys

BEGIN = "<!-- terms: python -m tests.docs.glossary -->"
END = "<!-- end of terms -->"


def glossary_table() -> str:
    """Return the terms as a Markdown table."""
    from pmo_portal.common.glossary import TERMS

    rows = [f"| {term.name} | {term.short} | {term.meaning} |" for term in TERMS]
    return "\n".join(["| Term | Short | Meaning |", "|---|---|---|", *rows])


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    sys.stdout.write(f"{glossary_table()}\n")
