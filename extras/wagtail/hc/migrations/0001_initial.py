import django.db.models.deletion
import hc.models
import wagtail.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.CreateModel(
            name='Article',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('uid', models.CharField(blank=True, db_index=True, max_length=255, verbose_name='name in Git')),
                ('body', wagtail.fields.StreamField([('html', 0)], blank=True, block_lookup={0: ('wagtail.blocks.RawHTMLBlock', (), {})})),
                ('position', models.IntegerField(default=0)),
                ('labels', models.TextField(blank=True, help_text='One a line.')),
                ('is_outdated', models.BooleanField(default=False)),
            ],
            options={
                'abstract': False,
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='BrandRoot',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('uid', models.CharField(blank=True, db_index=True, max_length=255, verbose_name='name in Git')),
                ('body', wagtail.fields.StreamField([('html', 0)], blank=True, block_lookup={0: ('wagtail.blocks.RawHTMLBlock', (), {})})),
                ('position', models.IntegerField(default=0)),
            ],
            options={
                'abstract': False,
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='File',
            fields=[
                ('digest', models.CharField(max_length=128, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=255)),
                ('file', models.FileField(max_length=500, upload_to=hc.models.place_of)),
            ],
        ),
        migrations.CreateModel(
            name='Section',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('uid', models.CharField(blank=True, db_index=True, max_length=255, verbose_name='name in Git')),
                ('body', wagtail.fields.StreamField([('html', 0)], blank=True, block_lookup={0: ('wagtail.blocks.RawHTMLBlock', (), {})})),
                ('position', models.IntegerField(default=0)),
            ],
            options={
                'abstract': False,
            },
            bases=('wagtailcore.page',),
        ),
    ]
