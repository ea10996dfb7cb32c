"""Every change of who may call what is heard at once by the processes that answer calls."""

from django.db import migrations

TABLES = (
    "services_service",
    "services_caller",
    "catalogue_resource",
    "catalogue_column",
    "catalogue_grant",
    "catalogue_grant_columns",
    "catalogue_negativeentry",
    "catalogue_negativeentry_columns",
)

FUNCTION = """
create function services_rights_changed() returns trigger language plpgsql as $$
begin
    perform pg_notify('haihe_rights', '');
    return null;
end $$
"""

TRIGGER = """
create trigger rights_heard after insert or update or delete or truncate on {table}
for each statement execute function services_rights_changed()
"""


class Migration(migrations.Migration):
    dependencies = [("services", "0001_initial"), ("catalogue", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION, "drop function services_rights_changed()"),
        *(
            migrations.RunSQL(TRIGGER.format(table=table), f"drop trigger rights_heard on {table}")
            for table in TABLES
        ),
        # A rate's row changes at each batch: room for it on its own page.
        migrations.RunSQL("alter table services_rate set (fillfactor = 25)", ""),
    ]
