"""Names of the figures of earned value, and how each is computed, in words (domain 6.3 to 6.5)."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from projects.choices import EacMethod, EvTechnique


@dataclass(frozen=True)
class Words:
    """
    How a figure is shown.

    ``kind`` is money, signed_money, index, percent, periods, signed_periods or date.
    """

    name: str
    label: Any
    kind: str
    formula: Any


AMOUNTS = (
    Words("bac", _("BAC"), "money", _("Budget at completion: the budgets of all work packages")),
    Words("pv", _("PV"), "money", _("Planned value: budget of the work planned up to the data date")),
    Words("ev", _("EV"), "money", _("Earned value: budget of the work done, by the technique of each task")),
    Words("ac", _("AC"), "money", _("Actual cost up to the data date, accruals included")),
)
PERFORMANCE = (
    Words("sv", _("SV"), "signed_money", _("Schedule variance: EV − PV; negative is behind plan")),
    Words("cv", _("CV"), "signed_money", _("Cost variance: EV − AC; negative is over cost")),
    Words("sv_percent", _("SV %"), "percent", _("SV / PV")),
    Words("cv_percent", _("CV %"), "percent", _("CV / EV")),
    Words("spi", _("SPI"), "index", _("Schedule performance index: EV / PV; below 1 is behind plan")),
    Words("cpi", _("CPI"), "index", _("Cost performance index: EV / AC; below 1 is over cost")),
    Words("percent_planned", _("% planned"), "percent", _("PV / BAC")),
    Words("percent_done", _("% done"), "percent", _("EV / BAC")),
    Words("percent_spent", _("% spent"), "percent", _("AC / BAC")),
)
COMPLETION = (
    Words("eac", _("EAC"), "money", _("Estimate at completion by the declared method")),
    Words("etc", _("ETC"), "money", _("Estimate to complete: EAC − AC")),
    Words("vac", _("VAC"), "signed_money", _("Variance at completion: BAC − EAC; negative is an overrun")),
    Words("vac_percent", _("VAC %"), "percent", _("VAC / BAC")),
    Words(
        "tcpi_bac",
        _("TCPI (BAC)"),
        "index",
        _("Cost efficiency needed to finish within the budget: (BAC − EV) / (BAC − AC)"),
    ),
    Words(
        "tcpi_eac",
        _("TCPI (EAC)"),
        "index",
        _("Cost efficiency needed to finish within the estimate: (BAC − EV) / (EAC − AC)"),
    ),
)
SCHEDULE = (
    Words(
        "earned_schedule",
        _("ES"),
        "periods",
        _("Earned schedule: the month at which today's earned value was planned"),
    ),
    Words(
        "actual_time", _("AT"), "periods", _("Actual time: months from the baseline start to the data date")
    ),
    Words(
        "planned_duration",
        _("PD"),
        "periods",
        _("Planned duration: months until the planned value reaches BAC"),
    ),
    Words("sv_t", _("SV(t)"), "signed_periods", _("ES − AT in months; negative is behind plan")),
    Words("spi_t", _("SPI(t)"), "index", _("ES / AT; unlike SPI it does not drift to 1 at the end")),
    Words("tspi", _("TSPI"), "index", _("Pace needed to finish in time: (PD − ES) / (PD − AT)")),
    Words("ieac_t", _("IEAC(t)"), "periods", _("Forecast of the duration: PD / SPI(t)")),
    Words(
        "ieac_date",
        _("Forecast finish"),
        "date",
        _("The day IEAC(t) ends on, counted from the baseline start"),
    ),
    Words("baseline_finish", _("Planned finish"), "date", _("Finish of the current baseline")),
)
METHODS = {
    EacMethod.EAC_1: _("BAC / CPI: the cost efficiency so far goes on"),
    EacMethod.EAC_2: _("AC + (BAC − EV): the rest costs what was planned"),
    EacMethod.EAC_3: _("AC + (BAC − EV) / (CPI × SPI): cost and time press on each other"),
    EacMethod.EAC_4: _("AC + the newest estimate to complete and open commitments"),
    EacMethod.EAC_5: _("AC + (BAC − EV) / (0.8 × CPI + 0.2 × SPI)"),
    EacMethod.EAC_6: _("AC + (BAC − EV) / CPI of the last three periods"),
}
TECHNIQUES = {
    EvTechnique.FIXED_0_100: _("Nothing until the task is finished, then its whole budget."),
    EvTechnique.FIXED_50_50: _("A share when the task starts, the rest when it is finished."),
    EvTechnique.PERCENT_COMPLETE: _("The physical percentage that is recorded as progress."),
    EvTechnique.WEIGHTED_MILESTONES: _("The weights of the steps that are reached."),
    EvTechnique.UNITS: _("Units done of the units planned."),
    EvTechnique.AGILE_POINTS: _("Points accepted of the points in the baseline."),
    EvTechnique.LEVEL_OF_EFFORT: _("What is planned is earned as time goes by."),
    EvTechnique.APPORTIONED: _("The earned share of another task it goes along with."),
}
