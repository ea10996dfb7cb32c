"""Three administrators stay apart, in the database too; and the table of the shared cache."""

from django.db import migrations

SEPARATION = """
create function org_keep_apart() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(hashtext('org.separation'));
    if tg_table_name = 'org_posting' then
        if exists (
            select from org_officer where id = new.officer_id and account_id = new.given_by_id
        ) then
            raise exception 'org.permission.own' using errcode = 'check_violation';
        end if;
    elsif exists (
        select from org_posting posting join org_officer officer on officer.id = posting.officer_id
         where posting.post_id = new.post_id and officer.account_id = new.given_by_id
           and (posting.until is null or posting.until > clock_timestamp() + interval '1 minute')
    ) then
        raise exception 'org.permission.own' using errcode = 'check_violation';
    end if;
    -- A minute's grace: the end is written by a client whose clock may run ahead of ours.
    if exists (
        select from org_posting held join org_postpermission power on power.post_id = held.post_id
         where power.administrator <> ''
           and (held.until is null or held.until > clock_timestamp() + interval '1 minute')
           and held.officer_id in (
               select officer_id from org_posting where post_id = new.post_id)
         group by held.officer_id having count(distinct power.administrator) > 1
    ) then
        raise exception 'org.administrators.joined' using errcode = 'check_violation';
    end if;
    return null;
end $$;
create trigger org_keep_apart after insert or update on org_posting
    for each row execute function org_keep_apart();
create trigger org_keep_apart after insert or update on org_postpermission
    for each row execute function org_keep_apart();
"""
WITHOUT = """
drop trigger org_keep_apart on org_posting;
drop trigger org_keep_apart on org_postpermission;
drop function org_keep_apart;
"""
# One-time codes that were used and rates that were reached are shared by all processes.
CACHE = """
create table org_cache (
    cache_key varchar(255) primary key, value text not null, expires timestamptz not null
);
create index org_cache_expires on org_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("org", "0001_initial")]
    operations = [
        migrations.RunSQL(SEPARATION, WITHOUT),
        migrations.RunSQL(CACHE, "drop table org_cache"),
    ]
