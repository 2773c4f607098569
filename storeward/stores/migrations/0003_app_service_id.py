from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("stores", "0002_app_push_key"),
    ]

    operations = [
        migrations.AddField(
            model_name="app",
            name="service_id",
            field=models.CharField(blank=True, help_text="what the consent page calls the app, where not its key", max_length=80),
        ),
    ]
