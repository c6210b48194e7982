"""Names say what a thing is; words that say nothing are not used."""

import re

from tests.architecture.house import functions, modules

EMPTY_WORDS = {"utils", "util", "helpers", "helper", "misc", "manager", "handler", "process", "common2"}
OPEN_ENDS = re.compile(r"\b(TODO|FIXME|XXX|raise NotImplementedError|not implemented)\b")


def test_no_module_has_an_empty_name() -> None:
    badly_named = []
    for module in modules("pmo_portal", "projects", "portfolio", "tests", "bench"):
        words = {part.removesuffix(".py").lower() for part in module.parts}
        if words & EMPTY_WORDS:
            badly_named.append(module.path)

    assert badly_named == []


def test_no_function_has_an_empty_name() -> None:
    # Crispy forms ask for a property called helper.
    empty = {"do_it", "process", "handler", "data2"}

    badly_named = [f.where for m in modules() for f in functions(m) if f.name.strip("_") in empty]

    assert badly_named == []


def test_nothing_is_left_open() -> None:
    open_ends = [
        f"{module.path}:{number}"
        for module in modules()
        for number, line in enumerate(module.text.splitlines(), start=1)
        if OPEN_ENDS.search(line)
    ]

    assert open_ends == []


def test_services_with_an_actor_take_keywords_only_and_know_who_acts() -> None:
    wrong = []
    for module in modules("projects", "portfolio"):
        if "services" not in module.parts:
            continue
        for function in functions(module):
            if function.node not in module.tree.body or function.name[0] == "_":
                continue
            arguments = function.node.args
            has_default = any(
                argument.arg == "actor" and default is not None
                for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
            )
            is_positional = any(argument.arg == "actor" for argument in arguments.args[1:])
            if is_positional or has_default:
                wrong.append(function.where)

    assert wrong == []
