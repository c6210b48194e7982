"""The words of the audit trail."""

import re
from types import ModuleType

import pytest

from pmo_portal.accounts.actions import ACTION_TITLES as ACCOUNT_TITLES
from pmo_portal.common.action_titles import action_title
from portfolio import actions as portfolio_actions
from projects import actions as project_actions
from tests.architecture.house import ROOT


@pytest.mark.parametrize("actions", [portfolio_actions, project_actions])
def test_every_action_has_words(actions: ModuleType) -> None:
    """No page shows a code where a sentence belongs."""
    codes = {value for name, value in vars(actions).items() if name.isupper() and isinstance(value, str)}

    assert [code for code in sorted(codes) if action_title(code) == code] == []


def test_every_code_written_in_a_service_has_words() -> None:
    """Codes that stand where they are recorded, too."""
    sources = [path for app in ("pmo_portal", "projects", "portfolio") for path in (ROOT / app).rglob("*.py")]
    codes = {
        code for path in sources for code in re.findall(r'\baction="([a-z_]+\.[a-z_]+)"', path.read_text())
    }

    assert len(codes) > 20
    assert [code for code in sorted(codes) if action_title(code) == code] == []


def test_apps_below_have_words_and_unknown_codes_stay() -> None:
    """Codes of former versions of the portal are shown as they are."""
    assert [code for code in ACCOUNT_TITLES if action_title(code) == code] == []
    assert action_title("job.canceled") == "canceled the job"
    assert action_title("old.code") == "old.code"
