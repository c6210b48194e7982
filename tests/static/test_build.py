"""The sprite holds the icons that are named, and a name that does not exist stops the build."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.needs import cannot_have

ROOT = Path(__file__).resolve().parents[2]
ICONS = ROOT / "node_modules" / "@tabler" / "icons" / "icons"
SCRIPT = """
import { buildSprite } from "%s";
const [root, target, ...files] = process.argv.slice(1);
console.log(JSON.stringify(buildSprite(root, files, target)));
"""


def sprite(tmp_path: Path, name: str, text: str) -> tuple[dict[str, object], str]:
    """Return what the build says about a source file, and the sprite it writes."""
    node = shutil.which("node", path=f"{ROOT / '.venv' / 'bin'}:/usr/bin:/usr/local/bin")
    if node is None or not ICONS.is_dir():
        cannot_have("node and the packages of npm ci")
    (tmp_path / "static" / "src").mkdir(parents=True)
    (tmp_path / "static" / "src" / "icons.json").write_text("[]")
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    source = tmp_path / name
    source.write_text(text)
    target = tmp_path / "sprite.svg"
    script = SCRIPT % (ROOT / "static" / "sprite.mjs").as_uri()
    command = [node, "--input-type=module", "-e", script, str(tmp_path), str(target), str(source)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=30)
    return json.loads(done.stdout), target.read_text()


@pytest.mark.parametrize(
    ("name", "text", "icon"),
    [
        ("page.html", '{% icon "flag" %}', "flag"),
        ("page.html", '{% include "x.html" with icon_name="folder" only %}', "folder"),
        ("page.html", '{% icon name|default:"inbox" %}', "inbox"),
        ("view.py", 'Entry(title=_("Home"), icon="home")', "home"),
        ("view.py", '{"icon": "star-filled"}', "star-filled"),
        ("part.js", 'icon("x")', "x"),
    ],
)
def test_sprite_finds_the_icons_that_sources_name(tmp_path: Path, name: str, text: str, icon: str) -> None:
    answer, svg = sprite(tmp_path, name, text)

    assert answer == {"count": 1, "unknown": []}
    assert f'<symbol id="{icon}" viewBox="0 0 24 24"' in svg


def test_sprite_names_the_icon_that_does_not_exist(tmp_path: Path) -> None:
    answer, _ = sprite(tmp_path, "page.html", '{% icon "no-such-icon" %}')

    assert answer == {"count": 0, "unknown": ["no-such-icon (page.html)"]}
