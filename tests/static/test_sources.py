"""The front-end sources keep the rules of the house: colors that can be read, nothing that runs text."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted((ROOT / "static" / "src").rglob("*.js"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
COMPONENTS = sorted((ROOT / "templates" / "components").glob("_*.html"))
SURFACES = ("--surface-card", "--surface-page", "--surface-sunken", "--surface-side", "--surface-hover")
REGISTRY = "https://registry.npmjs.org/"
STATUS = ("green", "amber", "red", "grey", "blue")


def tokens(theme: str) -> dict[str, str]:
    """Return the hexadecimal colors of a theme by their names."""
    text = (ROOT / "static" / "src" / "styles" / "tokens.css").read_text()
    block = re.search(rf'\[data-bs-theme="{theme}"\] \{{\n  color-scheme(.*?)\n\}}', text, re.DOTALL)
    assert block is not None
    return dict(re.findall(r"(--[a-z-]+): (#[0-9a-f]{6});", block.group(1)))


def luminance(color: str) -> float:
    """Return the relative luminance of WCAG 2.2 (0 to 1)."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2.2 (1 to 21)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_can_be_read_on_every_surface(theme: str) -> None:
    """XC-5: text reaches 4.5:1 on the surfaces it stands on (WCAG 2.2 AA, 1.4.3)."""
    color = tokens(theme)
    pairs = [(text, surface) for text in ("--ink", "--ink-soft", "--ink-faint") for surface in SURFACES]
    pairs += [(f"--{name}", f"--{name}-soft") for name in (*STATUS, "accent")]
    pairs += [(f"--{name}", "--surface-card") for name in (*STATUS, "accent")]
    pairs += [("--on-fill", f"--{name}-fill") for name in STATUS if name != "amber"]
    pairs += [("--on-amber", "--amber-fill"), ("--on-accent", "--accent"), ("--ink", "--accent-soft")]

    too_weak = [(*pair, round(contrast(color[pair[0]], color[pair[1]]), 2)) for pair in pairs]

    assert [entry for entry in too_weak if entry[2] < 4.5] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_marks_and_borders_of_fields_can_be_seen(theme: str) -> None:
    """XC-5: fills and borders of fields reach 3:1 (WCAG 2.2 AA, 1.4.11)."""
    color = tokens(theme)
    names = [*(f"--{name}-fill" for name in STATUS), "--line-field", "--accent"]

    seen = {name: round(contrast(color[name], color["--surface-card"]), 2) for name in names}

    assert {name: ratio for name, ratio in seen.items() if ratio < 3} == {}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_script_never_writes_markup(path: Path) -> None:
    """SEC-25: text goes in as text; SEC-27: nothing is evaluated."""
    text = path.read_text()

    found = re.findall(
        r"\.innerHTML|\.outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|https?://(?!www\.w3\.org/2000/svg)",
        text,
    )

    assert found == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT / "templates").as_posix())
def test_template_has_nothing_inline(path: Path) -> None:
    """SEC-25 and SEC-27: no inline style, no inline script, no handler attribute, no unescaped value."""
    text = re.sub(r"{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.DOTALL)

    inline = re.findall(r"<style|\sstyle=|\son[a-z]+=|\|\s*safe\b|autoescape off|javascript:", text)
    scripts = [tag for tag in re.findall(r"<script[^>]*>", text) if "nonce=" not in tag or "src=" not in tag]

    assert (inline, scripts) == ([], [])


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.name)
def test_component_says_what_it_takes(path: Path) -> None:
    """Conventions, section 7: variables are listed in a comment head."""
    assert path.read_text().lstrip().startswith("{% comment %}")


def test_lock_file_pins_what_the_package_file_asks_for() -> None:
    """Exact versions, each with its integrity hash, all from the public registry."""
    package = json.loads((ROOT / "package.json").read_text())
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    wanted = package["dependencies"] | package["devDependencies"]

    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert [
        name
        for name, entry in locked.items()
        if name and not ("integrity" in entry and entry.get("resolved", REGISTRY).startswith(REGISTRY))
    ] == []


def test_locked_packages_are_open_source() -> None:
    """Nothing under a copyleft or closed license reaches the browser."""
    allowed = {"MIT", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "ISC", "OFL-1.1"}
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]

    others = {
        name: entry.get("license")
        for name, entry in locked.items()
        if name and not entry.get("dev") and not set(entry.get("license", "").split(" AND ")) <= allowed
    }

    assert others == {}
