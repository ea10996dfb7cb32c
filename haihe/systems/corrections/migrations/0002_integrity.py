"""The rules of objections, held by the database itself (PostgreSQL 15 or newer).

Whoever writes past the actions meets them too. Every refusal is a check violation that names its
rule in ``constraint``.
"""

from __future__ import annotations

from django.db import migrations

REFUSE = """
create function corrections_refuse(rule text, sentence text) returns void language plpgsql as $$
begin
    raise exception '%', sentence using errcode = 'check_violation', constraint = rule;
end $$;
"""

# What was objected to stays; each moment comes once, in order; nobody is left out at the end.
OBJECTIONS = """
create function corrections_check_objection() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        perform corrections_refuse('objection_is_kept', 'An objection can''t be deleted.');
    end if;
    if (new.case_id, new.resource_id, new.column_id, new.subject, new.mark, new.department_id,
        new.grant_id, new.raised_at)
       is distinct from
       (old.case_id, old.resource_id, old.column_id, old.subject, old.mark, old.department_id,
        old.grant_id, old.raised_at) then
        perform corrections_refuse('objection_stays', 'What was objected to can''t be changed.');
    end if;
    if (old.accepted_at is not null and new.accepted_at is distinct from old.accepted_at)
       or (old.appealed_at is not null and new.appealed_at is distinct from old.appealed_at)
       or (old.seen_at is not null and (new.seen_at, new.seen_batch)
           is distinct from (old.seen_at, old.seen_batch))
       or (old.ended_at is not null and (new.ended_at, new."end")
           is distinct from (old.ended_at, old."end")) then
        perform corrections_refuse('objection_moves_once', 'What has happened can''t be changed.');
    end if;
    if new.accepted_at is not null and old.accepted_at is null and not exists (
        select from corrections_verdict v where v.objection_id = new.id and v.is_accepted
    ) then
        perform corrections_refuse('acceptance_is_decided', 'Nobody has accepted this objection.');
    end if;
    if new.appealed_at is not null and old.appealed_at is null and not exists (
        select from corrections_verdict v
        where v.objection_id = new.id and v.instance = 'provider' and not v.is_accepted
    ) then
        perform corrections_refuse('appeal_is_against_a_rejection', 'There is no rejection.');
    end if;
    if new."end" = 'closed' and old."end" <> 'closed' and exists (
        select from corrections_receiver r
        where r.objection_id = new.id and r.confirmed_at is null
    ) then
        perform corrections_refuse('closing_leaves_nobody_out', 'A receiver has not confirmed.');
    end if;
    return new;
end $$;
create trigger corrections_objection_check before update or delete on corrections_objection
for each row execute function corrections_check_objection();
"""

VERDICTS = """
create function corrections_check_verdict() returns trigger language plpgsql as $$
declare
    judged record;
begin
    if tg_op = 'DELETE' then
        perform corrections_refuse('verdict_is_kept', 'A decision can''t be deleted.');
    end if;
    if tg_op = 'UPDATE' then
        if (new.objection_id, new.instance, new.is_accepted, new.department_id, new."by", new.at)
           is distinct from
           (old.objection_id, old.instance, old.is_accepted, old.department_id, old."by", old.at) then
            perform corrections_refuse('verdict_stays', 'A decision can''t be changed.');
        end if;
        return new;
    end if;
    select o.appealed_at, o.ended_at, r.department_id as provider into judged
    from corrections_objection o join catalogue_resource r on r.code = o.resource_id
    where o.id = new.objection_id;
    if judged.ended_at is not null then
        perform corrections_refuse('verdict_before_the_end', 'The objection has ended.');
    end if;
    if new.instance = 'provider' and new.department_id <> judged.provider then
        perform corrections_refuse('provider_decides_objection', 'The provider decides.');
    end if;
    if new.instance = 'authority' and judged.appealed_at is null then
        perform corrections_refuse('authority_decides_appeals', 'Nobody has appealed.');
    end if;
    return new;
end $$;
create trigger corrections_verdict_check before insert or update or delete on corrections_verdict
for each row execute function corrections_check_verdict();
"""

RECEIVERS = """
create function corrections_check_receiver() returns trigger language plpgsql as $$
declare
    recalled record;
begin
    if tg_op = 'DELETE' then
        perform corrections_refuse('receiver_is_kept', 'A receiver can''t be deleted.');
    end if;
    select o.accepted_at, o.seen_at, o.ended_at, r.department_id as provider into recalled
    from corrections_objection o join catalogue_resource r on r.code = o.resource_id
    where o.id = new.objection_id;
    if tg_op = 'INSERT' then
        if recalled.accepted_at is null or recalled.ended_at is not null then
            perform corrections_refuse('recall_of_what_is_accepted', 'Nothing is recalled now.');
        end if;
        if recalled.provider = new.department_id then
            perform corrections_refuse('provider_receives_nothing', 'The provider has it itself.');
        end if;
    elsif (new.objection_id, new.department_id, new.case_id, new.told_at) is distinct from
          (old.objection_id, old.department_id, old.case_id, old.told_at) then
        perform corrections_refuse('receiver_stays', 'Who was told can''t be changed.');
    elsif old.confirmed_at is not null and new is distinct from old then
        perform corrections_refuse('one_confirmation_a_receiver', 'This is confirmed already.');
    end if;
    if new.confirmed_at is not null and recalled.seen_at is null then
        perform corrections_refuse('confirmed_after_it_is_seen', 'The correction was not seen yet.');
    end if;
    return new;
end $$;
create trigger corrections_receiver_check before insert or update or delete on corrections_receiver
for each row execute function corrections_check_receiver();
"""

UNDO = """
drop trigger corrections_objection_check on corrections_objection;
drop trigger corrections_verdict_check on corrections_verdict;
drop trigger corrections_receiver_check on corrections_receiver;
drop function corrections_check_objection;
drop function corrections_check_verdict;
drop function corrections_check_receiver;
drop function corrections_refuse;
"""


class Migration(migrations.Migration):
    dependencies = [("corrections", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE + OBJECTIONS + VERDICTS + RECEIVERS, UNDO)]
