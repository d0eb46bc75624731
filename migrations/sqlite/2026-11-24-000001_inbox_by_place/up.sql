-- Answers wait in the order of their place, so that a fold reads its own rows and no other's.
ALTER TABLE inbox RENAME TO inbox_by_id;
CREATE TABLE inbox (
    id BLOB NOT NULL,
    unit TEXT NOT NULL,
    form TEXT NOT NULL,
    version INTEGER NOT NULL,
    month INTEGER NOT NULL,
    class SMALLINT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (unit, form, version, month, class, id)
) WITHOUT ROWID;
INSERT INTO inbox (id, unit, form, version, month, class, sealed)
SELECT id, unit, form, version, month, class, sealed FROM inbox_by_id;
DROP TABLE inbox_by_id;
