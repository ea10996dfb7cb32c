"""The terms of grants, their frozen documents, renewals, and deletions with their receipts."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import haihe.base.ids
from haihe.kernel.catalogue.migrations import _grant_rules


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0007_list_fields"),
        ("org", "0004_given_password"),
    ]

    operations = [
        migrations.CreateModel(
            name="Deletion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=haihe.base.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("ended", "Ended"),
                            ("withdrawn", "Withdrawn"),
                            ("life_over", "Life Over"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("due", models.DateField()),
                ("received_at", models.DateTimeField(blank=True, null=True)),
                ("received_by", models.CharField(blank=True, max_length=120)),
                ("by_haihe", models.BooleanField(blank=True, null=True)),
                ("rows_before", models.BigIntegerField(blank=True, null=True)),
                (
                    "hash_before",
                    models.DecimalField(blank=True, decimal_places=0, max_digits=38, null=True),
                ),
                ("rows_after", models.BigIntegerField(blank=True, null=True)),
                ("note", models.TextField(blank=True)),
                ("entry", models.UUIDField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="GrantDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("edition", models.PositiveIntegerField()),
                ("text", models.TextField()),
                ("hash", models.CharField(max_length=64)),
                ("entry", models.UUIDField()),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "ordering": ("-edition",),
            },
        ),
        migrations.CreateModel(
            name="Renewal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=haihe.base.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                ("until_before", models.DateTimeField()),
                ("until_after", models.DateTimeField()),
                ("reason", models.TextField()),
                ("asked_by", models.CharField(max_length=120)),
                (
                    "asked_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("due", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("renewed", "Renewed"),
                            ("refused", "Refused"),
                        ],
                        default="asked",
                        max_length=7,
                    ),
                ),
                ("decided_by", models.CharField(blank=True, max_length=120)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("answer", models.TextField(blank=True)),
            ],
        ),
        migrations.AddField(
            model_name="demand",
            name="data_life_days",
            field=models.PositiveIntegerField(db_default=365, default=365),
        ),
        migrations.AddField(
            model_name="demand",
            name="every_hours",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="demand",
            name="fetching",
            field=models.CharField(
                choices=[("once", "Once"), ("periodic", "Periodic")],
                db_default="periodic",
                default="periodic",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="demand",
            name="is_return_flow",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="demand",
            name="onward_law",
            field=models.TextField(blank=True, db_default=""),
        ),
        migrations.AddField(
            model_name="demand",
            name="onward_to",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="demand",
            name="rows",
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.AddField(
            model_name="grant",
            name="every_hours",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="grant",
            name="fetching",
            field=models.CharField(
                choices=[("once", "Once"), ("periodic", "Periodic")],
                db_default="periodic",
                default="periodic",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="onward_law",
            field=models.TextField(blank=True, db_default=""),
        ),
        migrations.AddField(
            model_name="grant",
            name="onward_to",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="rows",
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.AddConstraint(
            model_name="demand",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("onward_law", ""), ("onward_to", [])),
                    models.Q(
                        ("onward_to__len__gt", 0),
                        models.Q(("onward_law__regex", "^\\s*$"), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="demand_bans_onward_use_or_cites_the_law",
            ),
        ),
        migrations.AddConstraint(
            model_name="demand",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("every_hours__isnull", True),
                    models.Q(
                        ("every_hours__gte", 1),
                        ("fetching", "periodic"),
                        models.Q(("mode", "interface"), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="demand_delivers_at_its_pace",
            ),
        ),
        migrations.AddConstraint(
            model_name="demand",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("mode", "interface"), _negated=True),
                    ("fetching", "periodic"),
                    _connector="OR",
                ),
                name="demand_calls_are_periodic",
            ),
        ),
        migrations.AddConstraint(
            model_name="demand",
            constraint=models.CheckConstraint(
                condition=models.Q(("data_life_days__gte", 1), ("data_life_days__lte", 3660)),
                name="demand_data_has_a_life",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("onward_law", ""), ("onward_to", [])),
                    models.Q(
                        ("onward_to__len__gt", 0),
                        models.Q(("onward_law__regex", "^\\s*$"), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="grant_bans_onward_use_or_cites_the_law",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("every_hours__isnull", True),
                    models.Q(
                        ("every_hours__gte", 1),
                        ("fetching", "periodic"),
                        models.Q(("mode", "interface"), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="grant_delivers_at_its_pace",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("mode", "interface"), _negated=True),
                    ("fetching", "periodic"),
                    _connector="OR",
                ),
                name="grant_calls_are_periodic",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("data_life_days__gte", 1), ("data_life_days__lte", 3660)),
                name="grant_data_has_a_life",
            ),
        ),
        migrations.AddField(
            model_name="deletion",
            name="grant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deletions",
                to="catalogue.grant",
            ),
        ),
        migrations.AddField(
            model_name="grantdocument",
            name="grant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="documents",
                to="catalogue.grant",
            ),
        ),
        migrations.AddField(
            model_name="renewal",
            name="decided_department",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="org.department",
            ),
        ),
        migrations.AddField(
            model_name="renewal",
            name="grant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="renewals",
                to="catalogue.grant",
            ),
        ),
        migrations.AddIndex(
            model_name="deletion",
            index=models.Index(
                condition=models.Q(("received_at__isnull", True)),
                fields=["due"],
                name="open_deletions_by_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="deletion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("received_at__isnull", True)),
                fields=("grant",),
                name="one_open_deletion_a_grant",
            ),
        ),
        migrations.AddConstraint(
            model_name="deletion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("received_at__isnull", True),
                    models.Q(("by_haihe__isnull", False), ("entry__isnull", False)),
                    _connector="OR",
                ),
                name="receipt_stands_in_the_ledger",
            ),
        ),
        migrations.AddConstraint(
            model_name="deletion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("by_haihe", True), _negated=True),
                    models.Q(
                        ("hash_before__isnull", False), ("rows_after", 0), ("rows_before__gte", 0)
                    ),
                    _connector="OR",
                ),
                name="deletion_by_haihe_is_proven",
            ),
        ),
        migrations.AddConstraint(
            model_name="deletion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("by_haihe", False), _negated=True),
                    models.Q(("note__regex", "^\\s*$"), _negated=True),
                    _connector="OR",
                ),
                name="deletion_by_the_receiver_is_declared",
            ),
        ),
        migrations.AddConstraint(
            model_name="grantdocument",
            constraint=models.UniqueConstraint(
                fields=("grant", "edition"), name="one_document_a_grant_edition"
            ),
        ),
        migrations.AddConstraint(
            model_name="renewal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "asked")),
                fields=("grant",),
                name="one_open_renewal_a_grant",
            ),
        ),
        migrations.AddConstraint(
            model_name="renewal",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__regex", "^\\s*$"), _negated=True),
                name="renewal_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="renewal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), _negated=True),
                    models.Q(("answer__regex", "^\\s*$"), _negated=True),
                    _connector="OR",
                ),
                name="refused_renewal_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="renewal",
            constraint=models.CheckConstraint(
                condition=models.Q(("until_after__gt", models.F("until_before"))),
                name="renewal_lengthens",
            ),
        ),
        migrations.RunSQL(
            _grant_rules.DEMANDS + _grant_rules.GRANTS + _grant_rules.KEPT,
            reverse_sql=_grant_rules.GONE,
        ),
    ]
