"""What the documents of the demo say where the portal fills in nothing."""

from portfolio.selectors.documents import CHARTER

WORDS: dict[str, dict[str, str]] = {
    CHARTER: {
        "goals": (
            "| Goal | Measure | Today | Target | Measured on |\n| --- | --- | --- | --- | --- |\n"
            "| Fewer interruptions | minutes a customer and year | 74 | 55 | a year after hand-over |\n"
            "| Less work by hand | hours a month | 320 | 200 | three months after hand-over |"
        ),
        "scope": (
            "**In:**\n\n- everything needed until operations take over\n- training of those who run it\n\n"
            "**Out:**\n\n- contracts that end after hand-over\n- changes to neighboring systems"
        ),
        "deliverables": (
            "| Deliverable | For | Accepted by |\n| --- | --- | --- |\n"
            "| Approved design | Operations | Head of operations |\n"
            "| Working result, tested | Operations | Sponsor |\n"
            "| Manuals and trained people | Operations | Head of operations |"
        ),
        "constraints": (
            "- Customers are switched off between 22:00 and 5:00 only.\n- Rules of the operator hold."
        ),
        "assumptions": (
            "- Permits arrive within eight weeks (checked monthly by the project manager).\n"
            "- The two planners named stay on the project until the design is approved."
        ),
        "risks": (
            "| Risk | Effect | Response | Owner |\n| --- | --- | --- | --- |\n"
            "| A permit is late | four weeks | ask early, plan work that needs none | Project manager |\n"
            "| Prices rise | up to 5 % of the budget | order long items first | Sponsor |"
        ),
    },
    "business-case": {
        "problem": (
            "Customers wait and colleagues do by hand what others automated years ago. It costs more every "
            "year, and nobody can say how much."
        ),
        "options": (
            "1. Do nothing: cost rises by 6 percent a year.\n"
            "2. Smallest step: repair what fails; buys two years.\n"
            "3. Proposal: renew it once, in stages, each useful by itself."
        ),
        "benefits": (
            "| Benefit | Measure | Owner | From |\n| --- | --- | --- | --- |\n"
            "| Less work by hand | hours a month | Head of operations | three months after hand-over |\n"
            "| Fewer complaints | complaints a quarter | Head of customer service | a year after hand-over |"
        ),
        "appraisal": "Paid back in the fourth year; the figures are in the sheet beside this paper.",
        "risks": "Prices and permits; both are watched in the risk register from the first month.",
        "sensitivity": "The case holds until cost rises by a fifth or the benefits come a year late.",
        "recommendation": "Option 3, in two stages, with a gate before the second is ordered.",
    },
    "risk-register": {
        "causes": "Found in a workshop with operations, procurement and the supplier.",
        "events": (
            "| No. | Cause | Event |\n| --- | --- | --- |\n"
            "| 1 | One supplier for the main part | It is delivered late |\n"
            "| 2 | Permits of three offices | One of them takes longer than eight weeks |\n"
            "| 3 | Two people know the old system | One of them leaves |"
        ),
        "effects": "1: four weeks, 2: three weeks, 3: two weeks and help from outside.",
        "rating": (
            "| No. | Probability | Impact | Why |\n| --- | --- | --- | --- |\n"
            "| 1 | medium | high | late twice in three orders |\n| 2 | low | medium | asked for early |\n"
            "| 3 | low | high | nobody else can do it |"
        ),
        "responses": "1: order before the gate, second source asked. 2: apply in the first month. 3: pairs.",
        "owners": "1: procurement lead. 2: project manager. 3: head of operations.",
        "dates": "Looked at every second Monday; the responses have days in the plan.",
        "residual": "After the responses nothing is left that the reserve does not carry.",
    },
    "project-plan": {
        "resources": "The team named in the portal; the second electrician is booked from the design on.",
        "quality": "Reviews before each gate, tests by operations, acceptance by the sponsor.",
        "risk": "The risk register is looked at every second Monday, its exposure reported monthly.",
        "communication": (
            "| What | For | How often | Way |\n| --- | --- | --- | --- |\n"
            "| Status report | Sponsor, PMO | monthly | portal |\n| Stand-up | Team | weekly | on site |"
        ),
        "change": "Whoever wants a change writes a request; beyond the tolerance the sponsor decides.",
        "escalation": "Team, project manager, sponsor, portfolio board; two working days at each step.",
        "tolerances": (
            "| What | Tolerance | Asked beyond it |\n| --- | --- | --- |\n"
            "| Finish | ten working days | Sponsor |\n"
            "| Cost | 5 percent | Sponsor |\n| Scope | none | Portfolio board |"
        ),
    },
}
