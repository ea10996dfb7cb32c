"""A resource's number is given once; a demand names a way of delivery that is offered."""

from __future__ import annotations

from django.db import migrations

KEPT = """
create function catalogue_keep_number() returns trigger language plpgsql as $$
begin
    perform catalogue_refuse('resource_keeps_its_number', 'A resource keeps its number.');
    return null;
end $$;
create trigger catalogue_number_kept before update of national_code on catalogue_resource
for each row when (old.national_code is not null
    and new.national_code is distinct from old.national_code)
execute function catalogue_keep_number();
"""
OFFERED = """
create function catalogue_check_offered() returns trigger language plpgsql as $$
begin
    if exists (
        select from catalogue_demand d
        join catalogue_resource r on r.code = d.resource_id
        join catalogue_column c on c.id = new.column_id
        where d.id = new.demand_id
        and not d.mode = any (case when cardinality(c.modes) > 0 then c.modes else r.modes end)
    ) then
        perform catalogue_refuse(
            'demand_by_an_offered_mode', 'The provider does not deliver the column this way.');
    end if;
    return new;
end $$;
create trigger catalogue_offered_check before insert or update on catalogue_demand_columns
for each row execute function catalogue_check_offered();
"""
GONE = "".join(
    f"drop function catalogue_{name}() cascade;" for name in ("keep_number", "check_offered")
)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0005_versions_kept")]

    operations = [
        migrations.RunSQL(KEPT + OFFERED, reverse_sql=GONE),
    ]
