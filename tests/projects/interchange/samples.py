"""Small schedules written by hand, and the oracle's real ones."""

import csv
import os
from dataclasses import dataclass
from pathlib import Path

ORACLE = Path(os.environ.get("PMO_ORACLE_DIR") or Path(__file__).parents[4] / "shared" / "oracle")
IMPORT_INDEX = ORACLE / "import" / "index.csv"
SCHEDULE_INDEX = ORACLE / "index.csv"

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Project xmlns="http://schemas.microsoft.com/project"><Name>Bridge</Name>'
    "<ScheduleFromStart>1</ScheduleFromStart><StartDate>2026-03-02T08:00:00</StartDate>"
    "<MinutesPerDay>480</MinutesPerDay><MinutesPerWeek>2400</MinutesPerWeek><DaysPerMonth>20</DaysPerMonth>"
)


@dataclass(frozen=True)
class Known:
    """A real schedule file, which of its projects is meant, and the known counts."""

    path: Path
    project_index: int
    counts: dict[str, str]


def known_schedules() -> list[Known]:
    """Return the oracle's schedule files with their counts; none where the oracle is not there."""
    found = []
    if IMPORT_INDEX.is_file():
        with IMPORT_INDEX.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                found.append(Known(ORACLE / "import" / row["file"], 0, row))
    if SCHEDULE_INDEX.is_file():
        with SCHEDULE_INDEX.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                if row["raw"]:
                    found.append(
                        Known(ORACLE / "raw" / Path(row["raw"]).name, int(row["project_index"]), row)
                    )
    return found


def mspdi(body: str, head: str = HEAD) -> bytes:
    """Return a schedule in the XML of Microsoft Project."""
    return f"{head}{body}</Project>".encode()


def mspdi_tasks(count: int) -> bytes:
    """Return a chain of tasks of one day, each with a predecessor but the first."""
    rows = []
    for uid in range(1, count + 1):
        link = (
            ""
            if uid == 1
            else f"<PredecessorLink><PredecessorUID>{uid - 1}</PredecessorUID></PredecessorLink>"
        )
        rows.append(
            f"<Task><UID>{uid}</UID><ID>{uid}</ID><Name>Task {uid}</Name><OutlineLevel>1</OutlineLevel>"
            f"<Duration>PT8H0M0S</Duration>{link}</Task>"
        )
    return mspdi(f"<Tasks>{''.join(rows)}</Tasks>")


KNOWN_MPP = next((known.path for known in known_schedules() if known.path.suffix == ".mpp"), None)

