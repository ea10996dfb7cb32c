"""Further fields of the list of systems and of responsibilities, and the rules between them."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

# What is merged goes into a system that stays; what is merged into stays; a network is one of four.
# Networks that were written freely before stay as they are until somebody changes them.
SYSTEMS = """
create function catalogue_check_system() returns trigger language plpgsql as $$
begin
    if new.network not in ('', 'extranet', 'intranet', 'internet', 'dedicated')
       and (tg_op = 'INSERT' or new.network is distinct from old.network) then
        perform catalogue_refuse('network_is_known', 'There is no such network.');
    end if;
    if new.merges_into_id is not null then
        perform 1 from catalogue_sourcesystem where code = new.merges_into_id for share;
        if not exists (
            select from catalogue_sourcesystem where code = new.merges_into_id and fate = 'keep'
        ) then
            perform catalogue_refuse('merged_into_one_that_stays', 'The target is to be merged or closed.');
        end if;
    end if;
    if new.fate <> 'keep' and exists (
        select from catalogue_sourcesystem where merges_into_id = new.code and code <> new.code
    ) then
        perform catalogue_refuse('merged_into_stays', 'Another system is to be merged into this one.');
    end if;
    return new;
end $$;
create trigger catalogue_system_check before insert or update on catalogue_sourcesystem
for each row execute function catalogue_check_system();
"""

# A system that is to be closed gets no new resource and no new responsibility.
CLOSED = """
create function catalogue_must_stay_open(system text) returns void language plpgsql as $$
declare
    found_fate text;
begin
    select fate into found_fate from catalogue_sourcesystem where code = system for share;
    if found_fate = 'close' then
        perform catalogue_refuse('nothing_new_in_a_closed_system', 'This system is to be closed.');
    end if;
end $$;
create function catalogue_check_open() returns trigger language plpgsql as $$
begin
    perform catalogue_must_stay_open(new.system_id);
    return new;
end $$;
create trigger catalogue_resource_new_system before insert on catalogue_resource
for each row when (new.system_id is not null) execute function catalogue_check_open();
create trigger catalogue_resource_other_system before update of system_id on catalogue_resource
for each row when (new.system_id is distinct from old.system_id and new.system_id is not null)
execute function catalogue_check_open();
create trigger catalogue_responsibility_new_system before insert on catalogue_responsibility
for each row execute function catalogue_check_open();
create trigger catalogue_responsibility_other_system before update of system_id
on catalogue_responsibility for each row when (new.system_id is distinct from old.system_id)
execute function catalogue_check_open();
"""
GONE = "".join(
    f"drop function catalogue_{name} cascade;"
    for name in ("check_system()", "check_open()", "must_stay_open(text)")
)


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0006_numbers_and_modes"),
        ("org", "0004_given_password"),
    ]

    operations = [
        migrations.AddField(
            model_name="responsibility",
            name="contact_post",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="responsibility",
            name="item_code",
            field=models.CharField(blank=True, default="", max_length=60),
        ),
        migrations.AddField(
            model_name="responsibility",
            name="item_title",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AddField(
            model_name="responsibility",
            name="level",
            field=models.CharField(
                blank=True,
                choices=[
                    ("national", "National"),
                    ("provincial", "Provincial"),
                    ("municipal", "Municipal"),
                    ("district", "District"),
                    ("street", "Street"),
                ],
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="responsibility",
            name="status",
            field=models.CharField(
                choices=[("planned", "Planned"), ("working", "Working"), ("done", "Done")],
                default="planned",
                max_length=7,
            ),
        ),
        migrations.AddField(
            model_name="sourcesystem",
            name="builder",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
        migrations.AddField(
            model_name="sourcesystem",
            name="cloud",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="sourcesystem",
            name="fate",
            field=models.CharField(
                choices=[("keep", "Keep"), ("merge", "Merge"), ("close", "Close")],
                default="keep",
                max_length=5,
            ),
        ),
        migrations.AddField(
            model_name="sourcesystem",
            name="interfaces",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="sourcesystem",
            name="is_vertical",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="sourcesystem",
            name="items",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=120), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="sourcesystem",
            name="merges_into",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="catalogue.sourcesystem",
            ),
        ),
        migrations.AddField(
            model_name="sourcesystem",
            name="tables",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="sourcesystem",
            name="kind",
            field=models.CharField(
                choices=[
                    ("postgresql", "Postgresql"),
                    ("mariadb", "Mariadb"),
                    ("files", "Files"),
                    ("other", "Other"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="sourcesystem",
            name="network",
            field=models.CharField(
                blank=True,
                choices=[
                    ("extranet", "Extranet"),
                    ("intranet", "Intranet"),
                    ("internet", "Internet"),
                    ("dedicated", "Dedicated"),
                ],
                max_length=40,
            ),
        ),
        migrations.AddConstraint(
            model_name="negativeentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("substitute__in", ("", "proof", "aggregate", "masked"))),
                name="substitute_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="responsibility",
            constraint=models.CheckConstraint(
                condition=models.Q(("contact_post__regex", "\\d{5}|@"), _negated=True),
                name="contact_is_a_post",
            ),
        ),
        migrations.AddConstraint(
            model_name="responsibility",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("item_code", ""), models.Q(("item_title", ""), _negated=True), _connector="OR"
                ),
                name="item_has_code_and_title",
            ),
        ),
        migrations.AddConstraint(
            model_name="sourcesystem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("fate", "merge"), ("merges_into__isnull", False)),
                    models.Q(
                        models.Q(("fate", "merge"), _negated=True), ("merges_into__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="merged_names_its_target",
            ),
        ),
        migrations.AddConstraint(
            model_name="sourcesystem",
            constraint=models.CheckConstraint(
                condition=models.Q(("merges_into", models.F("code")), _negated=True),
                name="merged_into_another",
            ),
        ),
        # Not asked of the systems that are there: packs could name any number before.
        AddConstraintNotValid(
            model_name="sourcesystem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("protection_level__isnull", True),
                    models.Q(("protection_level__gte", 1), ("protection_level__lte", 5)),
                    _connector="OR",
                ),
                name="protection_is_one_to_five",
            ),
        ),
        migrations.RunSQL(SYSTEMS + CLOSED, reverse_sql=GONE),
    ]
