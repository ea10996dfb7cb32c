"""History and versions are only inserted; steps of a case are numbered without a gap.

Whoever writes past the actions meets these too (PostgreSQL 15 or newer).
"""

from __future__ import annotations

from django.db import migrations

REFUSE = """
create function cases_refuse() returns trigger language plpgsql as $$
begin
    raise exception '% of % refused: it is append-only', tg_op, tg_table_name
        using errcode = 'insufficient_privilege';
end $$;
"""

# An event continues its case's history: the next number, from the state where the last one ended.
CONTINUES = """
create function cases_continue() returns trigger language plpgsql as $$
declare
    last record;
begin
    select ordinal, "to" into last from cases_event
    where case_id = new.case_id order by ordinal desc limit 1;
    if new.ordinal is distinct from coalesce(last.ordinal, 0) + 1
       or new.start is distinct from coalesce(last."to", '') then
        raise exception 'this event does not continue its case''s history'
            using errcode = 'check_violation', constraint = 'history_continues';
    end if;
    return new;
end $$;
create trigger history_continues before insert on cases_event
for each row when (new.ordinal > 1) execute function cases_continue();
"""


def _append_only(table: str) -> list[migrations.RunSQL]:
    return [
        migrations.RunSQL(
            f"create trigger append_only before update or delete on {table}"
            f" for each statement execute function cases_refuse()",
            f"drop trigger append_only on {table}",
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [
        migrations.RunSQL(REFUSE, "drop function cases_refuse"),
        migrations.RunSQL(
            CONTINUES,
            "drop trigger history_continues on cases_event; drop function cases_continue",
        ),
        *_append_only("cases_event"),
        *_append_only("cases_casetypeversion"),
        migrations.RunSQL(
            "create trigger never_emptied before truncate on cases_event"
            " for each statement execute function cases_refuse()",
            "drop trigger never_emptied on cases_event",
        ),
        migrations.RunSQL(
            "alter table cases_event add constraint first_event_opens"
            " check ((ordinal = 1) = (start = ''))",
            "alter table cases_event drop constraint first_event_opens",
        ),
    ]
