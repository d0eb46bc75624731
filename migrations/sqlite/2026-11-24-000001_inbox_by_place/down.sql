ALTER TABLE inbox RENAME TO inbox_by_place;
CREATE TABLE inbox (
    id BLOB PRIMARY KEY NOT NULL,
    unit TEXT NOT NULL,
    form TEXT NOT NULL,
    version INTEGER NOT NULL,
    month INTEGER NOT NULL,
    class SMALLINT NOT NULL,
    sealed BLOB NOT NULL
) WITHOUT ROWID;
INSERT INTO inbox (id, unit, form, version, month, class, sealed)
SELECT id, unit, form, version, month, class, sealed FROM inbox_by_place;
DROP TABLE inbox_by_place;
