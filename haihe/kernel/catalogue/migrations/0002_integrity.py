"""The rules between the four lists, held by the database itself (PostgreSQL 15 or newer).

Whoever writes past the actions meets them too. Every refusal is a check violation that names its
rule in ``constraint``.
"""

from __future__ import annotations

from django.db import migrations

REFUSE = """
create function catalogue_refuse(rule text, sentence text) returns void language plpgsql as $$
begin
    raise exception '%', sentence using errcode = 'check_violation', constraint = rule;
end $$;
"""

# A demand starts raised, moves along its table, and what it asked for never changes.
DEMANDS = """
create function catalogue_check_demand() returns trigger language plpgsql as $$
declare
    provider text;
    is_published boolean;
    needs_provider boolean;
begin
    select department_id, state = 'published' into provider, is_published
    from catalogue_resource where code = new.resource_id;
    if tg_op = 'INSERT' then
        if new.state <> 'raised' then
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
    if (new.department_id, new.resource_id, new.purpose_id, new.basis, new.mode, new.months,
        new.rate_per_minute, new.raised_by, new.raised_at)
       is distinct from
       (old.department_id, old.resource_id, old.purpose_id, old.basis, old.mode, old.months,
        old.rate_per_minute, old.raised_by, old.raised_at) then
        perform catalogue_refuse('demand_stays', 'What was demanded can''t be changed.');
    end if;
    if old.state <> 'raised' and new.state <> old.state then
        perform catalogue_refuse('demand_moves', 'This demand is decided.');
    end if;
    if old.state = 'raised' and new.state in ('granted', 'refused') then
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
create trigger catalogue_demand_check before insert or update on catalogue_demand
for each row execute function catalogue_check_demand();

create function catalogue_check_demand_column() returns trigger language plpgsql as $$
declare
    touched record := case when tg_op = 'DELETE' then old else new end;
    demanded record;
begin
    select state, resource_id into demanded from catalogue_demand where id = touched.demand_id for share;
    if demanded.state <> 'raised' then
        perform catalogue_refuse('demand_stays', 'What was demanded can''t be changed.');
    end if;
    if tg_op <> 'DELETE' and not exists (
        select from catalogue_column where id = new.column_id and resource_id = demanded.resource_id
    ) then
        perform catalogue_refuse('demand_of_its_resource', 'The column belongs to another resource.');
    end if;
    return touched;
end $$;
create trigger catalogue_demand_column_check before insert or update or delete
on catalogue_demand_columns for each row execute function catalogue_check_demand_column();
"""

# A granted demand has a grant and a responsibility, at the latest at the end of the transaction.
RESPONSIBILITIES = """
create function catalogue_check_granted() returns trigger language plpgsql as $$
begin
    if not exists (select from catalogue_demand where id = new.id and state = 'granted') then
        return null;
    end if;
    if not exists (select from catalogue_grant where demand_id = new.id) then
        perform catalogue_refuse('granted_has_a_grant', 'A granted demand has a grant.');
    end if;
    if exists (
        select from catalogue_grant g where g.demand_id = new.id and g.withdrawn_at is null
        and not exists (select from catalogue_grant_columns c where c.grant_id = g.id)
    ) then
        perform catalogue_refuse('grant_has_a_column', 'A grant names at least one column.');
    end if;
    if not exists (select from catalogue_responsibility where resource_id = new.resource_id) then
        perform catalogue_refuse('granted_has_a_responsibility', 'Nobody is responsible for this resource.');
    end if;
    return null;
end $$;
create constraint trigger catalogue_granted_check after insert or update on catalogue_demand
deferrable initially deferred for each row when (new.state = 'granted')
execute function catalogue_check_granted();

create function catalogue_check_responsibility() returns trigger language plpgsql as $$
begin
    if not exists (
        select from catalogue_resource
        where code = new.resource_id and department_id = new.department_id
    ) then
        perform catalogue_refuse('provider_is_responsible', 'The provider is responsible for its resource.');
    end if;
    return new;
end $$;
create trigger catalogue_responsibility_check before insert or update on catalogue_responsibility
for each row execute function catalogue_check_responsibility();

create function catalogue_check_still_responsible() returns trigger language plpgsql as $$
begin
    if exists (select from catalogue_demand where resource_id = old.resource_id and state = 'granted')
       and not exists (select from catalogue_responsibility where resource_id = old.resource_id) then
        perform catalogue_refuse('granted_has_a_responsibility', 'Nobody is responsible for this resource.');
    end if;
    return null;
end $$;
create constraint trigger catalogue_still_responsible_check after delete or update
on catalogue_responsibility deferrable initially deferred
for each row execute function catalogue_check_still_responsible();
"""

