"""The rules of grants' terms, documents, renewals and deletions, for the database (migration 0008).

As in 0002, every refusal is a check violation that names its rule.
"""

# What was asked stays; a rows rule names columns that may be used; a return flow is one's own.
DEMANDS = """
create function catalogue_check_rows(of_resource text, tests jsonb) returns void
language plpgsql as $$
declare
    test jsonb;
    named record;
begin
    if jsonb_typeof(tests) <> 'array' then
        perform catalogue_refuse('rows_are_tests', 'A rows rule is a list of tests.');
    end if;
    for test in select jsonb_array_elements(tests) loop
        if coalesce(test->>'test', '') not in ('prefix', 'one_of', 'within')
           or jsonb_typeof(test->'values') is distinct from 'array' then
            perform catalogue_refuse('rows_are_tests', 'A rows rule is a list of tests.');
        end if;
        select c.id, c.is_subject or c.scheme <> '' as is_number into named
        from catalogue_column c
        where c.resource_id = of_resource and c.name = test->>'column' and c.dropped_at is null;
        if named.id is null then
            perform catalogue_refuse('rows_name_a_column', 'The rule names no column of the resource.');
        end if;
        if named.is_number then
            perform catalogue_refuse('rows_name_nobody', 'A rule names nobody''s number.');
        end if;
    end loop;
end $$;

create function catalogue_narrows(wider jsonb, tests jsonb) returns boolean
language sql immutable as $$
    select not exists (
        select from jsonb_array_elements(wider) w
        where not exists (select from jsonb_array_elements(tests) t where t.value = w.value)
    )
$$;

create function catalogue_check_demand_terms() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' then
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
create trigger catalogue_demand_terms before insert or update on catalogue_demand
for each row execute function catalogue_check_demand_terms();
"""

# A grant's terms are its demand's or narrower; later they shrink, but for a renewal decided by
# the provider.
GRANTS = """
create function catalogue_check_grant_terms() returns trigger language plpgsql as $$
declare
    asked record;
begin
    if tg_op = 'INSERT' then
        perform catalogue_check_rows(new.resource_id, new.rows);
        select * into asked from catalogue_demand where id = new.demand_id;
    else
        asked := old;
    end if;
    if not catalogue_narrows(asked.rows, new.rows) or new.fetching <> asked.fetching
       or coalesce(new.every_hours, 0) < coalesce(asked.every_hours, 0)
       or not new.onward_to <@ asked.onward_to
       or (new.onward_law <> '' and new.onward_law <> asked.onward_law)
       or new.data_life_days > asked.data_life_days then
        perform catalogue_refuse(
            case tg_op when 'INSERT' then 'grant_follows_its_demand' else 'grant_only_shrinks' end,
            'A grant gives no more than was asked.');
    end if;
    if exists (
        select from jsonb_array_elements(new.rows) t
        join catalogue_column c on c.resource_id = new.resource_id and c.name = t.value->>'column'
        join catalogue_negativeentry_columns l on l.column_id = c.id
        join catalogue_negativeentry e on e.id = l.negativeentry_id
        where tg_op = 'INSERT' and (e.valid_until is null or e.valid_until >= current_date)
    ) then
        perform catalogue_refuse('not_on_negative_list', 'The column is on the negative list.');
    end if;
    return new;
end $$;
create trigger catalogue_grant_terms before insert or update on catalogue_grant
for each row execute function catalogue_check_grant_terms();

create function catalogue_check_grant_change() returns trigger language plpgsql as $$
begin
    if (new.id, new.demand_id, new.department_id, new.resource_id, new.purpose_id, new.mode, new.since)
       is distinct from
       (old.id, old.demand_id, old.department_id, old.resource_id, old.purpose_id, old.mode, old.since)
       or new.rate_per_minute > old.rate_per_minute
       or (old.withdrawn_at is not null and new.withdrawn_at is distinct from old.withdrawn_at) then
        perform catalogue_refuse('grant_only_shrinks', 'A grant can only shrink; raise a new demand.');
    end if;
    if new.until > old.until and (new.withdrawn_at is not null or not exists (
        select from catalogue_renewal r
        where r.grant_id = new.id and r.state = 'renewed' and r.until_before = old.until
        and r.until_after = new.until and r.decided_at < old.until
        and r.until_after <= r.decided_at + interval '60 months 1 day'
    )) then
        perform catalogue_refuse('grant_only_shrinks', 'Only a renewal lets a grant last longer.');
    end if;
    return new;
end $$;
drop trigger catalogue_grant_check on catalogue_grant;
create trigger catalogue_grant_check before insert on catalogue_grant
for each row execute function catalogue_check_grant();
create trigger catalogue_grant_change before update on catalogue_grant
for each row execute function catalogue_check_grant_change();
"""

