"""Where projects were before they moved."""

from django.db import models

from portfolio.models.structure import Portfolio, Program


class FormerComponent(models.Model):
    """Home of a project until the end of a day; read as `projects.models.former` says."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="former_homes")
    known_until = models.DateField()
    portfolio = models.ForeignKey(Portfolio, on_delete=models.PROTECT, related_name="+")
    program = models.ForeignKey(Program, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "known_until"], name="former_home_once_per_day")
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.known_until}"
