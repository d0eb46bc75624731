-- Key pairs of the tablets' queues: what waits on a tablet can be read only here. The private half is sealed with the key
-- that is not in the database. number: the newest is given to tablets; an old one stays while something sealed to it may come.
CREATE TABLE queue_key (
    number INTEGER PRIMARY KEY NOT NULL,
    public BLOB NOT NULL,
    private BLOB NOT NULL,
    created_day INTEGER NOT NULL
) WITHOUT ROWID;

-- What is known of a tablet's queue. sequences: the numbers that came, as ranges, for the tablet's life; given: the last one
-- that it said to have given; queue_key: the oldest key under which something may still come. Seconds since 1970 of its last
-- word, and what it said: how many wait, the age of the oldest in seconds, its program, its storage, its battery.
CREATE TABLE device_queue (
    device BLOB PRIMARY KEY NOT NULL REFERENCES device (id),
    first_day INTEGER NOT NULL,
    sequences TEXT NOT NULL,
    given INTEGER NOT NULL,
    queue_key INTEGER NOT NULL,
    seen BIGINT,
    waiting INTEGER NOT NULL,
    oldest BIGINT NOT NULL,
    app TEXT NOT NULL,
    storage TEXT NOT NULL,
    battery INTEGER
) WITHOUT ROWID;

-- Numbers that are being taken at this moment: a number belongs to the first key that claims it. Gone as soon as the number is
-- in device_queue; the hash is of its own kind, so that it cannot be laid beside retry_key.
CREATE TABLE device_claim (
    device BLOB NOT NULL REFERENCES device (id),
    sequence INTEGER NOT NULL,
    claim BLOB NOT NULL,
    week INTEGER NOT NULL,
    PRIMARY KEY (device, sequence)
) WITHOUT ROWID;

-- How many entries of a tablet's queue were refused, by reason.
CREATE TABLE device_refusal (
    device BLOB NOT NULL REFERENCES device (id),
    reason TEXT NOT NULL,
    entries BIGINT NOT NULL,
    PRIMARY KEY (device, reason)
) WITHOUT ROWID;
