-- What a newsroom keeps, for SQLite and PostgreSQL alike: TEXT and BIGINT only. Ids are UUIDs, times milliseconds
-- since 1970 in UTC, yes and no 1 and 0, structures JSON.

CREATE TABLE counters (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
);

CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    disabled BIGINT NOT NULL,
    created BIGINT NOT NULL
);

CREATE TABLE sessions (
    hash TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    csrf TEXT NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expires ON sessions (expires);

CREATE TABLE tokens (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id),
    created BIGINT NOT NULL,
    expires BIGINT,
    used BIGINT,
    revoked BIGINT NOT NULL
);

-- `folded` is the title in lower case, for searching: the databases do not agree on what lower case is.
-- `revision_id` has no constraint: a revision names its article, and one of the two is written first.
CREATE TABLE articles (
    id TEXT NOT NULL PRIMARY KEY,
    origin TEXT NOT NULL UNIQUE,
    slug TEXT NOT NULL UNIQUE,
    url TEXT,
    title TEXT NOT NULL,
    folded TEXT NOT NULL,
    lang TEXT NOT NULL,
    source_id TEXT,
    revision_id TEXT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

CREATE TABLE revisions (
    id TEXT NOT NULL PRIMARY KEY,
    article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    hash TEXT NOT NULL,
    content TEXT NOT NULL,
    created BIGINT NOT NULL,
    UNIQUE (article_id, number)
);

CREATE TABLE corrections (
    id TEXT NOT NULL PRIMARY KEY,
    article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    revision_id TEXT NOT NULL REFERENCES revisions (id) ON DELETE CASCADE,
    note TEXT NOT NULL,
    changes TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX corrections_article ON corrections (article_id, id);
CREATE INDEX corrections_revision ON corrections (revision_id);

CREATE TABLE editions (
    id TEXT NOT NULL PRIMARY KEY,
    article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    lang TEXT NOT NULL,
    revision_id TEXT NOT NULL REFERENCES revisions (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    content_version BIGINT NOT NULL,
    tier TEXT,
    route TEXT NOT NULL,
    counts TEXT,
    urgency BIGINT NOT NULL,
    approved TEXT,
    published_number BIGINT NOT NULL,
    made BIGINT,
    updated BIGINT NOT NULL,
    UNIQUE (article_id, lang)
);
CREATE INDEX editions_revision ON editions (revision_id);
CREATE INDEX editions_queue ON editions (state, urgency, id);

CREATE TABLE segments (
    id TEXT NOT NULL PRIMARY KEY,
    edition_id TEXT NOT NULL REFERENCES editions (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    place TEXT NOT NULL,
    idx BIGINT NOT NULL,
    source TEXT NOT NULL,
    text TEXT NOT NULL,
    state TEXT NOT NULL,
    findings TEXT NOT NULL,
    decision TEXT NOT NULL,
    machine TEXT NOT NULL,
    changed_by TEXT,
    version BIGINT NOT NULL,
    UNIQUE (edition_id, number)
);

CREATE TABLE segment_history (
    segment_id TEXT NOT NULL REFERENCES segments (id) ON DELETE CASCADE,
    version BIGINT NOT NULL,
    text TEXT NOT NULL,
    state TEXT NOT NULL,
    changed_by TEXT,
    PRIMARY KEY (segment_id, version)
);

-- What stood on the site stays here; `is_current` marks what stands there now.
CREATE TABLE publications (
    id TEXT NOT NULL PRIMARY KEY,
    article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    lang TEXT NOT NULL,
    edition_id TEXT REFERENCES editions (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    revision_id TEXT NOT NULL REFERENCES revisions (id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    content TEXT NOT NULL,
    approved TEXT,
    first_published BIGINT NOT NULL,
    published BIGINT NOT NULL,
    is_current BIGINT NOT NULL,
    UNIQUE (article_id, lang, number)
);
CREATE UNIQUE INDEX publications_current ON publications (article_id, lang) WHERE is_current = 1;
CREATE INDEX publications_page ON publications (lang, first_published) WHERE is_current = 1;
CREATE INDEX publications_edition ON publications (edition_id);
CREATE INDEX publications_revision ON publications (revision_id);

CREATE TABLE sources (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    location TEXT NOT NULL UNIQUE,
    lang TEXT,
    seconds BIGINT NOT NULL,
    etag TEXT,
    last_modified TEXT,
    seen TEXT NOT NULL,
    due BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    error TEXT,
    paused BIGINT NOT NULL,
    created BIGINT NOT NULL
);

CREATE TABLE webhooks (
    id TEXT NOT NULL PRIMARY KEY,
    url TEXT NOT NULL,
    secret TEXT NOT NULL,
    events TEXT NOT NULL,
    created BIGINT NOT NULL
);

CREATE TABLE terms (
    book TEXT NOT NULL,
    version BIGINT NOT NULL,
    entries TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (book, version)
);

CREATE TABLE memory (
    id TEXT NOT NULL PRIMARY KEY,
    unit TEXT NOT NULL
);

CREATE TABLE jobs (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    max_attempts BIGINT NOT NULL,
    due BIGINT NOT NULL,
    leased_until BIGINT,
    error TEXT,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);
CREATE UNIQUE INDEX jobs_open ON jobs (kind, name) WHERE state IN ('queued', 'running');
CREATE INDEX jobs_due ON jobs (state, due, id);
CREATE INDEX jobs_updated ON jobs (state, updated);

CREATE TABLE audit (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    details TEXT NOT NULL
);
CREATE INDEX audit_object ON audit (object, id);
