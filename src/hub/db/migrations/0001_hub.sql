-- Times: microseconds since 1970-01-01 UTC. Days: days since 1970-01-01 in the province's zone. Hashes and keys: raw bytes.
-- Lists of words: space-separated. JSON: as text. A word that may be absent is '' where it stands in a key.

-- People and what they did ------------------------------------------------------------------------------------------

-- The free tree: province > area > commune. A merged commune stays, so that old records keep their name.
CREATE TABLE area (
    id TEXT NOT NULL PRIMARY KEY,
    parent TEXT REFERENCES area (id),
    title TEXT NOT NULL,
    kind TEXT NOT NULL,
    merged_into TEXT REFERENCES area (id)
);

CREATE TABLE account (
    login TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    area TEXT NOT NULL REFERENCES area (id),
    password TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    closed_at BIGINT,
    -- The password is the first one, which an admin saw: until then it opens, and only to be changed. None: the holder chose it.
    first_until BIGINT
);

-- Keyed by the SHA-256 of what the cookie holds.
CREATE TABLE login_session (
    id BYTEA NOT NULL PRIMARY KEY,
    login TEXT NOT NULL REFERENCES account (login),
    made_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL
);
CREATE INDEX login_session_login ON login_session (login);

-- Tokens of offices for the API, keyed by the SHA-256 of what the office holds.
CREATE TABLE token (
    id BYTEA NOT NULL PRIMARY KEY,
    login TEXT NOT NULL REFERENCES account (login),
    title TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    used_at BIGINT,
    closed_at BIGINT
);

-- Wrong passwords, by login and by address: what is locked, and until when.
CREATE TABLE attempt (
    who TEXT NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    locked_until BIGINT NOT NULL
);

