"""What can go wrong in cases, one class a failure."""

from __future__ import annotations

from collections.abc import Iterable

from haihe.base.errors import BadInput, NotFound, NotPermitted


class BadType(BadInput):
    """A case type's document has faults; the message names every one."""

    code = "cases.type.bad"
    message = "This case type has faults."
    hint = "Mend each fault that is named and check again."

    def __init__(self, message: str = "", *, faults: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.faults = tuple(faults)


class UnknownType(NotFound):
    """Nothing declares or publishes a case type of that name."""

    code = "cases.type.unknown"
    message = "There is no case type of this name."
    hint = "Take a name from the published case types."


class UnknownVersion(NotFound):
    """The case type has no version of that number."""

    code = "cases.type.no_version"
    message = "The case type has no version of this number."
    hint = "Take a number from the versions of this type."


class UnknownDraft(NotFound):
    """No draft of that id."""

    code = "cases.draft.unknown"
    message = "There is no such draft of a case type."
    hint = "Draft the case type first."


class UnknownItem(NotFound):
    """Nothing on the city's list of items bears the code, or it has ended."""

    code = "cases.item.unknown"
    message = "There is no such item on the city's list."
    hint = "Choose an item from the list."


class WithoutItem(BadInput):
    """The action asks for an item, and none is given."""

    code = "cases.step.without_item"
    message = "This step needs an item from the city's list."
    hint = "Choose what the case is about."


class OutsideCity(BadInput):
    """A report of a point that lies in no place of the city."""

    code = "cases.report.outside"
    message = "This place lies outside the city."
    hint = "Choose a place within the city, or tell the city that it lies in."


class UnknownPhoto(NotFound):
    """A file that is not of the case."""

    code = "cases.photo.unknown"
    message = "This case has no such photo."
    hint = "Open the photos from the case's own page."


class FaultyItems(BadInput):
    """A list of items can't be loaded; the message names every fault."""

    code = "cases.items.bad"
    message = "This list of items has faults."
    hint = "Mend each fault that is named and load the list again."


class DraftMoved(BadInput):
    """The draft is not where this verb needs it."""

    code = "cases.draft.moved"
    message = "This draft was approved or published already, or is not approved yet."
    hint = "Look at the draft again: drafted, approved by another person, then published."
    status = 409


class OwnDraft(NotPermitted):
    """Whoever drafted a type approves it."""

    code = "cases.draft.own"
    message = "A case type is approved by another person than drafted it."
    hint = "Ask a second steward."


class BadMapping(BadInput):
    """A mapping of states misses one that is in use, or names one that the new version lacks."""

    code = "cases.mapping.bad"
    message = "The mapping of states does not fit the two versions."
    hint = "Name an open state of the new version for every state in which cases run."


class UnknownCase(NotFound):
    """No case of that id."""

    code = "cases.case.unknown"
    message = "There is no such case."
    hint = "Check the case's number."


class UnknownPlace(NotFound):
    """No division of that code."""

    code = "cases.place.unknown"
    message = "There is no place of this code."
    hint = "Take a code from the city's divisions."


class UnknownDepartment(NotFound):
    """No department of that code."""

    code = "cases.department.unknown"
    message = "There is no department of this code."
    hint = "Take a code from the list of departments."


class BadAssignee(BadInput):
    """The officer or post is not of the department in charge."""

    code = "cases.assignee.bad"
    message = "An officer or post is of the department that is in charge."
    hint = "Name one of that department, who has not left."


class BadPoint(BadInput):
    """A point without its datum, or outside the earth."""

    code = "cases.point.bad"
    message = "A point has longitude, latitude and a datum, all three."
    hint = "Name the datum in which the point was measured."


class UnknownAction(NotFound):
    """The case's version has no action of that name."""

    code = "cases.action.unknown"
    message = "This case knows no such action."
    hint = "Take one of the actions of its type's version."


class WrongVerb(BadInput):
    """The action has another effect than the verb that was used."""

    code = "cases.action.wrong_verb"
    message = "This action does something else."
    hint = "Use the verb of its effect, or take_step with what it needs."


class WrongState(BadInput):
    """The action is not for the state in which the case is now."""

    code = "cases.state.not_allowed"
    message = "This can't be done in the case's state."
    hint = "Look at the case again: it may have moved since."
    status = 409


class CaseSuspended(BadInput):
    """The case is suspended."""

    code = "cases.case.suspended"
    message = "The case is suspended: its clocks stand still, and so does it."
    hint = "Resume it first."
    status = 409


class NotSuspended(BadInput):
    """The case is not suspended."""

    code = "cases.case.not_suspended"
    message = "The case is not suspended."
    hint = "There is nothing to resume."
    status = 409


class NotYourPart(NotPermitted):
    """The actor has none of the roles that the action is for."""

    code = "cases.not_your_part"
    message = "This step is another's part in this case."
    hint = "It is for the roles that the case type names."


class WithoutNote(BadInput):
    """The action asks for a note or a reason."""

    code = "cases.step.without_note"
    message = "This step needs a note that says why."
    hint = "Write it and send it again."


class WithoutPhoto(BadInput):
    """The action asks for a photo."""

    code = "cases.step.without_photo"
    message = "This step needs a photo."
    hint = "Add at least one."


class WithoutAssignee(BadInput):
    """The action asks who is in charge next."""

    code = "cases.step.without_assignee"
    message = "This step needs to know who is in charge next."
    hint = "Name a department, or an officer or post of it."


class BadAnswer(BadInput):
    """A field that the action asks for is missing, unknown or does not fit."""

    code = "cases.step.bad_answer"
    message = "An answer is missing, not asked for, or does not fit."
    hint = "Answer the fields that the message names."


class WithoutLead(BadInput):
    """A dispatch or whistle names no department, or one twice."""

    code = "cases.step.without_lead"
    message = "Dispatching names one lead and each assisting department once."
    hint = "Name a lead department."


class NoTask(BadInput):
    """The actor's department has no open task in this case."""

    code = "cases.task.none"
    message = "Your department has no open task in this case."
    hint = "Look at the case again: the task may be done or withdrawn."
    status = 409


class LimitReached(BadInput):
    """It was done as often as the type allows."""

    code = "cases.limit.reached"
    message = "This was done as often as this type of case allows."
    hint = "Ask whoever commands the case; another action leads on."
    status = 409


class TooLate(BadInput):
    """Re-opening is asked for after its days."""

    code = "cases.reopen.too_late"
    message = "The case ended too long ago to be re-opened."
    hint = "Open a new case."
    status = 409


class BadTerm(BadInput):
    """A suspension ends in the past, or an extension is not a positive number."""

    code = "cases.term.bad"
    message = "A suspension ends later than now; an extension is one unit at least."
    hint = "Give a later moment or a larger number."


class ClockStands(BadInput):
    """The clock to be extended does not run."""

    code = "cases.clock.stands"
    message = "This clock does not run."
    hint = "Name a clock that runs in the case's state."
    status = 409


class BadMerge(BadInput):
    """A case would be merged with itself, a merged or an ended one."""

    code = "cases.merge.bad"
    message = "A duplicate is merged into another case that runs and is not merged itself."
    hint = "Name the case that is kept."


class BadScore(BadInput):
    """A rating outside one to five."""

    code = "cases.rating.bad"
    message = "A rating is a whole number from 1 to 5."
    hint = "Choose one to five."


class HandedToNobody(BadInput):
    """A hand-over names nobody whose work is handed over, or whoever takes it is the same."""

    code = "cases.hand_over.nobody"
    message = "A hand-over names an officer or post, and another who takes over."
    hint = "Name the one who leaves and the one who takes over."


class WithoutBasis(BadInput):
    """Texts would be erased without saying why."""

    code = "cases.remarks.without_basis"
    message = "Erasing names its legal basis."
    hint = "Cite the law, or the person's request."


class WithoutInbox(BadInput):
    """An inbox of nobody."""

    code = "cases.inbox.whose"
    message = "An inbox is a department's, a post's or an officer's."
    hint = "Name one of the three."


class BadPage(BadInput):
    """What asks for the next page was not given by the last one."""

    code = "cases.inbox.page"
    message = "There is no such page."
    hint = "Start again at the first page."


class BadSpan(BadInput):
    """Figures are asked of no time, or of too long a one."""

    code = "cases.figures.span"
    message = "Figures are of a year at most, and the first day comes before the last."
    hint = "Choose a shorter time."


class UnknownMeasure(BadInput):
    """Figures are asked of something that is not counted, such as a named worker."""

    code = "cases.figures.measure"
    message = "This is not counted: figures are of units and places, never of named workers."
    hint = "Take a number from a page of figures."


class BadMirror(BadInput):
    """A platform says what a case of this type can't be."""

    code = "cases.mirror.state"
    message = "A case of this type can't be put in this state from outside."
    hint = "Map the platform's status to another state of the type, in the pack's platforms.yaml."


class NotRunning(BadInput):
    """What is to be imported has ended, or is of a state that the type lacks."""

    code = "cases.import.state"
    message = "Only running cases are imported, in a state of their type."
    hint = "Map the old platform's status to a state in which cases of the type run."


class BadPast(BadInput):
    """An imported case's history is not in order, or lies in the future."""

    code = "cases.import.past"
    message = "The history does not run from the opening on until now."
    hint = "Correct the times: none before the opening, none after today, each with its zone."
