"""The log's tables are only inserted into. A guard against mistakes; tampering is shown by proofs."""

from django.db import migrations

TABLES = (
    "ledger_entry",
    "ledger_numbered",
    "ledger_checkpoint",
    "ledger_cosignature",
    "ledger_subjectentry",
)

FUNCTION = """
create function ledger_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'the ledger is append-only: % of % refused', tg_op, tg_table_name
        using errcode = 'insufficient_privilege';
end
$$
"""


def _guards(table: str) -> list[migrations.RunSQL]:
    return [
        migrations.RunSQL(
            f"create trigger append_only before update or delete on {table}"
            f" for each statement execute function ledger_refuse()",
            f"drop trigger append_only on {table}",
        ),
        migrations.RunSQL(
            f"create trigger never_emptied before truncate on {table}"
            f" for each statement execute function ledger_refuse()",
            f"drop trigger never_emptied on {table}",
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION, "drop function ledger_refuse"),
        *(operation for table in TABLES for operation in _guards(table)),
    ]
