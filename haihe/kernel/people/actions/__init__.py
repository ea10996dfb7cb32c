"""The verbs of people, by what they act on."""

from haihe.kernel.people.actions.consents import give_consent, take_away, withdraw_consent
from haihe.kernel.people.actions.forgetting import forget_subject
from haihe.kernel.people.actions.mandates import give_mandate, withdraw_mandate
from haihe.kernel.people.actions.proofing import proof_at_counter
from haihe.kernel.people.actions.subjects import proof, register_enterprise, register_person

__all__ = [
    "forget_subject",
    "give_consent",
    "give_mandate",
    "proof",
    "proof_at_counter",
    "register_enterprise",
    "register_person",
    "take_away",
    "withdraw_consent",
    "withdraw_mandate",
]
