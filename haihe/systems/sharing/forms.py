"""Forms of sharing: they parse and word; what is allowed the actions decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from haihe.base.identifiers import SCHEMES
from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.catalogue.declare import DIVISION, UNITS, Terms
from haihe.kernel.catalogue.models import (
    Demand,
    Grant,
    Mode,
    OpenClass,
    Purpose,
    Resource,
    SharingClass,
    SourceSystem,
)
from haihe.kernel.org.models import Department
from haihe.systems.sharing.queries import ColumnLine
from haihe.systems.sharing.row_fields import RowFields, tests_of
from haihe.ui.forms import HouseForm
from haihe.ui.templatetags.house import grouped, say
from haihe.ui.values import kind_in_words
from haihe.ui.words import name_of

Choices = list[tuple[str, str]]


def _named(family: str, words: Iterable[str]) -> Choices:
    return [(word, name_of(family, word)) for word in words]


class CatalogueFilter(HouseForm):
    """Narrows the catalogue; each choice says how many resources it leaves."""

    words = forms.CharField(label=_("Words"), required=False, max_length=200)
    department = forms.ChoiceField(label=_("Provider"), required=False)
    classification = forms.ChoiceField(label=_("Place in the catalogue"), required=False)
    sharing_class = forms.ChoiceField(label=_("Sharing class"), required=False)
    open_class = forms.ChoiceField(label=_("Open to the public"), required=False)
    cycle = forms.ChoiceField(label=_("Update cycle"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.titles = {each.code: say(each.name) for each in Department.objects.order_by("code")}
        self.classes = {code: say(title) for code, title in catalogue.classes().items()}
        self._offer("department", self.titles.items())
        self._offer("classification", self.classes.items())
        self._offer("sharing_class", _named("sharing_class", SharingClass.values))
        self._offer("open_class", _named("open_class", OpenClass.values))
        self._offer("cycle", _named("cycle", Resource.Cycle.values))
        self.fields["state"].choices = _named("resource", ("published", "proposed", "closed"))

    def _offer(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        self.fields[name].choices = [("", _("Any")), *choices]

    @property
    def narrowing(self) -> list[forms.BoundField]:
        """All fields but the words."""
        return [self[name] for name in self.fields if name != "words"]

    @property
    def is_narrowed(self) -> bool:
        """Whether it is narrowed by more than words."""
        default = {"words": self.asked()["words"], "state": "published"}
        return any(value != default.get(name, "") for name, value in self.asked().items())

    def asked(self) -> dict[str, str]:
        """What the search is asked: published resources where nothing else is said."""
        chosen = self.cleaned_data if self.is_valid() else {}
        narrowed = {name: chosen.get(name, "") for name in self.fields}
        return narrowed | {"state": narrowed["state"] or "published"}

    def count(self, facets: Mapping[str, list[tuple[str, int]]]) -> None:
        """Say with each choice how many there are, and leave out those that find nothing.

        A field that narrows already keeps all its choices, so that another can be taken at once.
        """
        asked = self.asked()
        for name, counted in facets.items():
            if asked[name]:
                continue
            counts = Counter(dict(counted))
            for code, number in counted if name == "classification" else ():
                if "-" in code:  # a class holds all the places below it
                    counts[code.partition("-")[0]] += number
            self._offer(
                name,
                (
                    (value, f"{shown} ({grouped(counts[value])})")
                    for value, shown in self.fields[name].choices
                    if value and counts[value]
                ),
            )


class DemandForm(HouseForm):
    """Raises a demand: which columns, what for, by what law, how."""

    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        error_messages={"required": _("Choose at least one column.")},
    )
    purpose = forms.ChoiceField(label=_("Purpose"))
    basis = forms.CharField(
        label=_("Legal basis"),
        help_text=_("The article of law that lets your department use these columns."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    scene = forms.CharField(
        label=_("Scene"),
        help_text=_("The service that becomes simpler, and for whom."),
        required=False,
        max_length=500,
    )
    mode = forms.ChoiceField(label=_("Way of delivery"), widget=forms.RadioSelect)
    rate_per_minute = forms.IntegerField(
        label=_("Calls a minute, at most"), min_value=1, max_value=1_000_000, initial=600
    )
    months = forms.IntegerField(label=_("Months"), min_value=1, max_value=60, initial=12)

    def __init__(
        self, *args: Any, lines: Iterable[ColumnLine], modes: Iterable[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        grantable = [line.column for line in lines if line.is_grantable]
        self.fields["columns"].choices = [(each.name, say(each.title)) for each in grantable]
        purposes = Purpose.objects.order_by("code")
        self.fields["purpose"].choices = [("", "—"), *((p.code, say(p.title)) for p in purposes)]
        named = set(modes)
        offered = [each for each in (Mode.INTERFACE, Mode.TABLE, Mode.FILE) if each in named]
        self.fields["mode"].choices = _named("mode", offered)
        self.fields["mode"].initial = offered[0] if offered else None


class CorrectForm(DemandForm):
    """A demand that was returned: all but its purpose may be corrected."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["purpose"]


