"""The preview of an import, in the form scripts rely on (issue section 4)."""

from projects.interchange.document import (
    Assignment,
    Baseline,
    BaselineRow,
    Calendar,
    Link,
    ProjectDocument,
    ProjectOptions,
    Resource,
    Task,
)
from projects.interchange.preview import summarize
from projects.interchange.problems import Place, problem
from projects.interchange.vocabulary import LinkType, Severity, TaskKind

HOUSE = ProjectDocument(
    options=ProjectOptions(name="House"),
    calendars=(Calendar(1, "Standard"),),
    tasks=(
        Task(0, "House", kind=TaskKind.SUMMARY, is_project=True),
        Task(1, "Dig", parent_uid=0),
        Task(2, "Done", parent_uid=0, kind=TaskKind.FINISH_MILESTONE, is_milestone=True),
    ),
    links=(Link(1, 2), Link(1, 2, LinkType.SS)),
    resources=(Resource(1, "Ann"),),
    assignments=(Assignment(1, 1), Assignment(2, None)),
    baselines=(Baseline(0, (BaselineRow(0), BaselineRow(1))), Baseline(1, (BaselineRow(2),))),
    blank_rows=2,
    problems=(problem(Severity.WARNING, "NO_NAME", Place.TASK, "1", tasks=1),),
)


def test_summarize_counts_rows_as_the_tool_shows_them() -> None:
    """Blank rows and the project's own row count; baselines count leaves of the first baseline."""
    assert summarize([HOUSE]) == {
        "projects": [
            {
                "name": "House",
                "tasks": 5,
                "summaries": 1,
                "milestones": 1,
                "links": 2,
                "links_by_type": {"FS": 1, "SS": 1, "FF": 0, "SF": 0},
                "resources": 1,
                "assignments": 2,
                "calendars": 1,
                "baseline_tasks": 1,
            }
        ],
        "problems": [{"severity": "WARNING", "where": "Task 1", "message": "Has no name (1 task)."}],
    }


def test_summarize_of_several_projects_names_the_project_of_each_problem() -> None:
    """An XER file may hold several projects."""
    result = summarize([HOUSE, ProjectDocument(options=ProjectOptions(title="Yard"))])

    assert [project["name"] for project in result["projects"]] == ["House", "Yard"]
    assert [problem["where"] for problem in result["problems"]] == ["House: Task 1"]
