"""Codes of what people do with portfolios, as they stand in the audit trail."""

from django.utils.translation import gettext_lazy as _

PORTFOLIO_CREATED = "portfolio.created"
PORTFOLIO_CHANGED = "portfolio.changed"
PROGRAM_CREATED = "program.created"
PROGRAM_CHANGED = "program.changed"
POLICY_PUBLISHED = "policy.published"
ROLLUP_STARTED = "rollup.started"
PROJECT_LEFT = "portfolio.project_left"
PROJECT_RETURNED = "portfolio.project_returned"
IMPORT_UPLOADED = "portfolio_import.uploaded"
IMPORT_DONE = "portfolio_import.imported"
MAPPING_SAVED = "import_mapping.saved"
VIEW_SAVED = "view.saved"
VIEW_DELETED = "view.deleted"
METHODOLOGY_LOADED = "methodology.loaded"
METHODOLOGY_DRAFTED = "methodology.drafted"
METHODOLOGY_EDITED = "methodology.edited"
METHODOLOGY_DISCARDED = "methodology.discarded"
METHODOLOGY_SUBMITTED = "methodology.submitted"
METHODOLOGY_RETURNED = "methodology.returned"
METHODOLOGY_APPROVED = "methodology.approved"
METHODOLOGY_PUBLISHED = "methodology.published"
METHODOLOGY_SUPERSEDED = "methodology.superseded"
METHODOLOGY_WITHDRAWN = "methodology.withdrawn"
KNOWLEDGE_CREATED = "library.created"
KNOWLEDGE_EDITED = "library.edited"
KNOWLEDGE_SENT = "library.sent_for_review"
KNOWLEDGE_RETURNED = "library.returned"
KNOWLEDGE_PUBLISHED = "library.published"
KNOWLEDGE_ARCHIVED = "library.archived"
KNOWLEDGE_REVIEW_DUE = "library.review_due"
KNOWLEDGE_CONFIRMED = "library.confirmed"
KNOWLEDGE_USED = "library.used"
COURSE_CHANGED = "training.course_changed"
TRAINING_ASSIGNED = "training.assigned"
QUIZ_STARTED = "training.quiz_started"
QUIZ_PASSED = "training.quiz_passed"
QUIZ_FAILED = "training.quiz_failed"
TRAINING_EXPIRED = "training.expired"
TRAINING_RESET = "training.reset"
TRAINING_EXEMPTED = "training.exempted"
TEMPLATE_LOADED = "template.loaded"
TEMPLATE_PROPOSED = "template.proposed"
TEMPLATE_CHANGED = "template.changed"
TEMPLATE_PUBLISHED = "template.published"
TEMPLATE_SUPERSEDED = "template.superseded"
TEMPLATE_WITHDRAWN = "template.withdrawn"
TEMPLATE_USED = "template.used"
METHODOLOGY_BOUND = "governance.methodology_chosen"
METHODOLOGY_MIGRATED = "governance.methodology_migrated"
COMPLEXITY_SCORED = "governance.complexity_scored"
REQUIREMENT_TAILORED = "governance.requirement_tailored"
OWN_REQUIREMENT_ADDED = "governance.own_requirement_added"
OWN_REQUIREMENT_CHANGED = "governance.own_requirement_changed"
OWN_REQUIREMENT_ENDED = "governance.own_requirement_ended"
INCREMENTS_PLACED = "governance.increments_placed"
INCREMENTS_ENDED = "governance.increments_ended"
GATE_PLANNED = "governance.gate_planned"
ARTEFACT_MOVED = "governance.artefact_moved"
GATE_FORUM_SET = "gate.forum_named"
GATE_ANSWERED = "gate.answered"
GATE_REQUESTED = "gate.requested"
GATE_WITHDRAWN = "gate.withdrawn"
GATE_VOTED = "gate.voted"
GATE_DECIDED = "gate.decided"
GATE_DECIDED_BEFORE = "gate.decided_before"
CONDITION_SHOWN = "gate.condition_shown"
CONDITION_ENDED = "gate.condition_ended"
CLOSING_OPENED = "closing.opened"
CLOSING_DONE = "closing.done"
CLOSING_REOPENED = "closing.reopened"
WAIVER_REQUESTED = "waiver.requested"
WAIVER_APPROVED = "waiver.approved"
WAIVER_REJECTED = "waiver.rejected"
WAIVER_REVOKED = "waiver.revoked"
WAIVER_EXPIRED = "waiver.expired"
WAIVER_RENEWED = "waiver.renewed"
WAIVER_WITHDRAWN = "waiver.withdrawn"
ASSESSMENT_STARTED = "assessment.started"
ASSESSMENT_INVITED = "assessment.invited"
ASSESSMENT_ANSWERED = "assessment.answered"
ASSESSMENT_CLOSED = "assessment.closed"
ASSESSMENT_WITHDRAWN = "assessment.withdrawn"
GAP_PLANNED = "gap_plan.planned"
GAP_ACTION_CHANGED = "gap_plan.action_changed"
DOCUMENT_TEMPLATE_LOADED = "document.template_loaded"
DOCUMENT_TEMPLATE_DRAFTED = "document.template_drafted"
DOCUMENT_TEMPLATE_EDITED = "document.template_edited"
DOCUMENT_TEMPLATE_SUBMITTED = "document.template_submitted"
DOCUMENT_TEMPLATE_RETURNED = "document.template_returned"
DOCUMENT_TEMPLATE_PUBLISHED = "document.template_published"
DOCUMENT_TEMPLATE_DISCARDED = "document.template_discarded"
DOCUMENT_BEGUN = "document.begun"
DOCUMENT_WRITTEN = "document.written"
DOCUMENT_SUBMITTED = "document.submitted"
DOCUMENT_DECIDED = "document.decided"
DOCUMENT_TAKEN_BACK = "document.taken_back"
OFFICE_CREATED = "office.created"
OFFICE_CHANGED = "office.changed"
OFFICE_CHARTERED = "office.charter_adopted"
OFFICE_MEMBER_ADDED = "office.member_added"
OFFICE_MEMBER_CHANGED = "office.member_changed"
HELP_ASKED = "help.asked"
HELP_TAKEN = "help.taken"
HELP_ANSWERED = "help.answered"
HELP_WITHDRAWN = "help.withdrawn"
LESSON_CAPTURED = "lesson.captured"
LESSON_EDITED = "lesson.edited"
LESSON_MOVED = "lesson.moved"
LESSON_MERGED = "lesson.merged"
LESSON_MARKED = "lesson.marked"
LESSONS_NONE = "lesson.none"
LESSON_TAGS = "lesson.tags"
STANDARD_CHANGE_OPENED = "standard_change.opened"
STANDARD_CHANGE_DONE = "standard_change.done"
STANDARD_CHANGE_DECLINED = "standard_change.declined"
RACI_FILLED = "raci.filled"
RACI_CHANGED = "raci.changed"
RACI_ADDED = "raci.added"
RACI_LEFT_OUT = "raci.left_out"
RACI_REMOVED = "raci.removed"

