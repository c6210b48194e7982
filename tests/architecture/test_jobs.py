"""Jobs carry explicit names, take keywords only and are known in every process (SEC-38, SEC-53)."""

import ast
from collections.abc import Iterator

from tests.architecture.house import ROOT, Function, functions, modules


def _jobs() -> Iterator[tuple[str, str, Function]]:
    """Return app, registered name and function of every job in the source tree."""
    for module in modules():
        for function in functions(module):
            for decorator in function.node.decorator_list:
                is_job = isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") == "job"
                if is_job:
                    app = module.parts[1] if module.parts[0] == "pmo_portal" else module.parts[0]
                    yield app, decorator.args[0].value, function


def test_job_is_named_after_its_app_and_a_verb() -> None:
    wrong = [
        f"{function.where}: {name}"
        for app, name, function in _jobs()
        if not name.startswith(f"{app}.") or "_" not in name
    ]

    assert wrong == []


def test_job_takes_keywords_only_and_tolerates_new_ones() -> None:
    """SEC-53: a job queued by another version may carry more arguments."""
    wrong = [
        function.where
        for _app, _name, function in _jobs()
        if function.node.args.args or function.node.args.kwarg is None
    ]

    assert wrong == []


def test_job_names_are_unique() -> None:
    names = [name for _app, name, _function in _jobs()]

    assert sorted(names) == sorted(set(names))


def test_every_app_with_jobs_imports_them_at_its_start() -> None:
    forgotten = []
    for path in [*ROOT.glob("p*/jobs.py"), *ROOT.glob("pmo_portal/*/jobs.py")]:
        # The registry itself lives in common and is no room of jobs.
        if path.parent.name != "common" and "jobs" not in (path.parent / "apps.py").read_text():
            forgotten.append(str(path.relative_to(ROOT)))

    assert forgotten == []
