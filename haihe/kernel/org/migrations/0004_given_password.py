"""Whether somebody else set an account's password."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("org", "0003_shifts")]

    operations = [
        migrations.AddField(
            model_name="account",
            name="has_given_password",
            field=models.BooleanField(default=False),
        ),
    ]
