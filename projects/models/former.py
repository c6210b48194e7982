"""
What facts without a date of their own were before they changed.

A row holds the values in force at the end of ``known_until`` and since the row before it. It is written
once per object and day, by the service that changes the object, so the first row at or after a day says
how the object stood on that day; without one it stood as it stands now. Columns have the names of the
originals; keys of rows that may be deleted are plain numbers.
"""

from django.db import models

from projects.models.money import MONEY

SHORT = {"max_length": 20}


class FormerProject(models.Model):
    """Header of a project as far as it enters measures and health."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="former_values")
    known_until = models.DateField()
    state = models.CharField(**SHORT)
    state_before_hold = models.CharField(blank=True, **SHORT)
    state_since = models.DateField(null=True)
    reopen_count = models.PositiveSmallIntegerField()
    report_cycle = models.CharField(**SHORT)
    is_flagship = models.BooleanField()
    currency = models.CharField(max_length=3)
    calendar_id = models.BigIntegerField()
    data_date = models.DateField(null=True)
    eac_method = models.CharField(**SHORT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "known_until"], name="former_project_once_per_day")
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.known_until}"


class FormerTask(models.Model):
    """
    A row of the plan; the row itself may be deleted since.

    ``is_reported`` says whether dated progress had been recorded: deleted rows take their entries along.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="former_tasks")
    task_id = models.BigIntegerField()
    known_until = models.DateField()
    entered_on = models.DateField(null=True)
    uid = models.PositiveIntegerField()
    wbs = models.CharField(max_length=100, blank=True)
    name = models.CharField(max_length=250)
    kind = models.CharField(**SHORT)
    ev_technique = models.CharField(**SHORT)
    ev_details = models.JSONField(null=True)
    calendar_id = models.BigIntegerField(null=True)
    owner_id = models.BigIntegerField(null=True)
    is_active = models.BooleanField()
    is_key_milestone = models.BooleanField()
    is_completion = models.BooleanField(default=False)
    is_reported = models.BooleanField()
    duration = models.PositiveIntegerField()
    remaining_duration = models.PositiveIntegerField(null=True)
    planned_start = models.DateTimeField(null=True)
    planned_finish = models.DateTimeField(null=True)
    early_start = models.DateTimeField(null=True)
    early_finish = models.DateTimeField(null=True)
    actual_start = models.DateTimeField(null=True)
    actual_finish = models.DateTimeField(null=True)
    suspend_on = models.DateTimeField(null=True)
    resume_on = models.DateTimeField(null=True)
    percent_complete = models.DecimalField(max_digits=5, decimal_places=2)
    percent_physical = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task_id", "known_until"], name="former_task_once_per_day")
        ]
        indexes = [models.Index(fields=["project", "known_until"], name="former_task_project")]

    def __str__(self) -> str:
        return f"{self.task_id} {self.known_until}"


class FormerBudgetLine(models.Model):
    """A budget line; the line itself may be removed since."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="former_lines")
    line_id = models.BigIntegerField()
    known_until = models.DateField()
    category = models.CharField(**SHORT)
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(**MONEY)
    effective_from = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line_id", "known_until"], name="former_line_once_per_day")
        ]
        indexes = [models.Index(fields=["project", "known_until"], name="former_line_project")]

    def __str__(self) -> str:
        return f"{self.line_id} {self.known_until}"


class FormerCommitment(models.Model):
    """Amounts of a commitment; its closing has a date of its own and is read from the commitment."""

    project = models.ForeignKey(
        "projects.Project", on_delete=models.CASCADE, related_name="former_commitments"
    )
    commitment = models.ForeignKey(
        "projects.Commitment", on_delete=models.CASCADE, related_name="former_values"
    )
    known_until = models.DateField()
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(**MONEY)
    invoiced = models.DecimalField(**MONEY)
    date = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "known_until"], name="former_commitment_once_per_day"
            )
        ]
        indexes = [models.Index(fields=["project", "known_until"], name="former_commitment_project")]

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.known_until}"


class FormerCalendar(models.Model):
    """Hours of a calendar with its exceptions and working weeks, as lists of start, finish and hours."""

    calendar = models.ForeignKey("projects.Calendar", on_delete=models.CASCADE, related_name="former_values")
    known_until = models.DateField()
    name = models.CharField(max_length=150)
    base_id = models.BigIntegerField(null=True)
    week_pattern = models.JSONField()
    hours_per_day = models.DecimalField(max_digits=4, decimal_places=2)
    exceptions = models.JSONField(default=list)
    work_weeks = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["calendar", "known_until"], name="former_calendar_once_per_day")
        ]

    def __str__(self) -> str:
        return f"{self.calendar_id} {self.known_until}"