class SheetForm(HouseForm):
    """A spreadsheet of the catalogue or of a list."""

    file = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_("An .xlsx or .csv file of up to 20 MB. Nothing is written before you confirm."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
    )


class ReasonForm(HouseForm):
    """A decision that must say why."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class DeliveryForm(HouseForm):
    """Where the granted rows go: a system of the receiver's own."""

    target_system = forms.ChoiceField(label=_("Your system that receives"))
    target_table = forms.CharField(
        label=_("Table there"), max_length=200, help_text=_("For example: received.low_income")
    )

    def __init__(self, *args: Any, department: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = SourceSystem.objects.filter(department=department).order_by("code")
        self.fields["target_system"].choices = [(s.code, say(s.title)) for s in own]


class ConfirmForm(HouseForm):
    """What a person reviews of a proposed resource, besides its columns."""

    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=120, required=False)
    title_en = forms.CharField(label=_("Title in English"), max_length=120, required=False)
    sharing_class = forms.ChoiceField(label=_("Sharing class"), widget=forms.RadioSelect)
    sharing_condition = forms.CharField(
        label=_("Condition"),
        required=False,
        max_length=500,
        help_text=_("What a department must show before it is given this; for conditional ones."),
    )
    open_class = forms.ChoiceField(label=_("Open to the public"))
    open_condition = forms.CharField(
        label=_("Condition of opening"), required=False, max_length=500
    )
    modes = forms.MultipleChoiceField(
        label=_("Ways of delivery"), widget=forms.CheckboxSelectMultiple
    )
    classification = forms.ChoiceField(
        label=_("Place in the catalogue"),
        required=False,
        help_text=_("With it the resource gets its number in the catalogue."),
    )
    cycle = forms.ChoiceField(label=_("Update cycle"))
    related = forms.CharField(
        label=_("Related resources"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Codes of resources that belong with this one, one a line."),
    )
    subject = forms.ChoiceField(
        label=_("Column that says whom a row concerns"),
        required=False,
        help_text=_("Its number is hashed; without it nobody can find themself in this resource."),
    )

    def __init__(self, *args: Any, columns: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sharing_class"].choices = _named("sharing_class", SharingClass.values)
        self.fields["open_class"].choices = _named("open_class", OpenClass.values)
        self.fields["modes"].choices = _named("mode", Mode.values)
        places = ((code, f"{code} {say(title)}") for code, title in catalogue.classes().items())
        self.fields["classification"].choices = [("", "—"), *places]
        self.fields["cycle"].choices = _named("cycle", Resource.Cycle.values)
        self.fields["subject"].choices = [("", _("None")), *((name, name) for name in columns)]

    def clean_related(self) -> list[str]:
        """One code a line, each once, in their order."""
        lines = str(self.cleaned_data["related"]).splitlines()
        return list(dict.fromkeys(line.strip() for line in lines if line.strip()))


class ColumnForm(HouseForm):
    """One column of a proposed resource."""

    title_zh = forms.CharField(label=_("Chinese"), max_length=120, required=False)
    title_en = forms.CharField(label=_("English"), max_length=120, required=False)
    kind = forms.ChoiceField(label=_("Kind"))
    scheme = forms.ChoiceField(label=_("Identifier"), required=False)
    unit = forms.ChoiceField(
        label=_("Unit of measure"),
        required=False,
        help_text=_("Say it where the numbers are money in fen."),
    )
    sharing_class = forms.ChoiceField(label=_("Sharing class"), required=False)
    is_personal = forms.BooleanField(label=_("Personal"), required=False)
    is_key = forms.BooleanField(label=_("Primary key"), required=False)
    is_required = forms.BooleanField(label=_("Required"), required=False)

    def __init__(self, *args: Any, kinds: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind, kind_in_words(kind)) for kind in kinds]
        self.fields["scheme"].choices = [("", "—"), *((name, name) for name in SCHEMES)]
        self.fields["unit"].choices = [("", "—"), *_named("unit", UNITS)]
        self.fields["sharing_class"].choices = [
            ("", _("As the resource")),
            *_named("sharing_class", SharingClass.values),
        ]


class CallerForm(HouseForm):
    """Makes a caller: whose system, and its name in the address of each call."""

    department = forms.ChoiceField(label=_("Department"))
    subsystem = forms.CharField(
        label=_("Name of the system"),
        max_length=60,
        help_text=_("Letters, digits, dots, hyphens and underscores, for example fund_counter"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        active = Department.objects.filter(is_active=True).order_by("code")
        self.fields["department"].choices = [(each.code, say(each.name)) for each in active]


class OnwardForm(HouseForm):
    """Asks that what is received may be passed on."""

    to = forms.MultipleChoiceField(
        label=_("Departments that may get it"), widget=forms.CheckboxSelectMultiple
    )
    law = forms.CharField(
        label=_("Legal basis"),
        help_text=_("The article of law that lets it be passed on."),
        max_length=500,
    )
    last = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(
        label=_("Why it is needed"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, grant: Grant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parties = (grant.department_id, grant.resource.department_id)
        others = Department.objects.filter(is_active=True).exclude(pk__in=parties)
        self.fields["to"].choices = [
            (each.code, say(each.name)) for each in others.order_by("code")
        ]
        self.fields["last"].initial = grant.until.date()


class RenewalForm(HouseForm):
    """Asks that a grant last longer."""

    months = forms.IntegerField(label=_("Months more"), min_value=1, max_value=60, initial=12)
    reason = forms.CharField(
        label=_("Why it is still needed"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class TermsForm(RowFields):
    """What a demand asks besides columns, purpose and term: rows, pace, how long it is kept."""

    is_return_flow = forms.BooleanField(
        label=_("Return flow: only the rows of my own district"), required=False
    )
    every_hours = forms.IntegerField(
        label=_("Delivered at most every so many hours"),
        required=False,
        min_value=1,
        max_value=8784,
    )
    is_once = forms.BooleanField(label=_("Delivered once only"), required=False)
    data_life_days = forms.IntegerField(
        label=_("Days that received data is kept, at most"),
        min_value=1,
        max_value=3660,
        initial=365,
        required=False,
    )

    def __init__(
        self, *args: Any, lines: Iterable[ColumnLine], department: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.columns = self.offer(lines, none=_("Every row"))
        own = Department.objects.filter(pk=department, kind=Department.Kind.DISTRICT).first()
        self.division = own.division_id if own else None
        holding = [name for name, each in self.columns.items() if each.element == DIVISION]
        self.division_column = holding[0] if len(holding) == 1 else ""
        if not self.division or not self.division_column:
            del self.fields["is_return_flow"]

    @staticmethod
    def of(demand: Demand) -> dict[str, Any]:
        """What the form shows of a demand: its first test of rows, its pace, its data's life."""
        test = demand.rows[0] if demand.rows else {}
        return {
            "row_column": test.get("column", ""),
            "row_test": test.get("test", "prefix"),
            "row_values": ", ".join(str(value) for value in test.get("values", ())),
            "is_return_flow": demand.is_return_flow,
            "every_hours": demand.every_hours,
            "is_once": demand.fetching == "once",
            "data_life_days": demand.data_life_days,
        }

    def terms(self) -> Terms:
        """The terms that the form asks for; what they may be the action decides."""
        given = self.cleaned_data
        is_return = bool(given.get("is_return_flow"))
        own = {"column": self.division_column, "test": "prefix", "values": [self.division]}
        return Terms(
            rows=([own] if is_return else []) + tests_of(self.columns, given),
            fetching="once" if given["is_once"] else "periodic",
            every_hours=given["every_hours"],
            data_life_days=given["data_life_days"] or Terms().data_life_days,
            is_return_flow=is_return,
        )
