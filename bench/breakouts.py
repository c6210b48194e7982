"""
Nine texts that try to become script, in every text column of the demo, on every page in a browser (SEC-25).

``python -m bench.breakouts --rounds 9`` starts a portal with the demo, writes the texts past all services
into every column that holds prose (another text in each row, and in each round), signs the PMO head in and
follows the links: one page of each address and set of parameters. The browser is told to ignore the content
security policy, so that escaping alone is measured. The aim is no execution and no element or attribute made
of a text.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

PAYLOADS = (
    "<script>window.__xss=1</script>",
    "</script><script>window.__xss=2</script>",
    "<img src=x onerror=window.__xss=3>",
    '"><svg onload=window.__xss=4>',
    "' onmouseover='window.__xss=5",
    "javascript:window.__xss=6",
    "{{constructor.constructor('window.__xss=7')()}}",
    "</title></textarea><iframe srcdoc='<script>parent.__xss=8</script>'>",
    "\u2028<!--<script>window.__xss=9//",
)
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run")
START = ("/", "/portfolio/", "/projects/NWU-001/", "/administration/people/")
PLANT = "from bench._hostile_texts import plant; print(plant({payloads!r}, {shift}))"
BROKEN_OUT = """() => {
  const handlers = ["onerror", "onload", "onmouseover"].map(name => `[${name}*="__xss"]`).join();
  const made = [...document.querySelectorAll(`${handlers}, iframe[srcdoc], a[href^="javascript:"]`)];
  const scripts = [...document.scripts].filter(each => each.text.trim().startsWith("window.__xss"));
  const marks = typeof window.__xss === "undefined" ? [] : [`executed ${window.__xss}`];
  return [...marks, ...[...made, ...scripts].map(each => each.outerHTML.slice(0, 160))];
}"""


def address_shape(address: str) -> tuple[str, tuple[str, ...]] | None:
    """Return the name of an address with the names of its parameters; None for what is no page of ours."""
    from django.urls import Resolver404, resolve

    parts = urlsplit(address)
    try:
        found = resolve(parts.path)
    except Resolver404:
        return None
    return found.view_name or found.route, tuple(sorted(parse_qs(parts.query)))


def crawl(page: Any, limit: int) -> tuple[int, int, dict[str, list[str]]]:
    """Follow the links; return how many pages were read, how many held a text, and what broke out where."""
    seen, waiting, met, broken = set(), list(START), 0, {}
    while waiting and len(seen) < limit:
        address = waiting.pop(0)
        shape = address_shape(address)
        if shape is None or shape in seen or "logout" in address:
            continue
        seen.add(shape)
        answer = page.request.get(address)
        if answer.status != 200 or "text/html" not in answer.headers.get("content-type", ""):
            continue
        page.goto(address, wait_until="load")
        met += "__xss" in page.content()
        if found := page.evaluate(BROKEN_OUT):
            broken[address] = found
        links = page.eval_on_selector_all("a[href^='/']", "all => all.map(each => each.getAttribute('href'))")
        waiting += [link.split("#")[0] for link in links]
    return len(seen), met, broken


def run_round(shift: int, limit: int) -> dict[str, Any]:
    """Plant the texts in a fresh demo and read its pages."""
    from playwright.sync_api import sync_playwright

    from tests import needs
    from tests.portal import running_portal

    with (
        tempfile.TemporaryDirectory(prefix="pmo-bench-") as folder,
        running_portal(Path(folder) / "data") as portal,
        sync_playwright() as playwright,
    ):
        people = json.loads(portal.manage("demo_logins", "--json"))
        person = next(each for each in people if each["role"] == "PMO_HEAD")
        browser = playwright.chromium.launch(executable_path=needs.chromium(), args=list(FLAGS))
        page = browser.new_context(base_url=portal.url, bypass_csp=True).new_page()
        page.set_default_timeout(60_000)
        page.goto("/accounts/login/")
        page.locator("#id_login").fill(person["email"])
        page.locator("#id_password").fill(person["password"])
        page.locator("#id_password").press("Enter")
        page.wait_for_url(lambda url: "/accounts/login" not in url)
        planted = json.loads(
            portal.manage("shell", "-v", "0", "-c", PLANT.format(payloads=PAYLOADS, shift=shift))
        )
        pages, met, broken = crawl(page, limit)
        browser.close()
    return {"round": shift + 1, **planted, "pages": pages, "pages_with_texts": met, "broken_out": broken}


def main() -> int:
    """Print the figures of each round; 0 when no text became anything else."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=1, help="9 puts each text into each row once")
    options.add_argument("--limit", type=int, default=600, help="at most so many pages a round")
    given = options.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pmo_portal.settings")
    os.environ.setdefault("PMO_MODE", "test")
    import django

    django.setup()
    rounds = []
    for shift in range(given.rounds):
        rounds.append(run_round(shift, given.limit))
        print(json.dumps(rounds[-1], ensure_ascii=False), flush=True)
    return int(any(each["broken_out"] or not each["pages_with_texts"] for each in rounds))


if __name__ == "__main__":
    sys.exit(main())
