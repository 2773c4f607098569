from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("workspace_id", models.BigIntegerField()),
                ("sheet", models.CharField(max_length=20)),
                ("name", models.CharField(help_text="of the file", max_length=200)),
                ("body", models.BinaryField()),
                ("digest", models.CharField(max_length=64)),
                ("as_of", models.DateTimeField(help_text="when the facts were true, where a row does not say it")),
                ("uploaded_by", models.CharField(max_length=200)),
                ("uploaded_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("previewed", "Previewed"),
                            ("taking", "Taking"),
                            ("taken", "Taken"),
                            ("discarded", "Discarded"),
                        ],
                        default="previewed",
                        max_length=10,
                    ),
                ),
                ("verdict", models.JSONField()),
                ("taken_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["workspace_id", "-uploaded_at"], name="upload_latest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["previewed", "taking", "taken", "discarded"])),
                        name="upload_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "taken"), _negated=True), ("taken_at__isnull", False), _connector="OR"
                        ),
                        name="upload_taken_when",
                    ),
                ],
            },
        ),
    ]
