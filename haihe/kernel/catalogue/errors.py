"""What can go wrong in the catalogue; one class a failure."""

from __future__ import annotations

from haihe.base.errors import BadInput, HaiheError, NotFound, NotPermitted, Unavailable


class UnknownSystem(NotFound):
    """No source system bears that code."""

    code = "catalogue.system.unknown"
    message = "There is no such source system."
    hint = "Look it up in the list of systems."


class SystemPaused(Unavailable):
    """The provider has paused the source system: nothing may connect to it."""

    code = "catalogue.system.paused"
    message = "The provider has paused this system."
    hint = "Wait until the provider's department resumes it."


class SystemClosed(BadInput):
    """The source system is to be closed (关停): nothing new is hung on it."""

    code = "catalogue.system.closed"
    message = "This system is to be closed, so it gets nothing new."
    hint = "Name the system that takes its place."


class BadMerge(BadInput):
    """A system that is merged (整合) names no target, itself, or one that does not stay."""

    code = "catalogue.system.bad_merge"
    message = "A system is merged into another one that stays."
    hint = "Name the system that takes its place, and name one only where this one is merged."


class MergedInto(HaiheError):
    """Another system is to be merged into this one, so it stays."""

    code = "catalogue.system.merged_into"
    message = "Another system is to be merged into this one, so it stays."
    hint = "Name another target for that system first."
    status = 409


class UnknownNetwork(BadInput):
    """The network is none of the four."""

    code = "catalogue.system.network_unknown"
    message = "There is no such network."
    hint = "One of extranet, intranet, internet, dedicated."


class UnknownFate(BadInput):
    """What becomes of a system is one of three."""

    code = "catalogue.system.fate_unknown"
    message = "A system is kept, merged or closed."
    hint = "One of keep, merge, close."


class BadLevel(BadInput):
    """A level of protection is 1 to 5 (GB/T 22240)."""

    code = "catalogue.system.bad_level"
    message = "A level of protection is 1 to 5."
    hint = "Write the level that the system was classified at."


class BadCount(BadInput):
    """A number of tables or interfaces can't be one."""

    code = "catalogue.system.bad_count"
    message = "A number of tables or interfaces is zero or more, and no more than a million."
    hint = "Write how many there are, or leave it empty."


class NotAPost(BadInput):
    """A contact is a post; persons and their numbers are not kept in the lists."""

    code = "catalogue.responsibility.not_a_post"
    message = "The contact is a post, without a person's number or address."
    hint = "Name the post, such as the data office of the department."


class ItemWithoutTitle(BadInput):
    """A business item has a code and no name."""

    code = "catalogue.responsibility.item_without_title"
    message = "The business item has a code and no name."
    hint = "Write the item's name beside its code."


class UnknownWord(BadInput):
    """A level or status is none of those there are."""

    code = "catalogue.responsibility.unknown_word"
    message = "There is no such level or status."


class UnknownResponsibility(NotFound):
    """Nobody is responsible for the resource yet."""

    code = "catalogue.responsibility.unknown"
    message = "Nobody is responsible for this resource yet."
    hint = "Add the responsibility first."


class ReviewPassed(BadInput):
    """A day of review lies in the past."""

    code = "catalogue.negative.review_passed"
    message = "The next review lies in the past."
    hint = "Name a day to come."


class SystemWithoutAddress(BadInput):
    """The source system is registered without an address."""

    code = "catalogue.system.without_address"
    message = "This system is registered without an address."
    hint = "Register it again with its address."


class UnknownResource(NotFound):
    """No resource bears that code."""

    code = "catalogue.resource.unknown"
    message = "There is no such resource."
    hint = "Look it up in the catalogue."


class ResourceNotPublished(BadInput):
    """The resource is proposed or closed, so it can't be demanded or granted."""

    code = "catalogue.resource.not_published"
    message = "This resource is not published."
    hint = "Ask its provider to confirm or publish it."


class ResourceWithoutSystem(BadInput):
    """A responsibility names a system, and the resource has none."""

    code = "catalogue.resource.without_system"
    message = "This resource names no source system, so nobody can be made responsible for it."
    hint = "Publish the resource again with the system that holds it."


class BadDraft(BadInput):
    """The draft of a resource contradicts itself."""

    code = "catalogue.resource.bad_draft"


class LeadTaken(BadInput):
    """Another column is the lead source (数源) of that datum: one datum, one source."""

    code = "catalogue.lead.taken"
    hint = "Leave the mark out, or agree with that department which of you keeps it."


class UnknownClassification(BadInput):
    """The catalogue's tree has no such place."""

    code = "catalogue.classification.unknown"
    hint = "Take a code of the tree of classes, or a finer one below it."


class RelatedToItself(BadInput):
    """A resource names itself among those that belong with it."""

    code = "catalogue.related.itself"
    message = "A resource is not related to itself."
    hint = "Take its own code out of the related resources."


