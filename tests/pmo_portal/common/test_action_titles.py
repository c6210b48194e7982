"""The words of the audit trail."""

from types import ModuleType

import pytest

from pmo_portal.accounts.actions import ACTION_TITLES as ACCOUNT_TITLES
from pmo_portal.common.action_titles import action_title
from portfolio import actions as portfolio_actions
from projects import actions as project_actions


@pytest.mark.parametrize("actions", [portfolio_actions, project_actions])
def test_every_action_has_words(actions: ModuleType) -> None:
    """No page shows a code where a sentence belongs."""
    codes = {value for name, value in vars(actions).items() if name.isupper() and isinstance(value, str)}

    assert [code for code in sorted(codes) if action_title(code) == code] == []


def test_apps_below_have_words_and_unknown_codes_stay() -> None:
    """Codes of former versions of the portal are shown as they are."""
    assert [code for code in ACCOUNT_TITLES if action_title(code) == code] == []
    assert action_title("job.canceled") == "canceled the job"
    assert action_title("old.code") == "old.code"