# A grant says what its demand said; later it can only shrink.
GRANTS = """
create function catalogue_check_grant() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        if not exists (
            select from catalogue_demand d
            where d.id = new.demand_id and d.state = 'granted' and d.department_id = new.department_id
            and d.resource_id = new.resource_id and d.purpose_id = new.purpose_id
            and d.mode = new.mode and new.rate_per_minute <= d.rate_per_minute
            and new.until <= new.since + make_interval(months => d.months) + interval '1 day'
        ) then
            perform catalogue_refuse('grant_follows_its_demand', 'A grant says what its demand said.');
        end if;
        if not exists (
            select from catalogue_resource
            where code = new.resource_id and state = 'published' and sharing_class <> 'withheld'
        ) then
            perform catalogue_refuse('grant_of_published', 'The resource is not published, or withheld.');
        end if;
        return new;
    end if;
    if (new.id, new.demand_id, new.department_id, new.resource_id, new.purpose_id, new.mode, new.since)
       is distinct from
       (old.id, old.demand_id, old.department_id, old.resource_id, old.purpose_id, old.mode, old.since)
       or new.until > old.until or new.rate_per_minute > old.rate_per_minute
       or new.data_life_days > old.data_life_days
       or (old.withdrawn_at is not null and new.withdrawn_at is distinct from old.withdrawn_at) then
        perform catalogue_refuse('grant_only_shrinks', 'A grant can only shrink; raise a new demand.');
    end if;
    return new;
end $$;
create trigger catalogue_grant_check before insert or update on catalogue_grant
for each row execute function catalogue_check_grant();

create function catalogue_check_grant_column() returns trigger language plpgsql as $$
declare
    given record;
begin
    -- The lock makes this and a new negative entry wait for each other.
    select c.dropped_at, c.sharing_class as of_column, r.sharing_class as of_resource into given
    from catalogue_column c join catalogue_resource r on r.code = c.resource_id
    where c.id = new.column_id for share of c, r;
    if exists (
        select from catalogue_negativeentry_columns l
        join catalogue_negativeentry e on e.id = l.negativeentry_id
        where l.column_id = new.column_id and (e.valid_until is null or e.valid_until >= current_date)
    ) then
        perform catalogue_refuse('not_on_negative_list', 'The column is on the negative list.');
    end if;
    if given.dropped_at is not null or 'withheld' in (given.of_column, given.of_resource) then
        perform catalogue_refuse('not_withheld', 'The column is withheld, or no longer there.');
    end if;
    if not exists (
        select from catalogue_grant g join catalogue_demand_columns d on d.demand_id = g.demand_id
        where g.id = new.grant_id and g.withdrawn_at is null and d.column_id = new.column_id
    ) then
        perform catalogue_refuse('grant_within_its_demand', 'The column was not demanded.');
    end if;
    return new;
end $$;
create trigger catalogue_grant_column_check before insert or update on catalogue_grant_columns
for each row execute function catalogue_check_grant_column();
"""

