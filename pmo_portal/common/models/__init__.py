"""Models of the common services."""

from pmo_portal.common.models.job import Job, JobState
from pmo_portal.common.models.worker import WorkerPulse

__all__ = ["Job", "JobState", "WorkerPulse"]
