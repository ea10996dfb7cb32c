"""The procedures of demands, wanted data and disputes, held by the database."""

from __future__ import annotations

from django.db import migrations

# A demand moves along its way alone; whoever may decide is the provider, or the authority that is
# party of neither; what it asks for changes only while it is corrected.
DEMANDS = """
create or replace function catalogue_check_demand() returns trigger language plpgsql as $$
declare
    provider text;
    is_published boolean;
    needs_provider boolean;
begin
    select department_id, state = 'published' into provider, is_published
    from catalogue_resource where code = new.resource_id;
    if tg_op = 'INSERT' then
        if new.state not in ('raised', 'checking') and not (
            new.state = 'deciding' and exists (
                select from catalogue_dispute d where d.demand_id = new.again_of_id and d.state = 'raised'
            )
        ) then
            perform catalogue_refuse('demand_starts_raised', 'A demand starts raised.');
        end if;
        if provider = new.department_id then
            perform catalogue_refuse('demand_of_anothers', 'A department can''t demand its own resource.');
        end if;
        if not is_published then
            perform catalogue_refuse('demand_of_published', 'The resource is not published.');
        end if;
        return new;
    end if;
    if (new.department_id, new.resource_id, new.purpose_id, new.raised_by, new.raised_at, new.again_of_id)
       is distinct from
       (old.department_id, old.resource_id, old.purpose_id, old.raised_by, old.raised_at, old.again_of_id)
       or old.state <> 'returned'
       and (new.basis, new.mode, new.months, new.rate_per_minute)
       is distinct from (old.basis, old.mode, old.months, old.rate_per_minute) then
        perform catalogue_refuse('demand_stays', 'What was demanded can''t be changed.');
    end if;
    if new.state = old.state then
        return new;
    end if;
    if (old.state, new.state) not in (
        ('checking', 'raised'), ('checking', 'returned'), ('checking', 'withdrawn'),
        ('returned', 'checking'), ('returned', 'withdrawn'),
        ('raised', 'granted'), ('raised', 'refused'), ('raised', 'withdrawn'),
        ('refused', 'objected'),
        ('objected', 'granted'), ('objected', 'deciding'), ('objected', 'withdrawn'),
        ('deciding', 'granted'), ('deciding', 'upheld'), ('deciding', 'withdrawn')
    ) then
        perform catalogue_refuse('demand_moves', 'A demand doesn''t move this way, or is decided.');
    end if;
    if old.state = 'checking' and new.state in ('raised', 'returned')
       and coalesce(new.checked_department_id, new.department_id) = new.department_id then
        perform catalogue_refuse('another_checks', 'Another department checks the form of a demand.');
    end if;
    if old.state = 'deciding' and new.state in ('granted', 'upheld')
       and (new.decided_department_id is null
            or new.decided_department_id in (new.department_id, provider)) then
        perform catalogue_refuse('no_party_decides', 'The authority decides, party of neither.');
    end if;
    if old.state in ('raised', 'objected') and new.state in ('granted', 'refused') then
        select new.state = 'refused' or bool_or(
            coalesce(nullif(c.sharing_class, ''), r.sharing_class) <> 'unconditional')
        into needs_provider
        from catalogue_demand_columns d
        join catalogue_column c on c.id = d.column_id
        join catalogue_resource r on r.code = c.resource_id
        where d.demand_id = new.id;
        if coalesce(needs_provider, true) and new.decided_department_id is distinct from provider then
            perform catalogue_refuse('provider_decides', 'The provider''s department decides this demand.');
        end if;
    end if;
    return new;
end $$;

create or replace function catalogue_check_demand_column() returns trigger language plpgsql as $$
declare
    touched record := case when tg_op = 'DELETE' then old else new end;
    demanded record;
begin
    select state, resource_id into demanded from catalogue_demand where id = touched.demand_id for share;
    if demanded.state not in ('raised', 'checking', 'returned')
       and not (demanded.state = 'deciding' and tg_op = 'INSERT' and exists (
           select from catalogue_demand d join catalogue_demand_columns c on c.demand_id = d.again_of_id
           where d.id = touched.demand_id and c.column_id = touched.column_id)) then
        perform catalogue_refuse('demand_stays', 'What was demanded can''t be changed.');
    end if;
    if tg_op <> 'DELETE' and not exists (
        select from catalogue_column where id = new.column_id and resource_id = demanded.resource_id
    ) then
        perform catalogue_refuse('demand_of_its_resource', 'The column belongs to another resource.');
    end if;
    return touched;
end $$;
"""

