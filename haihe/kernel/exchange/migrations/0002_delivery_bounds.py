"""No delivery is entered outside its grant's time and pace; what was delivered is not gathered."""

from __future__ import annotations

from django.db import migrations

DELIVERED = """
create function exchange_check_delivery() returns trigger language plpgsql as $$
declare
    held record;
begin
    select g.withdrawn_at, g.until, g.fetching, g.every_hours into held
    from exchange_link l join catalogue_grant g on g.id = l.grant_id
    where l.code = new.link_id for share of g;
    if not found then
        return new;
    end if;
    if held.withdrawn_at is not null or held.until <= now() then
        perform catalogue_refuse('delivery_within_its_grant', 'The grant is withdrawn or has ended.');
    end if;
    if (held.fetching = 'once' or held.every_hours is not null) and exists (
        select from exchange_batch b
        where b.link_id = new.link_id and b.id <> new.id and b.state = 'done'
        and (held.fetching = 'once' or b.started_at > new.started_at
            - make_interval(hours => held.every_hours) + interval '10 minutes')
    ) then
        perform catalogue_refuse('delivery_at_its_pace', 'The grant lets rows be delivered less often.');
    end if;
    return new;
end $$;
create trigger exchange_delivery_check before update of entry on exchange_batch
for each row when (old.entry is null and new.entry is not null)
execute function exchange_check_delivery();
"""

GATHERED = """
create function exchange_check_gathering() returns trigger language plpgsql as $$
begin
    if new.grant_id is null and exists (
        select from catalogue_resource r
        join exchange_link l on l.target_system_id = r.system_id
        where r.code = new.resource_id
        and regexp_replace(l.target_table, '^public[.]', '')
            = regexp_replace(trim(r.source_table), '^public[.]', '')
    ) then
        perform catalogue_refuse('delivered_is_not_gathered', 'What was delivered is no source.');
    end if;
    if new.target_system_id is not null and exists (
        select from catalogue_resource r join exchange_link l on l.resource_id = r.code
        where l.grant_id is null and r.system_id = new.target_system_id
        and regexp_replace(trim(r.source_table), '^public[.]', '')
            = regexp_replace(new.target_table, '^public[.]', '')
    ) then
        perform catalogue_refuse('gathered_is_not_delivered_into', 'Rows are gathered from there.');
    end if;
    return new;
end $$;
create trigger exchange_gathering_check before insert on exchange_link
for each row execute function exchange_check_gathering();
"""


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial"), ("catalogue", "0008_grant_terms")]

    operations = [
        migrations.RunSQL(
            DELIVERED + GATHERED,
            reverse_sql="drop function exchange_check_delivery() cascade;"
            " drop function exchange_check_gathering() cascade;",
        ),
    ]
