"""No new link gathers from or writes to a system that is to be closed; deliveries read the lake."""

from __future__ import annotations

from django.db import migrations

LINKS = """
create function exchange_check_link() returns trigger language plpgsql as $$
begin
    perform catalogue_must_stay_open(system_id) from catalogue_resource
    where code = new.resource_id and system_id is not null
        and new.target_system_id is null and new.grant_id is null;
    perform catalogue_must_stay_open(new.target_system_id) where new.target_system_id is not null;
    return new;
end $$;
create trigger exchange_link_new before insert on exchange_link
for each row execute function exchange_check_link();
"""


class Migration(migrations.Migration):
    dependencies = [("exchange", "0002_delivery_bounds"), ("catalogue", "0007_list_fields")]

    operations = [
        migrations.RunSQL(LINKS, reverse_sql="drop function exchange_check_link cascade;"),
    ]
