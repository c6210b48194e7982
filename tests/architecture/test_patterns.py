"""Ways of writing that lead to holes are not used, in code or in templates (SEC-25 to SEC-28, SEC-47)."""

import re

import pytest
from django.conf import settings

from tests.architecture.house import modules, templates

# pattern -> files that may use it, each with its reason beside it.
FORBIDDEN_IN_CODE: dict[str, set[str]] = {
    r"\bmark_safe\b|\bSafe(String|Text)\(": {
        "pmo_portal/common/templatetags/markdown.py",  # sanitized by nh3 just before
    },
    r"\bcsrf_exempt\b": set(),
    r"""fields\s*=\s*["']__all__["']""": set(),
    r"getattr\([^)\n]*request\.(GET|POST|data|query_params)": set(),
    r"\.objects\.raw\(|\.extra\(|RawSQL\(": set(),
    r"ATOMIC_REQUESTS\s*=\s*True": set(),
    r"\bpickle\b|\bmarshal\b|yaml\.load\(": set(),
    r"threading\.local\(": set(),
    r"\bshell\s*=\s*True": set(),
    r"xml\.etree(?!\.ElementTree import (ParseError|Element)\b)|xml\.sax|xml\.dom|\blxml\b": set(),
    r"\b(pre|post)_(save|delete)\b|m2m_changed": set(),
    r"\.(delay|apply_async)\(": set(),
    r"\bsend_task\(": {"pmo_portal/common/queue.py"},  # the one door to the workers
    r"\bcsv\.(writer|DictWriter)\b|\bWorkbook\(": {"pmo_portal/common/export.py"},  # neutralizes formulas
}
CLOCK = re.compile(r"\b(timezone\.now|datetime\.now|date\.today|localdate|utcnow|time\.time)\(")
CLOCKLESS_ROOMS = {"services", "selectors", "models", "engine", "rollup", "interchange"}
# The shared services keep time stamps of sessions, tokens and jobs; facts and judgement have no clock.
DOMAIN = ("projects", "portfolio")
RATIOS = {
    "budget_share", "count_share", "coverage", "cpi", "data_quality", "percent_complete", "score",
    "score_change", "seconds", "spi", "spi_t",
}  # fmt: skip
MONEY_FILE = re.compile(r"(money|cost|budget|earned|evm|rate|currency|benefit)")

FORBIDDEN_IN_TEMPLATES = {
    "unescaped text": r"\|\s*(safe|safeseq)\b|\{%\s*autoescape\s+off",
    "inline style": r"\sstyle\s*=\s*[\"']|<style\b",
    "inline handler": r"\son[a-z]+\s*=\s*[\"']",
    "javascript address": r"javascript:",
    "script without nonce": r"<script(?![^>]*\bnonce=)[^>]*>",
    "foreign server": r"<(script|link|img|iframe|source)\b[^>]*(src|href)=[\"'](https?:)?//",
    "image without text": r"<img(?![^>]*\balt=)[^>]*>",
    "number with a thousands separator where machines read it": (
        r"\b(value|href|maxlength|minlength|data-[a-z-]+)=\"[^\"]*"
        r"\{\{ ?(most|least|[\w.]+\.(pk|\w+_id|edition))\b"
        r"(?![^}]*(unlocalize|urlencode|stringformat))[^}]*\}\}"
    ),
    "new window without noopener": r"target=[\"']_blank[\"'](?![^>]*noopener)",
}


@pytest.mark.parametrize("pattern", FORBIDDEN_IN_CODE)
def test_code_does_not_use(pattern: str) -> None:
    """SEC-25, SEC-27, SEC-28, SEC-36: what is dangerous has one place or none."""
    allowed = FORBIDDEN_IN_CODE[pattern]

    found = [
        f"{module.path}:{number}: {line.strip()}"
        for module in modules()
        if module.path not in allowed
        for number, line in enumerate(module.text.splitlines(), start=1)
        if re.search(pattern, line)
    ]

    assert found == []


def test_domain_does_not_read_the_clock() -> None:
    """SEC-56: dates come in as arguments."""
    found = [
        f"{module.path}:{number}"
        for module in modules(*DOMAIN)
        if CLOCKLESS_ROOMS & {part.removesuffix(".py") for part in module.parts}
        for number, line in enumerate(module.text.splitlines(), start=1)
        if CLOCK.search(line)
    ]

    assert found == []


def test_money_never_becomes_a_float() -> None:
    """SEC-47: money is Decimal from end to end."""
    found = [
        f"{module.path}:{number}"
        for module in modules()
        if MONEY_FILE.search(module.parts[-1])
        for number, line in enumerate(module.text.splitlines(), start=1)
        if re.search(r"\bfloat\(|FloatField", line)
    ]

    assert found == []


def test_only_ratios_are_stored_and_sent_as_floats() -> None:
    """SEC-47: an amount is a decimal in the database and a string in JSON, wherever it stands."""
    found = {
        match.group(1)
        for module in modules()
        for match in re.finditer(r"^ +(\w+) = \w+\.FloatField\(", module.text, re.MULTILINE)
    }

    assert found == RATIOS
    assert settings.REST_FRAMEWORK.get("COERCE_DECIMAL_TO_STRING", True)


@pytest.mark.parametrize("name", FORBIDDEN_IN_TEMPLATES)
def test_templates_have_no(name: str) -> None:
    """SEC-25, SEC-27: the content security policy is met by construction."""
    pattern = re.compile(FORBIDDEN_IN_TEMPLATES[name], re.IGNORECASE)

    found = [
        f"{path}:{text[: match.start()].count(chr(10)) + 1}: {match.group(0).strip()}"
        for path, text in templates()
        for match in pattern.finditer(re.sub(r"\{#.*?#\}", "", text))
    ]

    assert found == []


def test_each_posting_form_carries_the_csrf_token() -> None:
    form = re.compile(r"<form\b[^>]*method=[\"']post[\"'][^>]*>(.*?)</form>", re.IGNORECASE | re.DOTALL)

    without_token = [
        path
        for path, text in templates()
        for match in form.finditer(text)
        if "csrf_token" not in match.group(1) and "{% crispy" not in match.group(1)
    ]

    assert without_token == []