ACTION_TITLES = {
    PORTFOLIO_CREATED: _("created the portfolio"),
    PORTFOLIO_CHANGED: _("changed the portfolio"),
    PROGRAM_CREATED: _("created the program"),
    PROGRAM_CHANGED: _("changed the program"),
    POLICY_PUBLISHED: _("published the health policy"),
    ROLLUP_STARTED: _("started the roll-up"),
    PROJECT_LEFT: _("noted that the portfolio was left by"),
    PROJECT_RETURNED: _("noted the return of"),
    IMPORT_UPLOADED: _("uploaded for import"),
    IMPORT_DONE: _("imported the projects of"),
    MAPPING_SAVED: _("saved the mapping of columns"),
    VIEW_SAVED: _("saved the view"),
    VIEW_DELETED: _("removed the view"),
    METHODOLOGY_LOADED: _("loaded the methodology"),
    METHODOLOGY_DRAFTED: _("began a version of the methodology"),
    METHODOLOGY_EDITED: _("edited the draft of the methodology"),
    METHODOLOGY_DISCARDED: _("discarded the draft of the methodology"),
    METHODOLOGY_SUBMITTED: _("submitted the methodology"),
    METHODOLOGY_RETURNED: _("gave back the methodology"),
    METHODOLOGY_APPROVED: _("approved the methodology"),
    METHODOLOGY_PUBLISHED: _("published the methodology"),
    METHODOLOGY_SUPERSEDED: _("replaced the methodology"),
    METHODOLOGY_WITHDRAWN: _("withdrew the methodology"),
    KNOWLEDGE_CREATED: _("wrote for the library"),
    KNOWLEDGE_EDITED: _("edited the draft of"),
    KNOWLEDGE_SENT: _("sent for review"),
    KNOWLEDGE_RETURNED: _("returned to its author"),
    KNOWLEDGE_PUBLISHED: _("published in the library"),
    KNOWLEDGE_ARCHIVED: _("archived in the library"),
    KNOWLEDGE_REVIEW_DUE: _("marked as due for review"),
    KNOWLEDGE_CONFIRMED: _("reviewed and confirmed"),
    KNOWLEDGE_USED: _("noted the use of"),
    COURSE_CHANGED: _("changed the rules of the course"),
    TRAINING_ASSIGNED: _("assigned the course"),
    QUIZ_STARTED: _("began an attempt at"),
    QUIZ_PASSED: _("passed"),
    QUIZ_FAILED: _("did not pass"),
    TRAINING_EXPIRED: _("noted that the training expired in"),
    TRAINING_RESET: _("gave new attempts at"),
    TRAINING_EXEMPTED: _("exempted somebody from"),
    TEMPLATE_LOADED: _("brought in the project template"),
    TEMPLATE_PROPOSED: _("proposed the project template"),
    TEMPLATE_CHANGED: _("changed the draft of the project template"),
    TEMPLATE_PUBLISHED: _("published the project template"),
    TEMPLATE_SUPERSEDED: _("superseded the project template"),
    TEMPLATE_WITHDRAWN: _("withdrew the project template"),
    TEMPLATE_USED: _("made from a template the project"),
    METHODOLOGY_BOUND: _("chose the methodology"),
    METHODOLOGY_MIGRATED: _("went on to another version of the methodology"),
    COMPLEXITY_SCORED: _("scored the complexity"),
    REQUIREMENT_TAILORED: _("tailored the requirement"),
    OWN_REQUIREMENT_ADDED: _("added the project’s own requirement"),
    OWN_REQUIREMENT_CHANGED: _("changed the project’s own requirement"),
    OWN_REQUIREMENT_ENDED: _("ended the project’s own requirement"),
    INCREMENTS_PLACED: _("placed increments inside a phase:"),
    INCREMENTS_ENDED: _("took increments out of a phase:"),
    GATE_PLANNED: _("planned the gate"),
    ARTEFACT_MOVED: _("recorded the artefact"),
    GATE_FORUM_SET: _("named the forum of the gate"),
    GATE_ANSWERED: _("answered the checklist of the gate"),
    GATE_REQUESTED: _("requested the review of the gate"),
    GATE_WITHDRAWN: _("took back the request for the gate"),
    GATE_VOTED: _("voted at the gate"),
    GATE_DECIDED: _("decided the gate"),
    GATE_DECIDED_BEFORE: _("recorded an earlier decision of the gate"),
    CONDITION_SHOWN: _("showed what was done for the condition"),
    CLOSING_OPENED: _("opened the closing checklist with the gate"),
    CLOSING_DONE: _("ticked off in the closing checklist"),
    CLOSING_REOPENED: _("opened again in the closing checklist"),
    CONDITION_ENDED: _("settled the condition"),
    WAIVER_REQUESTED: _("asked for the waiver"),
    WAIVER_APPROVED: _("approved the waiver"),
    WAIVER_REJECTED: _("rejected the waiver"),
    WAIVER_REVOKED: _("ended the waiver"),
    WAIVER_EXPIRED: _("let the waiver expire"),
    WAIVER_WITHDRAWN: _("withdrew the request for the waiver"),
    WAIVER_RENEWED: _("let a longer waiver take the place of the waiver"),
    ASSESSMENT_STARTED: _("started the assessment"),
    ASSESSMENT_INVITED: _("invited respondents to"),
    ASSESSMENT_ANSWERED: _("answered"),
    ASSESSMENT_CLOSED: _("closed the assessment"),
    ASSESSMENT_WITHDRAWN: _("withdrew the assessment"),
    GAP_PLANNED: _("set the targets of"),
    GAP_ACTION_CHANGED: _("changed the action"),
    DOCUMENT_TEMPLATE_LOADED: _("brought in the document template"),
    DOCUMENT_TEMPLATE_DRAFTED: _("began a version of the document template"),
    DOCUMENT_TEMPLATE_EDITED: _("edited the document template"),
    DOCUMENT_TEMPLATE_SUBMITTED: _("submitted the document template"),
    DOCUMENT_TEMPLATE_RETURNED: _("gave back the document template"),
    DOCUMENT_TEMPLATE_PUBLISHED: _("published the document template"),
    DOCUMENT_TEMPLATE_DISCARDED: _("discarded the draft of the document template"),
    DOCUMENT_BEGUN: _("began the document"),
    DOCUMENT_WRITTEN: _("wrote in the document"),
    DOCUMENT_SUBMITTED: _("submitted the document"),
    DOCUMENT_DECIDED: _("decided on the document"),
    DOCUMENT_TAKEN_BACK: _("took the document back"),
    OFFICE_CREATED: _("set up the office"),
    OFFICE_CHANGED: _("changed the office"),
    OFFICE_CHARTERED: _("adopted the charter"),
    OFFICE_MEMBER_ADDED: _("added to the office"),
    OFFICE_MEMBER_CHANGED: _("changed the office member"),
    HELP_ASKED: _("asked for help with"),
    HELP_TAKEN: _("took the request"),
    HELP_ANSWERED: _("answered the request"),
    HELP_WITHDRAWN: _("withdrew the request"),
    LESSON_CAPTURED: _("captured the lesson"),
    LESSON_EDITED: _("edited the lesson"),
    LESSON_MOVED: _("changed the state of the lesson"),
    LESSON_MERGED: _("merged the lesson"),
    LESSON_MARKED: _("marked the offered lesson"),
    LESSONS_NONE: _("said why there are no lessons of"),
    LESSON_TAGS: _("set the tags of"),
    STANDARD_CHANGE_OPENED: _("asked for a change of the standard"),
    STANDARD_CHANGE_DONE: _("changed the standard"),
    STANDARD_CHANGE_DECLINED: _("declined to change the standard"),
    RACI_FILLED: _("took the proposed responsibilities over into"),
    RACI_CHANGED: _("changed the responsibilities for"),
    RACI_ADDED: _("added a row to the responsibility matrix:"),
    RACI_LEFT_OUT: _("left out of the responsibility matrix:"),
    RACI_REMOVED: _("removed from the responsibility matrix:"),
}
