"""The rules of exceptions from the onward ban and of counted last days, for the database (0012)."""

# Asked by the holder of a grant in force, of its provider, for third parties; decided once.
EXCEPTIONS = """
create function catalogue_check_exception() returns trigger language plpgsql as $$
declare
    held record;
begin
    if tg_op = 'DELETE' then
        perform catalogue_refuse('kept_on_record', 'This stays on record.');
    end if;
    select g.until, g.withdrawn_at, g.department_id as receiver, r.department_id as provider
    into held
    from catalogue_grant g join catalogue_resource r on r.code = g.resource_id
    where g.id = new.grant_id;
    if tg_op = 'INSERT' then
        if new.state <> 'asked' or held.withdrawn_at is not null or new.until > held.until then
            perform catalogue_refuse('exception_starts_asked', 'It is asked within a grant in force.');
        end if;
        if held.receiver = any (new."to") or held.provider = any (new."to") or exists (
            select from unnest(new."to") t
            where not exists (select from org_department d where d.code = t)
        ) then
            perform catalogue_refuse('exception_names_others', 'It names other departments alone.');
        end if;
        return new;
    end if;
    if (new.grant_id, new."to", new.law, new.reason, new.until, new.asked_by, new.asked_at,
        new.due_since, new.due_days)
       is distinct from
       (old.grant_id, old."to", old.law, old.reason, old.until, old.asked_by, old.asked_at,
        old.due_since, old.due_days)
       or (old.state <> 'asked' and new is distinct from old) then
        perform catalogue_refuse('exception_stays', 'What was asked or decided can''t be changed.');
    end if;
    if new.state <> 'asked' and new.decided_department_id is distinct from held.provider then
        perform catalogue_refuse('provider_decides', 'The provider''s department decides this.');
    end if;
    if new.state = 'allowed' and held.withdrawn_at is not null then
        perform catalogue_refuse('exception_starts_asked', 'The grant is withdrawn.');
    end if;
    return new;
end $$;
create trigger catalogue_exception_check before insert or update or delete
on catalogue_onwardexception for each row execute function catalogue_check_exception();
"""

# A last day may be counted anew while an answer is owed; what it counts from stays.
DUES = """
create or replace function catalogue_check_deletion() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or (tg_op = 'INSERT' and new.received_at is not null)
       or (tg_op = 'UPDATE' and (old.received_at is not null
            or (new.grant_id, new.cause, new.asked_at, new.due_since, new.due_days)
            is distinct from (old.grant_id, old.cause, old.asked_at, old.due_since, old.due_days)
            or (new.due <> old.due and old.due_days is null))) then
        perform catalogue_refuse('receipt_is_given_once', 'A receipt is given once, and stays.');
    end if;
    return new;
end $$;

create or replace function catalogue_check_renewal() returns trigger language plpgsql as $$
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
    if (new.grant_id, new.until_before, new.until_after, new.reason, new.asked_by, new.asked_at,
        new.due_since, new.due_days)
       is distinct from
       (old.grant_id, old.until_before, old.until_after, old.reason, old.asked_by, old.asked_at,
        old.due_since, old.due_days)
       or old.state <> 'asked' then
        perform catalogue_refuse('renewal_stays', 'What was asked or decided can''t be changed.');
    end if;
    if new.state <> 'asked' and new.decided_department_id is distinct from held.provider then
        perform catalogue_refuse('provider_decides', 'The provider''s department decides this renewal.');
    end if;
    return new;
end $$;
"""

GONE = """
drop function catalogue_check_exception() cascade;
create or replace function catalogue_check_deletion() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or (tg_op = 'INSERT' and new.received_at is not null)
       or (tg_op = 'UPDATE' and (old.received_at is not null
            or (new.grant_id, new.cause, new.asked_at, new.due)
            is distinct from (old.grant_id, old.cause, old.asked_at, old.due))) then
        perform catalogue_refuse('receipt_is_given_once', 'A receipt is given once, and stays.');
    end if;
    return new;
end $$;

create or replace function catalogue_check_renewal() returns trigger language plpgsql as $$
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
"""