# What may no longer be shared leaves every grant at once; a grant without a column is withdrawn.
NEGATIVE = """
create function catalogue_cut(lost bigint[]) returns void language plpgsql as $$
declare
    touched uuid[];
begin
    perform 1 from catalogue_column where id = any(lost) order by id for no key update;
    with gone as (
        delete from catalogue_grant_columns c using catalogue_grant g
        where c.grant_id = g.id and g.withdrawn_at is null and c.column_id = any(lost)
        returning c.grant_id
    )
    select array_agg(distinct grant_id) into touched from gone;
    update catalogue_grant g
    set withdrawn_at = now(), withdrawn_reason = 'No column is left that may be shared.'
    where g.id = any(touched) and g.withdrawn_at is null
    and not exists (select from catalogue_grant_columns c where c.grant_id = g.id);
end $$;

create function catalogue_list_column() returns trigger language plpgsql as $$
begin
    perform 1 from catalogue_column where id = new.column_id for no key update;
    if exists (
        select from catalogue_negativeentry
        where id = new.negativeentry_id and (valid_until is null or valid_until >= current_date)
    ) then
        perform catalogue_cut(array[new.column_id::bigint]);
    end if;
    return null;
end $$;
create trigger catalogue_listed after insert on catalogue_negativeentry_columns
for each row execute function catalogue_list_column();

create function catalogue_relist() returns trigger language plpgsql as $$
begin
    if new.valid_until is null or new.valid_until >= current_date then
        perform catalogue_cut(coalesce((
            select array_agg(column_id) from catalogue_negativeentry_columns
            where negativeentry_id = new.id), '{}'));
    end if;
    return null;
end $$;
create trigger catalogue_relisted after update of valid_until on catalogue_negativeentry
for each row execute function catalogue_relist();

create function catalogue_withhold_column() returns trigger language plpgsql as $$
begin
    if new.sharing_class = 'withheld' or new.dropped_at is not null then
        perform catalogue_cut(array[new.id]);
    end if;
    return null;
end $$;
create trigger catalogue_column_withheld after update on catalogue_column
for each row execute function catalogue_withhold_column();

create function catalogue_check_resource() returns trigger language plpgsql as $$
begin
    if new.department_id <> old.department_id then
        perform catalogue_refuse('resource_keeps_its_provider', 'A resource keeps its provider.');
    end if;
    if new.state <> old.state and not (old.state, new.state) in (
        ('proposed', 'published'), ('proposed', 'closed'),
        ('published', 'closed'), ('closed', 'published')
    ) then
        perform catalogue_refuse('resource_moves', 'A resource can''t move this way.');
    end if;
    if new.sharing_class = 'withheld' then
        perform catalogue_cut(coalesce((
            select array_agg(id) from catalogue_column where resource_id = new.code), '{}'));
    end if;
    return new;
end $$;
create trigger catalogue_resource_check before update on catalogue_resource
for each row execute function catalogue_check_resource();
"""

# What was granted or forbidden stays on record: nothing of it is deleted, or moved elsewhere.
KEPT = """
create function catalogue_keep() returns trigger language plpgsql as $$
begin
    perform catalogue_refuse('kept_on_record', 'This stays on record; end or withdraw it instead.');
    return null;
end $$;
create trigger catalogue_demand_kept before delete on catalogue_demand
for each row execute function catalogue_keep();
create trigger catalogue_grant_kept before delete on catalogue_grant
for each row execute function catalogue_keep();
create trigger catalogue_negative_kept before delete on catalogue_negativeentry
for each row execute function catalogue_keep();
create trigger catalogue_negative_columns_kept before update or delete
on catalogue_negativeentry_columns for each row execute function catalogue_keep();
create trigger catalogue_negative_law_kept before update of law, made_at, approved_by
on catalogue_negativeentry for each row
when ((new.law, new.made_at, new.approved_by) is distinct from (old.law, old.made_at, old.approved_by))
execute function catalogue_keep();
"""

GONE = "".join(
    f"drop function catalogue_{name} cascade;"
    for name in (
        "check_demand()", "check_demand_column()", "check_granted()", "check_responsibility()",
        "check_still_responsible()", "check_grant()", "check_grant_column()", "list_column()",
        "relist()", "withhold_column()", "check_resource()", "cut(bigint[])", "keep()",
        "refuse(text, text)",
    )
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]

    operations = [
        migrations.RunSQL(
            REFUSE + DEMANDS + RESPONSIBILITIES + GRANTS + NEGATIVE + KEPT,
            reverse_sql=GONE,
        ),
    ]