# Documents and receipts stay on record; a renewal is asked by the holder, decided by the provider.
KEPT = """
create function catalogue_check_document() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        perform catalogue_refuse('kept_on_record', 'This stays on record.');
    end if;
    if new.hash <> encode(sha256(convert_to(new.text, 'UTF8')), 'hex')
       or new.text::jsonb->>'grant' is distinct from new.grant_id::text
       or (new.text::jsonb->>'edition')::int is distinct from new.edition
       or new.edition <> 1 + coalesce((
            select max(edition) from catalogue_grantdocument where grant_id = new.grant_id), 0) then
        perform catalogue_refuse('document_is_whole', 'The document does not match its hash or grant.');
    end if;
    return new;
end $$;
create trigger catalogue_document_kept before insert or update or delete on catalogue_grantdocument
for each row execute function catalogue_check_document();

create function catalogue_check_renewal() returns trigger language plpgsql as $$
declare
    held record;
begin
    if tg_op = 'DELETE' then
        perform catalogue_refuse('kept_on_record', 'This stays on record.');
    end if;
    select g.until, g.withdrawn_at, r.department_id as provider into held
    from catalogue_grant g join catalogue_resource r on r.code = g.resource_id
    where g.id = new.grant_id;
    if tg_op = 'INSERT' then
        if new.state <> 'asked' or new.until_before <> held.until or held.withdrawn_at is not null then
            perform catalogue_refuse('renewal_starts_asked', 'A renewal is asked of a grant in force.');
        end if;
        return new;
    end if;
    if (new.grant_id, new.until_before, new.until_after, new.reason, new.asked_by, new.asked_at)
       is distinct from
       (old.grant_id, old.until_before, old.until_after, old.reason, old.asked_by, old.asked_at)
       or old.state <> 'asked' then
        perform catalogue_refuse('renewal_stays', 'What was asked or decided can''t be changed.');
    end if;
    if new.decided_department_id is distinct from held.provider then
        perform catalogue_refuse('provider_decides', 'The provider''s department decides this renewal.');
    end if;
    return new;
end $$;
create trigger catalogue_renewal_check before insert or update or delete on catalogue_renewal
for each row execute function catalogue_check_renewal();

create function catalogue_check_deletion() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or (tg_op = 'INSERT' and new.received_at is not null)
       or (tg_op = 'UPDATE' and (old.received_at is not null
            or (new.grant_id, new.cause, new.asked_at, new.due)
            is distinct from (old.grant_id, old.cause, old.asked_at, old.due))) then
        perform catalogue_refuse('receipt_is_given_once', 'A receipt is given once, and stays.');
    end if;
    return new;
end $$;
create trigger catalogue_deletion_check before insert or update or delete on catalogue_deletion
for each row execute function catalogue_check_deletion();
"""

GONE = """
drop trigger catalogue_grant_change on catalogue_grant;
drop trigger catalogue_grant_check on catalogue_grant;
create trigger catalogue_grant_check before insert or update on catalogue_grant
for each row execute function catalogue_check_grant();
""" + "".join(
    f"drop function catalogue_{name} cascade;"
    for name in (
        "check_demand_terms()", "check_grant_terms()", "check_grant_change()", "check_document()",
        "check_renewal()", "check_deletion()", "check_rows(text, jsonb)", "narrows(jsonb, jsonb)",
    )
)  # fmt: skip
