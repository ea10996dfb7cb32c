"""What can be done in the catalogue. The only code that writes its rows."""

from haihe.kernel.catalogue.actions.deciding import (
    decide_demand,
    extend_demand,
    grant_demand,
    pass_demand,
    refuse_demand,
    return_demand,
)
from haihe.kernel.catalogue.actions.deletions import (
    ask_deletion,
    ask_deletions,
    confirm_deletion,
    note_found,
    prove_deletion,
)
from haihe.kernel.catalogue.actions.demands import (
    bring_demand,
    correct_demand,
    negotiate_demand,
    raise_demand,
    say_in_negotiation,
    withdraw_demand,
)
from haihe.kernel.catalogue.actions.disputes import (
    answer_dispute,
    raise_dispute,
    settle_dispute,
    withdraw_dispute,
)
from haihe.kernel.catalogue.actions.grants import (
    ask_renewal,
    ask_return_flow,
    evaluate_grant,
    refuse_renewal,
    renew_grant,
    withdraw_grant,
)
from haihe.kernel.catalogue.actions.lists import (
    add_negative_entry,
    add_purpose,
    add_responsibility,
    change_responsibility,
    end_negative_entry,
    review_negative_entry,
)
from haihe.kernel.catalogue.actions.onward import (
    allow_onward,
    ask_onward,
    refuse_onward,
)
from haihe.kernel.catalogue.actions.recounting import (
    recount_dues,
)
from haihe.kernel.catalogue.actions.resources import (
    confirm_resource,
    propose_resource,
    publish_resource,
    publish_resources,
    set_classes,
)
from haihe.kernel.catalogue.actions.sheets import (
    Outcome,
    import_sheets,
    try_sheets,
)
from haihe.kernel.catalogue.actions.systems import (
    pause_system,
    register_system,
    resume_system,
)
from haihe.kernel.catalogue.actions.wanted import (
    ask_provider,
    decline_wanted,
    match_wanted,
    refuse_wanted,
    seek_data,
    supply_wanted,
    withdraw_wanted,
)

__all__ = [
    "Outcome",
    "add_negative_entry",
    "add_purpose",
    "add_responsibility",
    "allow_onward",
    "answer_dispute",
    "ask_deletion",
    "ask_deletions",
    "ask_onward",
    "ask_provider",
    "ask_renewal",
    "ask_return_flow",
    "bring_demand",
    "change_responsibility",
    "confirm_deletion",
    "confirm_resource",
    "correct_demand",
    "decide_demand",
    "decline_wanted",
    "end_negative_entry",
    "evaluate_grant",
    "extend_demand",
    "grant_demand",
    "import_sheets",
    "match_wanted",
    "negotiate_demand",
    "note_found",
    "pass_demand",
    "pause_system",
    "propose_resource",
    "prove_deletion",
    "publish_resource",
    "publish_resources",
    "raise_demand",
    "raise_dispute",
    "recount_dues",
    "refuse_demand",
    "refuse_onward",
    "refuse_renewal",
    "refuse_wanted",
    "register_system",
    "renew_grant",
    "resume_system",
    "return_demand",
    "review_negative_entry",
    "say_in_negotiation",
    "seek_data",
    "set_classes",
    "settle_dispute",
    "supply_wanted",
    "try_sheets",
    "withdraw_demand",
    "withdraw_dispute",
    "withdraw_grant",
    "withdraw_wanted",
]