WANTED = """
create function catalogue_check_wanted() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        if new.state <> 'matching' then
            perform catalogue_refuse('wanted_starts_matching', 'Wanted data start to be matched.');
        end if;
        return new;
    end if;
    if (new.department_id, new.items, new.purpose_id, new.basis, new.raised_by, new.raised_at)
       is distinct from
       (old.department_id, old.items, old.purpose_id, old.basis, old.raised_by, old.raised_at) then
        perform catalogue_refuse('wanted_stays', 'What is looked for can''t be changed.');
    end if;
    if new.state <> old.state and (old.state, new.state) not in (
        ('matching', 'found'), ('matching', 'publishing'), ('matching', 'refused'),
        ('matching', 'withdrawn'), ('publishing', 'found'), ('publishing', 'matching'),
        ('publishing', 'withdrawn'), ('found', 'demanded'), ('found', 'withdrawn')
    ) then
        perform catalogue_refuse('wanted_moves', 'Wanted data don''t move this way.');
    end if;
    if new.state = 'demanded' and not exists (
        select from catalogue_demand d where d.id = new.demand_id
        and d.department_id = new.department_id and d.resource_id = new.resource_id
    ) then
        perform catalogue_refuse('wanted_demanded_by_itself', 'The demand is on another resource.');
    end if;
    return new;
end $$;
create trigger catalogue_wanted_check before insert or update on catalogue_wanted
for each row execute function catalogue_check_wanted();
"""

# Only what was granted is disputed, by a party, and settled by a third.
DISPUTES = """
create function catalogue_check_dispute() returns trigger language plpgsql as $$
declare
    demanded record;
begin
    select d.state, d.department_id, r.department_id as provider into demanded
    from catalogue_demand d join catalogue_resource r on r.code = d.resource_id
    where d.id = new.demand_id;
    if tg_op = 'INSERT' then
        if new.state <> 'raised' or demanded.state <> 'granted'
           or new.department_id not in (demanded.department_id, demanded.provider) then
            perform catalogue_refuse('party_disputes_a_grant', 'A party disputes what was granted.');
        end if;
        return new;
    end if;
    if (new.demand_id, new.department_id, new.about, new.claim, new.raised_by, new.raised_at)
       is distinct from
       (old.demand_id, old.department_id, old.about, old.claim, old.raised_by, old.raised_at)
       or old.state <> 'raised' then
        perform catalogue_refuse('dispute_stays', 'This dispute can''t be changed.');
    end if;
    if new.state = 'settled' and (new.settled_department_id is null
       or new.settled_department_id in (demanded.department_id, demanded.provider)) then
        perform catalogue_refuse('no_party_settles', 'The authority settles, party of neither.');
    end if;
    return new;
end $$;
create trigger catalogue_dispute_check before insert or update on catalogue_dispute
for each row execute function catalogue_check_dispute();

create function catalogue_check_evaluation() returns trigger language plpgsql as $$
begin
    perform catalogue_refuse('evaluation_stays', 'An evaluation can''t be changed.');
    return null;
end $$;
create trigger catalogue_evaluation_check before update on catalogue_evaluation
for each row execute function catalogue_check_evaluation();

create trigger catalogue_wanted_kept before delete on catalogue_wanted
for each row execute function catalogue_keep();
create trigger catalogue_dispute_kept before delete on catalogue_dispute
for each row execute function catalogue_keep();
create trigger catalogue_evaluation_kept before delete on catalogue_evaluation
for each row execute function catalogue_keep();
"""
# The terms too change only while a demand is corrected, and are checked again then.
TERMS = """
create or replace function catalogue_check_demand_terms() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.state <> 'returned' then
        if (new.rows, new.fetching, new.every_hours, new.onward_to, new.onward_law,
            new.data_life_days, new.is_return_flow)
           is distinct from
           (old.rows, old.fetching, old.every_hours, old.onward_to, old.onward_law,
            old.data_life_days, old.is_return_flow) then
            perform catalogue_refuse('demand_stays', 'What was demanded can''t be changed.');
        end if;
        return new;
    end if;
    perform catalogue_check_rows(new.resource_id, new.rows);
    if new.is_return_flow and (new.mode <> 'table' or not exists (
        select from org_department d
        cross join jsonb_array_elements(new.rows) t
        join catalogue_column c on c.resource_id = new.resource_id and c.dropped_at is null
            and c.name = t.value->>'column' and c.element = 'place.division'
        where d.code = new.department_id and d.kind = 'district'
        and t.value->>'test' = 'prefix' and t.value->'values' = jsonb_build_array(d.division_id)
    )) then
        perform catalogue_refuse('return_flow_of_ones_own', 'A district gets its own rows back.');
    end if;
    return new;
end $$;
"""
GONE = "".join(
    f"drop function catalogue_check_{name}() cascade;"
    for name in ("wanted", "dispute", "evaluation")
)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0009_procedure")]

    # The rules of demands stay as they are on the way back: they allow what the older ones did.
    operations = [migrations.RunSQL(DEMANDS + TERMS + WANTED + DISPUTES, reverse_sql=GONE)]
