"""Reasons of decisions stay; a value under an open objection is marked where it is served."""

from __future__ import annotations

from django.db import migrations

# A provider that restates its correction adds to its reason. The authority's is final.
REASONS = """
create function corrections_check_reason() returns trigger language plpgsql as $$
begin
    if old.forgotten_at is not null and new is distinct from old then
        perform corrections_refuse('verdict_stays', 'A decision can''t be changed.');
    end if;
    if new.reason = old.reason
       or (new.reason = '' and new.forgotten_at is not null)
       or (old.instance = 'provider' and starts_with(new.reason, old.reason)) then
        return new;
    end if;
    perform corrections_refuse('verdict_reason_stays', 'The reason of a decision stays.');
end $$;
create trigger corrections_reason_check before update on corrections_verdict
for each row execute function corrections_check_reason();
"""

# The mark says which value, and no more: from the objection's first moment until the corrected value
# has been seen, or the objection ended. No way of writing objections passes this by.
MARKS = """
create function corrections_mark() returns trigger language plpgsql as $$
begin
    insert into exchange_objected (id, subject, resource, "column", key)
    select o.id, o.subject, o.resource_id, c.name, new."row"
    from corrections_objection o join catalogue_column c on c.id = o.column_id
    where o.id = new.objection_id and o.ended_at is null and o.seen_at is null;
    return null;
end $$;
create trigger corrections_mark after insert on corrections_objectionwords
for each row execute function corrections_mark();

create function corrections_unmark() returns trigger language plpgsql as $$
begin
    delete from exchange_objected where id = new.id;
    return null;
end $$;
create trigger corrections_unmark after update of seen_at, ended_at on corrections_objection
for each row when (new.seen_at is not null or new.ended_at is not null)
execute function corrections_unmark();
"""

UNDO = """
drop trigger corrections_mark on corrections_objectionwords;
drop trigger corrections_unmark on corrections_objection;
drop function corrections_mark;
drop function corrections_unmark;
drop trigger corrections_reason_check on corrections_verdict;
drop function corrections_check_reason;
"""


class Migration(migrations.Migration):
    dependencies = [("corrections", "0002_integrity"), ("exchange", "0005_objected")]
    operations = [migrations.RunSQL(REASONS + MARKS, UNDO)]
