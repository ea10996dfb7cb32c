"""What a sample said of a proposed resource, and the rules of related resources."""

from django.db import migrations, models

# Related resources are there, and others. It is looked at when the transaction ends, so that two
# resources of one file may name each other; until then nobody takes the named ones away.
RELATED = """
create function catalogue_check_related() returns trigger language plpgsql as $$
declare
    missing text;
begin
    if new.code = any (new.related) then
        perform catalogue_refuse('related_is_another', 'A resource is not related to itself.');
    end if;
    perform 1 from catalogue_resource where code = any (new.related) order by code for key share;
    select code into missing from unnest(new.related) code
    where not exists (select from catalogue_resource r where r.code = code.code) limit 1;
    if missing is not null then
        perform catalogue_refuse('related_is_there', 'A related resource is not in the catalogue.');
    end if;
    return null;
end $$;
create constraint trigger catalogue_resource_related after insert or update of related
on catalogue_resource deferrable initially deferred
for each row when (cardinality(new.related) > 0) execute function catalogue_check_related();

create function catalogue_check_related_stays() returns trigger language plpgsql as $$
begin
    if exists (select from catalogue_resource where old.code = any (related)) then
        perform catalogue_refuse('related_is_there', 'Another resource is related to this one.');
    end if;
    return null;
end $$;
create constraint trigger catalogue_resource_related_stays after delete
on catalogue_resource deferrable initially deferred
for each row execute function catalogue_check_related_stays();
"""
GONE = """
drop function catalogue_check_related() cascade;
drop function catalogue_check_related_stays() cascade;
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0010_procedure_held")]

    operations = [
        migrations.AddField(
            model_name="resource", name="sample", field=models.JSONField(default=dict)
        ),
        migrations.RunSQL(RELATED, reverse_sql=GONE),
    ]