class UnknownRelated(BadInput):
    """A resource names one among those that belong with it that the catalogue does not have."""

    code = "catalogue.related.unknown"
    message = "A related resource is not in the catalogue."
    hint = "Correct the code, or bring that resource into the catalogue first."


class MovedAlready(HaiheError):
    """The row is in a state from which this move is not allowed."""

    code = "catalogue.state.not_allowed"
    hint = "Reload the page: somebody may have decided already."
    status = 409


class UnknownColumn(NotFound):
    """The resource has no column of that name."""

    code = "catalogue.column.unknown"
    hint = "Look the columns up on the resource's page."


class ColumnOnNegativeList(BadInput):
    """The column is on the negative list; the sentence cites the law."""

    code = "catalogue.column.on_negative_list"
    hint = "Demand the other columns, or the substitute that the entry allows."


class ColumnWithheld(BadInput):
    """The column, or its whole resource, is withheld (不予共享)."""

    code = "catalogue.column.withheld"
    hint = "Demand the other columns."


class UnknownPurpose(NotFound):
    """No purpose bears that code."""

    code = "catalogue.purpose.unknown"
    message = "There is no such purpose."
    hint = "Have the purpose added with its legal basis first."


class WithoutBasis(BadInput):
    """No law is cited where one must be."""

    code = "catalogue.without_basis"
    message = "The legal basis is missing."
    hint = "Cite the article of law."


class WithoutColumns(BadInput):
    """Nothing is named that could be shared."""

    code = "catalogue.without_columns"
    message = "No column is named."
    hint = "Name at least one column."


class WithoutReason(BadInput):
    """A refusal or withdrawal gives no reason."""

    code = "catalogue.without_reason"
    message = "The reason is missing."
    hint = "Say why: the other department has a right to know."


class OwnResource(BadInput):
    """A department demands what it provides itself."""

    code = "catalogue.demand.own_resource"
    message = "A department need not demand its own resource."
    hint = "Use it directly."


class BadDemand(BadInput):
    """The demand's rate, months or mode can't be used."""

    code = "catalogue.demand.bad"


class WithoutAuthority(HaiheError):
    """The city names no authority that could do this."""

    code = "catalogue.without_authority"
    message = "This city's pack names no data authority."
    hint = "Name it in city.toml: authority under [demands]."
    status = 409


class PartyDecides(NotPermitted):
    """Whoever is a party of the case would decide it."""

    code = "catalogue.party_decides"
    message = "Your department is a party here: it can't decide between both."
    hint = "Leave it to another department, or settle it as a party: grant, or withdraw."


class TooLateToObject(HaiheError):
    """The time in which a refusal can be objected to is over."""

    code = "catalogue.demand.too_late"
    message = "The time to object to this refusal is over."
    hint = "Raise a new demand, and say what has changed."
    status = 409


class HeldAlready(BadInput):
    """Data are looked for that the city holds."""

    code = "catalogue.wanted.held_already"
    hint = "Raise the demand there; or say why those data do not serve."


class UnknownWanted(NotFound):
    """No such entry of wanted data."""

    code = "catalogue.wanted.unknown"


class UnknownDispute(NotFound):
    """No such dispute."""

    code = "catalogue.dispute.unknown"


class BadSettlement(BadInput):
    """A dispute can't be settled in this way."""

    code = "catalogue.dispute.bad"


class UnknownDemand(NotFound):
    """No such demand."""

    code = "catalogue.demand.unknown"


class NotYourColumns(NotPermitted):
    """A department lists columns of another's resources."""

    code = "catalogue.negative.not_yours"
    message = "A department lists columns of its own resources alone."
    hint = "Ask the data office, which lists columns of any department, or the provider."


class NotYourDepartment(NotPermitted):
    """Another department decides this."""

    code = "catalogue.not_your_department"
    message = "Another department decides this."
    hint = "Ask the department that the page names."


class ResponsibilityTaken(HaiheError):
    """The resource has its responsibility already: one source for one datum (一数一源)."""

    code = "catalogue.responsibility.taken"
    message = "Somebody is responsible for this resource already."
    hint = "One resource has one responsible department (Decree 809)."
    status = 409


class CodeTaken(HaiheError):
    """The code or table belongs to something else."""

    code = "catalogue.code_taken"
    message = "This code or table is taken by another department's entry."
    hint = "Choose another."
    status = 409


class UnknownDepartment(NotFound):
    """No department bears that code."""

    code = "catalogue.department.unknown"
    hint = "Look it up among the city's departments."


class SheetFaults(BadInput):
    """A spreadsheet has faults, so nothing of it is brought in."""

    code = "catalogue.sheets.faulty"
    message = "The file has faults, so nothing of it was brought in."
    hint = "Correct the cells that are named, and send the file again."
    status = 422


class UnknownList(NotFound):
    """No list bears that name."""

    code = "catalogue.sheets.unknown_list"
    message = "There is no such list."
    hint = "One of catalogue, systems, responsibilities, negative, demands."
