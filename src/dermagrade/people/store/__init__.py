"""The database and the photos on disk: tables, migrations, audit log, and what is said when they cannot be used."""
