"""Nothing grows past the stops of the conventions: past them, split by noun."""

import ast

from tests.architecture.house import Function, functions, modules, templates

VIEW_ROOMS = {"views", "views.py"}


def _decorators(function: Function) -> set[str]:
    names = set()
    for decorator in function.node.decorator_list:
        call = decorator.func if isinstance(decorator, ast.Call) else decorator
        names.add(call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", ""))
    return names


def test_modules_stay_within_500_lines() -> None:
    too_long = [f"{module.path} ({module.lines})" for module in modules() if module.lines > 500]

    assert too_long == []


def test_test_files_stay_within_600_lines() -> None:
    too_long = [f"{m.path} ({m.lines})" for m in modules("tests", "bench") if m.lines > 600]

    assert too_long == []


def test_functions_stay_within_60_lines() -> None:
    too_long = [f"{f.where} ({f.lines})" for m in modules() for f in functions(m) if f.lines > 60]

    assert too_long == []


def test_views_stay_within_20_lines() -> None:
    too_long = []
    for module in modules():
        if not VIEW_ROOMS & set(module.parts):
            continue
        for function in functions(module):
            arguments = function.node.args.args
            is_view = bool(arguments) and arguments[0].arg == "request" and function.name[0] != "_"
            if is_view and function.lines > 20:
                too_long.append(f"{function.where} ({function.lines})")

    assert too_long == []


def test_jobs_stay_within_10_lines() -> None:
    too_long = []
    for module in modules():
        for function in functions(module):
            if "job" in _decorators(function) and function.lines > 10:
                too_long.append(f"{function.where} ({function.lines})")

    assert too_long == []


def test_templates_stay_within_150_lines() -> None:
    too_long = [f"{path} ({text.count(chr(10))})" for path, text in templates() if text.count("\n") > 150]

    assert too_long == []
