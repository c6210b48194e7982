"""Apps above name what has to be done before a project is closed."""

import pytest

from pmo_portal.common.errors import Conflict
from projects.models import Project
from projects.services import closing


def test_check_is_named_once_and_may_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, "_checks", [])
    asked: list[str] = []

    def refuse(project: Project) -> None:
        asked.append(project.code)
        raise Conflict("Not yet.", code="NOT_YET")

    closing.add_closing_check(refuse)
    closing.add_closing_check(refuse)

    with pytest.raises(Conflict):
        closing.require_closable(Project(code="P-1"))
    assert asked == ["P-1"]
