"""What the desk's pages ask for."""

from haihe.systems.desk.forms.cases import CaseFilter
from haihe.systems.desk.forms.handing import FromForm, HandOverForm
from haihe.systems.desk.forms.opening import OpenForm
from haihe.systems.desk.forms.people import (
    AuditFilter,
    CounterForm,
    JoinForm,
    LookUpForm,
    OfficerFilter,
    PostForm,
    TransferForm,
)
from haihe.ui.steps import StepForm, step_forms

__all__ = [
    "AuditFilter",
    "CaseFilter",
    "CounterForm",
    "FromForm",
    "HandOverForm",
    "JoinForm",
    "LookUpForm",
    "OfficerFilter",
    "OpenForm",
    "PostForm",
    "StepForm",
    "TransferForm",
    "step_forms",
]
