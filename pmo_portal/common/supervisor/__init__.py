"""A small supervisor: keeps a few programs running together and ends them together, without Django."""

from pmo_portal.common.supervisor.children import Child, Program
from pmo_portal.common.supervisor.loop import Supervisor
from pmo_portal.common.supervisor.places import (
    DataDirInUseError,
    PortInUseError,
    hold_data_dir,
    require_free_port,
)
from pmo_portal.common.supervisor.programs import portal_programs

__all__ = [
    "Child",
    "DataDirInUseError",
    "PortInUseError",
    "Program",
    "Supervisor",
    "hold_data_dir",
    "portal_programs",
    "require_free_port",
]