BRIDGE = """
<StatusDate>2026-03-06T17:00:00</StatusDate><CalendarUID>1</CalendarUID><CurrencyCode>EUR</CurrencyCode>
<ExtendedAttributes><ExtendedAttribute><FieldID>188743731</FieldID><FieldName>Text1</FieldName><Alias>Zone</Alias>
</ExtendedAttribute></ExtendedAttributes>
<Calendars>
<Calendar><UID>1</UID><Name>Standard</Name><IsBaseCalendar>1</IsBaseCalendar><WeekDays>
<WeekDay><DayType>2</DayType><DayWorking>1</DayWorking><WorkingTimes>
<WorkingTime><FromTime>08:00:00</FromTime><ToTime>12:00:00</ToTime></WorkingTime>
<WorkingTime><FromTime>13:00:00</FromTime><ToTime>00:00:00</ToTime></WorkingTime></WorkingTimes></WeekDay>
<WeekDay><DayType>1</DayType><DayWorking>0</DayWorking></WeekDay></WeekDays>
<Exceptions><Exception><EnteredByOccurrences>1</EnteredByOccurrences>
<TimePeriod><FromDate>2026-04-06T00:00:00</FromDate><ToDate>2026-04-07T23:59:00</ToDate></TimePeriod>
<Occurrences>1</Occurrences><Name>Easter</Name><Type>1</Type><DayWorking>0</DayWorking></Exception>
<Exception><EnteredByOccurrences>1</EnteredByOccurrences>
<TimePeriod><FromDate>2026-05-01T00:00:00</FromDate><ToDate>2028-05-01T23:59:00</ToDate></TimePeriod>
<Occurrences>3</Occurrences><Name>Labour Day</Name><Type>2</Type><Month>4</Month><MonthDay>1</MonthDay>
<DayWorking>0</DayWorking></Exception></Exceptions></Calendar>
<Calendar><UID>2</UID><Name>Ann</Name><IsBaseCalendar>0</IsBaseCalendar><BaseCalendarUID>1</BaseCalendarUID></Calendar>
</Calendars>
<Tasks>
<Task><UID>0</UID><ID>0</ID><Name>Bridge</Name><OutlineLevel>0</OutlineLevel><Summary>1</Summary></Task>
<Task><UID>1</UID><ID>1</ID><Name>Foundation</Name><OutlineLevel>1</OutlineLevel><Summary>1</Summary></Task>
<Task><UID>2</UID><ID>2</ID><Name>Dig</Name><OutlineLevel>2</OutlineLevel><WBS>1.1</WBS><Type>1</Type>
<Start>2026-03-02T08:00:00</Start><Finish>2026-03-06T17:00:00</Finish><Duration>PT40H0M0S</Duration>
<DurationFormat>7</DurationFormat><ActualStart>2026-03-02T08:00:00</ActualStart><PercentComplete>50</PercentComplete>
<PhysicalPercentComplete>40</PhysicalPercentComplete><RemainingDuration>PT20H0M0S</RemainingDuration>
<Work>PT40H0M0S</Work><Cost>400000</Cost><FixedCost>5000</FixedCost><ActualCost>200000</ActualCost>
<ConstraintType>4</ConstraintType><ConstraintDate>2026-03-02T08:00:00</ConstraintDate>
<Deadline>2026-03-10T17:00:00</Deadline><Notes>Mind the cable.</Notes><Priority>700</Priority>
<ExtendedAttribute><FieldID>188743731</FieldID><Value>North</Value></ExtendedAttribute>
<Baseline><Number>0</Number><Start>2026-03-02T08:00:00</Start><Finish>2026-03-05T17:00:00</Finish>
<Duration>PT32H0M0S</Duration><Work>PT32H0M0S</Work><Cost>320000</Cost></Baseline></Task>
<Task><UID>3</UID><ID>3</ID><Name>Cure</Name><OutlineLevel>2</OutlineLevel><Duration>PT48H0M0S</Duration>
<DurationFormat>8</DurationFormat>
<PredecessorLink><PredecessorUID>2</PredecessorUID><Type>3</Type><LinkLag>25</LinkLag><LagFormat>19</LagFormat>
</PredecessorLink></Task>
<Task><UID>4</UID><ID>4</ID><Name>Ready</Name><OutlineLevel>1</OutlineLevel><Milestone>1</Milestone>
<Duration>PT0H0M0S</Duration><PredecessorLink><PredecessorUID>1</PredecessorUID><Type>1</Type>
<LinkLag>-4800</LinkLag><LagFormat>7</LagFormat></PredecessorLink></Task>
</Tasks>
<Resources><Resource><UID>1</UID><ID>1</ID><Name>Ann</Name><Type>1</Type><MaxUnits>0.5</MaxUnits>
<EmailAddress>ann@example.org</EmailAddress><StandardRate>80</StandardRate><StandardRateFormat>2</StandardRateFormat>
<CalendarUID>2</CalendarUID></Resource></Resources>
<Assignments><Assignment><UID>1</UID><TaskUID>2</TaskUID><ResourceUID>1</ResourceUID><Units>0.5</Units>
<Work>PT40H0M0S</Work><ActualWork>PT20H0M0S</ActualWork><RemainingWork>PT20H0M0S</RemainingWork><Cost>320000</Cost>
<Start>2026-03-02T08:00:00</Start><Finish>2026-03-06T17:00:00</Finish></Assignment></Assignments>
"""


TWO_PROJECTS = (
    "ERMHDR\t8.4\t2026-03-01\tProject\tadmin\tadmin\tdb\tPM\tEUR\n"
    "%T\tCALENDAR\n"
    "%F\tclndr_id\tdefault_flag\tclndr_name\tclndr_type\tday_hr_cnt\tweek_hr_cnt\n"
    "%R\t1\tY\tStandard\tCA_Base\t8\t40\n"
    "%T\tPROJECT\n"
    "%F\tproj_id\tproj_short_name\tclndr_id\tplan_start_date\tlast_recalc_date\n"
    "%R\t1\tN\t1\t2026-03-02 08:00\t2026-03-02 00:00\n"
    "%R\t2\tS\t1\t2026-03-02 08:00\t2026-03-02 00:00\n"
    "%T\tPROJWBS\n"
    "%F\twbs_id\tproj_id\tseq_num\tproj_node_flag\twbs_short_name\twbs_name\tparent_wbs_id\n"
    "%R\t10\t1\t1\tY\tN\tNorth\t\n"
    "%R\t20\t2\t1\tY\tS\tSouth\t\n"
    "%T\tTASK\n"
    "%F\ttask_id\tproj_id\twbs_id\tclndr_id\ttask_type\tstatus_code\ttask_code\ttask_name\ttarget_drtn_hr_cnt\tremain_drtn_hr_cnt\ttarget_start_date\ttarget_end_date\n"
    "%R\t100\t1\t10\t1\tTT_Task\tTK_NotStart\tA1\tDig\t40\t40\t2026-03-02 08:00\t2026-03-06 17:00\n"
    "%R\t200\t2\t20\t1\tTT_Task\tTK_NotStart\tB1\tPour\t8\t8\t2026-03-02 08:00\t2026-03-02 17:00\n"
    "%T\tTASKPRED\n"
    "%F\ttask_pred_id\ttask_id\tpred_task_id\tproj_id\tpred_proj_id\tpred_type\tlag_hr_cnt\n"
    "%R\t1\t200\t100\t2\t1\tPR_FS\t0\n"
    "%E\n"
)
