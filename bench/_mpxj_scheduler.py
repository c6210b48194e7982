"""MPXJ's own scheduler of Microsoft Project plans over the same network, where a Java runtime is at hand."""

from collections.abc import Callable
from typing import Any

from projects.engine.instants import moment_of
from projects.engine.scheduling import layout
from projects.engine.scheduling.network import Network
from projects.interchange.java import class_path, java_runtime

KINDS = ("FINISH_START", "START_START", "FINISH_FINISH", "START_FINISH")
HEAP = "2g"


def scheduler_of(network: Network) -> Callable[[], object] | None:
    """
    Return what schedules the network with MPXJ, made ready; ``None`` without Java.

    The tasks run on one standard calendar: MPXJ is spared those of the network.
    """
    java = _started()
    if java is None:
        return None
    file = _plan(java, network)
    moment = java("java.time.LocalDateTime").parse(moment_of(network.start).isoformat())
    scheduler = java("org.mpxj.cpm.MicrosoftScheduler")()
    return lambda: scheduler.schedule(file, moment)


def _started() -> Callable[[str], Any] | None:
    """Return the way to Java classes, with the machine started; ``None`` where it cannot be."""
    import jpype

    runtime = java_runtime()
    if runtime is None:
        return None
    if not jpype.isJVMStarted():
        jpype.startJVM(
            str(runtime.library), f"-Xmx{HEAP}", "-Xss64m", classpath=class_path(), convertStrings=False
        )
    found: Callable[[str], Any] = jpype.JClass
    return found


def _plan(java: Callable[[str], Any], network: Network) -> Any:
    """Return the network as a project of MPXJ."""
    duration, unit = java("org.mpxj.Duration"), java("org.mpxj.TimeUnit").MINUTES
    builder = java("org.mpxj.Relation").Builder
    kinds = [getattr(java("org.mpxj.RelationType"), kind) for kind in KINDS]
    file = java("org.mpxj.ProjectFile")()
    calendar = file.addDefaultBaseCalendar()
    file.setDefaultCalendar(calendar)
    nothing = duration.getInstance(0, unit)
    tasks = []
    for minutes in network.columns[: network.size, layout.DURATION].tolist():
        task = file.addTask()
        length = duration.getInstance(minutes, unit)
        task.setDuration(length)
        task.setRemainingDuration(length)
        task.setActualDuration(nothing)
        tasks.append(task)
    rows = network.links[:, [layout.PREDECESSOR, layout.SUCCESSOR, layout.LINK_TYPE, layout.LAG]].tolist()
    for predecessor, successor, kind, lag in rows:
        relation = builder().predecessorTask(tasks[predecessor]).type(kinds[kind])
        tasks[successor].addPredecessor(relation.lag(duration.getInstance(lag, unit)))
    return file
