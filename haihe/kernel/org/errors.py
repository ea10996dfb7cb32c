"""What can go wrong in org, one class a failure."""

from __future__ import annotations

from haihe.base.errors import BadInput, NotFound, NotPermitted


class NoUnit(NotFound):
    """No district's government is above a division."""

    code = "org.unit.none"
    message = "No district's government is responsible for this place."
    hint = "Register a district's government for the division or one above it."


class NoDepartment(NotFound):
    """No department of that code."""

    code = "org.department.unknown"
    message = "No department bears this code."
    hint = "Take a code from the list of departments."


class DepartmentThere(BadInput):
    """A department of that code exists."""

    code = "org.department.taken"
    message = "A department bears this code already."
    hint = "Take another code, or change the department that bears it."
    status = 409


class NoPermission(NotFound):
    """No noun and no system has declared a permission of that name."""

    code = "org.permission.unknown"
    message = "Nothing here declares a permission of this name."
    hint = "Take a name from the reference of permissions."


class GivenToOneself(NotPermitted):
    """An administrator gives a permission to themself."""

    code = "org.permission.own"
    message = "Nobody gives a permission to themself."
    hint = "Ask another administrator."


class TwoAdministrators(NotPermitted):
    """An officer would hold powers of two of the three administrators."""

    code = "org.administrators.joined"
    message = "System, security and audit administrators are three different officers."
    hint = "Give the permission to a post that another officer holds."


class NameTaken(BadInput):
    """The sign-in name belongs to another account."""

    code = "org.account.taken"
    message = "This sign-in name is taken."
    hint = "Choose another."
    status = 409


class NoAccount(NotFound):
    """No account of that sign-in name."""

    code = "org.account.unknown"
    message = "No account bears this sign-in name."
    hint = "Check its spelling."


class NoOfficer(NotFound):
    """The account is no officer's, or the officer has left."""

    code = "org.officer.unknown"
    message = "This account is no officer's now."
    hint = "Name an officer who has not left."


class BadName(BadInput):
    """The sign-in name has a shape that is not accepted."""

    code = "org.account.bad_name"
    message = "A sign-in name has 3 to 60 letters, digits, dots, hyphens or underscores."
    hint = "Choose one that fits."


class WeakPassword(BadInput):
    """The password breaks a rule; the message names the rules broken."""

    code = "org.account.weak_password"
    message = "The password is too easy to guess."
    hint = "Take at least ten characters that are no common password and not all digits."


class AlreadyOfficer(BadInput):
    """The account is an officer's already, or was once."""

    code = "org.officer.there"
    message = "This account is an officer's already."
    hint = "Move the officer instead, or make a new account."
    status = 409


class OfficerLeft(BadInput):
    """The officer has left."""

    code = "org.officer.left"
    message = "This officer has left."
    hint = "Make a new account if they come back."
    status = 409


class PostElsewhere(BadInput):
    """The post belongs to another department than the officer."""

    code = "org.post.elsewhere"
    message = "This post belongs to another department."
    hint = "Name the department that the officer moves to."


class ThereAlready(BadInput):
    """The officer works for that department already."""

    code = "org.officer.there_already"
    message = "The officer works for this department already."
    hint = "Choose another department."
    status = 409


class PostNotHeld(BadInput):
    """The officer does not hold the post now."""

    code = "org.post.not_held"
    message = "The officer does not hold this post."
    hint = "Load the officer's page again."
    status = 409


class LastAdministrator(NotPermitted):
    """Nobody who can sign in would be left to appoint administrators of that kind."""

    code = "org.administrator.last"
    message = "This is the last officer who appoints administrators of that kind."
    hint = "Let another officer hold such a post first."
    status = 409


class LastFactor(NotPermitted):
    """An officer's last second factor stays."""

    code = "org.second_factor.last"
    message = "An officer keeps at least one second factor."
    hint = "Add another first, then remove this one."
    status = 409


class NotDemo(NotPermitted):
    """Asked for a demo account outside demo mode."""

    code = "org.demo.off"
    message = "Demo accounts exist in demo mode alone."
    hint = "Make the first administrator with `haihe admin first`."


class AdministratorThere(BadInput):
    """The command for the first administrator, when one is there."""

    code = "org.administrator.there"
    message = "This Haihe has an administrator of this kind."
    hint = "Ask them: administrators appoint their successors on the page of officers."
    status = 409


class NoSuchAdministrator(NotFound):
    """There are three kinds of administrator only."""

    code = "org.administrator.unknown"
    message = "There is no administrator of this kind."
    hint = "Write system, security or audit."
