# Tables of the ledger.

import django.db.models.functions.datetime
from django.db import migrations, models

import haihe.base.ids
import haihe.kernel.ledger.models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("text", models.TextField()),
                ("snapshot", models.TextField()),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Numbered",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("entry", models.UUIDField(unique=True)),
                ("leaf", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="SubjectEntry",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "subject",
                        "entry",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("subject", models.BinaryField(max_length=16)),
                ("entry", models.UUIDField()),
            ],
        ),
        migrations.CreateModel(
            name="SubjectSecret",
            fields=[
                ("subject", models.BinaryField(max_length=16, primary_key=True, serialize=False)),
                ("secret", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Cosignature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("size", models.BigIntegerField()),
                ("witness", models.CharField(max_length=200)),
                ("line", models.TextField()),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("size", "witness"), name="cosigned_once_by_each"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=haihe.base.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("actor", models.CharField(max_length=120)),
                ("department", models.CharField(blank=True, max_length=40)),
                ("purpose", models.CharField(blank=True, max_length=80)),
                ("grant", models.UUIDField(blank=True, null=True)),
                ("subject", models.BinaryField(max_length=16, null=True)),
                ("subjects_root", models.BinaryField(max_length=32, null=True)),
                ("body", models.JSONField(default=dict)),
                ("leaf", models.BinaryField(max_length=32)),
                (
                    "transaction",
                    haihe.kernel.ledger.models.TransactionId(
                        db_default=models.Func(function="pg_current_xact_id"), editable=False
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["transaction"], name="entry_by_transaction"),
                    models.Index(fields=["kind", "at"], name="entry_by_kind"),
                ],
            },
        ),
    ]
