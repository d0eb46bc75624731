-- Answers wait in the order of their place, so that a fold reads its own rows and no other's.
ALTER TABLE inbox DROP CONSTRAINT inbox_pkey;
ALTER TABLE inbox ADD PRIMARY KEY (unit, form, version, month, class, id);