CREATE TABLE audit (
    id BYTEA NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    login TEXT NOT NULL,
    address TEXT NOT NULL,
    area TEXT NOT NULL,
    what TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX audit_at ON audit (at, id);

-- Stations ----------------------------------------------------------------------------------------------------------

CREATE TABLE station (
    id TEXT NOT NULL PRIMARY KEY,
    commune TEXT NOT NULL REFERENCES area (id),
    tags TEXT NOT NULL,
    languages TEXT NOT NULL,
    place TEXT NOT NULL,
    contact TEXT NOT NULL,
    -- The log that the registry names for it; none before the province signed it in, or after it was revoked.
    log BYTEA,
    revoked_at BIGINT,
    -- The newest heartbeat: when, and the station's one Status.
    seen_at BIGINT,
    status TEXT,
    -- `silent`, `late`, …: what the newest look at it said, so that a change is noticed once.
    state TEXT NOT NULL,
    state_since BIGINT NOT NULL
);
CREATE INDEX station_commune ON station (commune);

-- Where it belonged, and since when: lines that come late count for the commune of their own time.
CREATE TABLE station_home (
    station TEXT NOT NULL REFERENCES station (id),
    since BIGINT NOT NULL,
    commune TEXT NOT NULL REFERENCES area (id),
    PRIMARY KEY (station, since)
);

-- One-time codes, keyed by their SHA-256.
CREATE TABLE enrolment (
    code BYTEA NOT NULL PRIMARY KEY,
    station TEXT NOT NULL REFERENCES station (id),
    login TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    used_at BIGINT,
    key BYTEA
);

-- Every log that was ever received. id = SHA-256 of its key.
CREATE TABLE log (
    id BYTEA NOT NULL PRIMARY KEY,
    station TEXT NOT NULL REFERENCES station (id),
    key BYTEA NOT NULL,
    begun_at BIGINT NOT NULL,
    -- The head of what is held, and of what a receipt was given for.
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    receipt_seq BIGINT NOT NULL,
    receipt TEXT NOT NULL,
    -- Why nothing more is taken; '' while all is well.
    stopped TEXT NOT NULL
);
CREATE INDEX log_station ON log (station);

-- Each line as it was received, without its newline, and what is asked of it. `ts`: the due instant of an occurrence, else
-- when it was written. `commune`: where the station belonged when the line was written.
CREATE TABLE record (
    log BYTEA NOT NULL,
    seq BIGINT NOT NULL,
    station TEXT NOT NULL,
    commune TEXT NOT NULL,
    ts BIGINT NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    area TEXT NOT NULL,
    slot TEXT NOT NULL,
    outcome TEXT NOT NULL,
    why TEXT NOT NULL,
    -- How many occurrences it is the outcome of; 0 when it is none's.
    count BIGINT NOT NULL,
    frames BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    line BYTEA NOT NULL,
    PRIMARY KEY (log, seq)
);
CREATE INDEX record_station ON record (station, ts);
CREATE INDEX record_commune ON record (commune, ts, kind, outcome, station);
-- The whole province in order of time.
CREATE INDEX record_ts ON record (ts, kind, outcome);

-- Lines that contradict `record`, signed by the same key: the other branch of a fork. Counted nowhere.
CREATE TABLE branch (
    log BYTEA NOT NULL,
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    received_at BIGINT NOT NULL,
    line BYTEA NOT NULL,
    PRIMARY KEY (log, seq, hash)
);

-- What was sent of each bulletin. A row an item of an outcome.
CREATE TABLE airing (
    log BYTEA NOT NULL,
    seq BIGINT NOT NULL,
    item BIGINT NOT NULL,
    station TEXT NOT NULL,
    commune TEXT NOT NULL,
    ts BIGINT NOT NULL,
    bulletin TEXT NOT NULL,
    title TEXT NOT NULL,
    category TEXT NOT NULL,
    language TEXT NOT NULL,
    outcome TEXT NOT NULL,
    frames BIGINT NOT NULL,
    hotline BIGINT NOT NULL,
    PRIMARY KEY (log, seq, item)
);
CREATE INDEX airing_bulletin ON airing (bulletin, ts);
CREATE INDEX airing_commune ON airing (commune, ts, category, language, outcome, station);
CREATE INDEX airing_station ON airing (station, ts);
CREATE INDEX airing_ts ON airing (ts, category, language, outcome);

-- Sums, kept in the transaction that adds to `record`: occurrences by outcome, and airings by category.
CREATE TABLE day_outcome (
    commune TEXT NOT NULL,
    day BIGINT NOT NULL,
    station TEXT NOT NULL,
    outcome TEXT NOT NULL,
    why TEXT NOT NULL,
    count BIGINT NOT NULL,
    frames BIGINT NOT NULL,
    PRIMARY KEY (commune, day, station, outcome, why)
);
CREATE INDEX day_outcome_day ON day_outcome (day, commune);
CREATE TABLE day_airing (
    commune TEXT NOT NULL,
    day BIGINT NOT NULL,
    station TEXT NOT NULL,
    category TEXT NOT NULL,
    language TEXT NOT NULL,
    outcome TEXT NOT NULL,
    airings BIGINT NOT NULL,
    frames BIGINT NOT NULL,
    hotline BIGINT NOT NULL,
    PRIMARY KEY (commune, day, station, category, language, outcome)
);
CREATE INDEX day_airing_day ON day_airing (day, commune);

-- What the planner says that each station owes, by day, under the feed in force when it was computed.
CREATE TABLE day_planned (
    station TEXT NOT NULL,
    day BIGINT NOT NULL,
    commune TEXT NOT NULL,
    count BIGINT NOT NULL,
    feed BIGINT NOT NULL,
    PRIMARY KEY (station, day)
);
CREATE INDEX day_planned_day ON day_planned (day, commune);

-- Alarms and those who are told ---------------------------------------------------------------------------------------

CREATE TABLE alarm (
    id BYTEA NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    station TEXT NOT NULL,
    commune TEXT NOT NULL,
    detail TEXT NOT NULL,
    seen_by TEXT NOT NULL,
    seen_at BIGINT
);
CREATE INDEX alarm_at ON alarm (at);
CREATE INDEX alarm_station ON alarm (station, seen_at);

CREATE TABLE webhook (
    id BYTEA NOT NULL PRIMARY KEY,
    url TEXT NOT NULL,
    area TEXT NOT NULL REFERENCES area (id),
    kinds TEXT NOT NULL,
    secret BYTEA NOT NULL,
    made_at BIGINT NOT NULL,
    closed_at BIGINT
);
CREATE TABLE delivery (
    id BYTEA NOT NULL PRIMARY KEY,
    webhook BYTEA NOT NULL REFERENCES webhook (id),
    body TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    done_at BIGINT,
    -- What the last try met: an HTTP status, or a word.
    said TEXT NOT NULL DEFAULT ''
);
CREATE INDEX delivery_next ON delivery (next_at);
CREATE INDEX delivery_webhook ON delivery (webhook, made_at);
