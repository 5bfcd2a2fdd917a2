-- The store in SQLite.  One section a version; a section takes the store from the version
-- before it to its own and is never changed once it has shipped: add a new one at the end.
-- Times are seconds since 1970.  *_key is what addresses are compared by (case folded).
-- No text, subject, file name or excerpt of a message ever comes in here.

-- version 1
CREATE TABLE migration (
	version INTEGER PRIMARY KEY,
	at      INTEGER NOT NULL
) STRICT;

CREATE TABLE incident (
	id            INTEGER PRIMARY KEY AUTOINCREMENT,
	ref           TEXT NOT NULL UNIQUE,
	created       INTEGER NOT NULL,
	dedupe        TEXT NOT NULL,
	content_hash  TEXT NOT NULL,
	sender        TEXT NOT NULL,
	sender_key    TEXT NOT NULL,
	sender_class  TEXT NOT NULL,
	client        TEXT NOT NULL,
	queue_id      TEXT NOT NULL,
	message_id    TEXT NOT NULL,
	mail_args     TEXT NOT NULL,
	authenticated INTEGER NOT NULL,
	own_id        INTEGER NOT NULL,
	size          INTEGER NOT NULL,
	route         TEXT NOT NULL,
	category      TEXT NOT NULL,
	area          TEXT NOT NULL,
	severity      INTEGER NOT NULL,
	urgency       TEXT NOT NULL,
	urgency_rank  INTEGER NOT NULL,        -- 0 urgent ... 3 low
	policy_rows   TEXT NOT NULL,
	flags         INTEGER NOT NULL,
	failure       TEXT NOT NULL,
	look_by       INTEGER NOT NULL,
	sealed        INTEGER NOT NULL,
	disclosure    INTEGER NOT NULL,
	privileged    INTEGER NOT NULL,
	version       INTEGER NOT NULL,
	taken_by      TEXT NOT NULL,
	taken_until   INTEGER NOT NULL,
	decision      TEXT NOT NULL,
	decided_by    TEXT NOT NULL,
	decided_at    INTEGER NOT NULL,
	mistake       INTEGER NOT NULL DEFAULT 0, -- "this should not have been held"
	strip         TEXT NOT NULL DEFAULT '',   -- parts that a release leaves out
	reason        TEXT NOT NULL DEFAULT '',   -- the object in the vault that says why it was decided so
	content       INTEGER NOT NULL            -- bytes it has in the vault
) STRICT;
CREATE INDEX incident_dedupe ON incident (dedupe, created);
CREATE INDEX incident_queue ON incident (urgency_rank, look_by = 0, look_by, created, id);
CREATE INDEX incident_created ON incident (created);

-- what becomes of each recipient's copy
CREATE TABLE copy (
	incident    INTEGER NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
	nr          INTEGER NOT NULL,
	address     TEXT NOT NULL,
	address_key TEXT NOT NULL,
	class       TEXT NOT NULL,
	state       TEXT NOT NULL,
	action      TEXT NOT NULL,
	answer      TEXT NOT NULL,
	attempts    INTEGER NOT NULL,
	PRIMARY KEY (incident, nr)
) STRICT, WITHOUT ROWID;
CREATE INDEX copy_state ON copy (state, incident);

-- findings, without what was found
CREATE TABLE hit (
	incident   INTEGER NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
	nr         INTEGER NOT NULL,
	rule       TEXT NOT NULL,
	title      TEXT NOT NULL,
	category   TEXT NOT NULL,
	area       TEXT NOT NULL,
	place      TEXT NOT NULL,
	part       TEXT NOT NULL,
	severity   INTEGER NOT NULL,
	confidence INTEGER NOT NULL,
	count      INTEGER NOT NULL,
	disguised  INTEGER NOT NULL,
	PRIMARY KEY (incident, nr)
) STRICT, WITHOUT ROWID;

-- mails for the courier; a row goes when its mail has an end
CREATE TABLE outbox (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	incident   INTEGER NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
	copy       INTEGER NOT NULL,            -- nr of the copy a release is for, else -1
	kind       TEXT NOT NULL,
	template   TEXT NOT NULL,
	role       TEXT NOT NULL,
	address    TEXT NOT NULL,
	made       INTEGER NOT NULL,
	not_before INTEGER NOT NULL,
	attempts   INTEGER NOT NULL DEFAULT 0,
	nonce      TEXT NOT NULL DEFAULT '',
	owner      TEXT NOT NULL DEFAULT '',
	begun      INTEGER NOT NULL DEFAULT 0,
	decided    INTEGER NOT NULL DEFAULT 0   -- made by a decision: undo takes it back
) STRICT;
CREATE INDEX outbox_incident ON outbox (incident);
CREATE INDEX outbox_due ON outbox (not_before);

-- when a kind of mail last went to somebody
CREATE TABLE sent (
	kind TEXT NOT NULL,
	who  TEXT NOT NULL,
	at   INTEGER NOT NULL,
	PRIMARY KEY (kind, who)
) STRICT, WITHOUT ROWID;

CREATE TABLE ticket (
	nonce    TEXT PRIMARY KEY,
	used     INTEGER NOT NULL,
	answered INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- contents whose scan failed
CREATE TABLE poison (
	content_hash TEXT PRIMARY KEY,
	times        INTEGER NOT NULL,
	at           INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE trace (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	at         INTEGER NOT NULL,
	queue_id   TEXT NOT NULL,
	message_id TEXT NOT NULL,
	sender     TEXT NOT NULL,
	recipients TEXT NOT NULL,
	route      TEXT NOT NULL,
	verdict    TEXT NOT NULL,
	ref        TEXT NOT NULL,
	micros     INTEGER NOT NULL,
	size       INTEGER NOT NULL
) STRICT;
CREATE INDEX trace_at ON trace (at);
CREATE INDEX trace_queue_id ON trace (queue_id);
CREATE INDEX trace_message_id ON trace (message_id);

-- who wrote a traced message (role 0) and who was to get it (role 1)
CREATE TABLE party (
	trace       INTEGER NOT NULL REFERENCES trace (id) ON DELETE CASCADE,
	role        INTEGER NOT NULL,
	address_key TEXT NOT NULL,
	PRIMARY KEY (trace, role, address_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX party_address ON party (address_key, role, trace);

-- sums that would be dear to count
CREATE TABLE meter (
	name  TEXT PRIMARY KEY,
	value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meter (name, value) VALUES ('content', 0), ('traces_dropped', 0),
	('unscrubbed', 0), ('scrubbed_at', 0);

-- who did what; audit.h says how the hashes chain
CREATE TABLE audit (
	seq    INTEGER PRIMARY KEY,
	at     INTEGER NOT NULL,
	actor  TEXT NOT NULL,
	action TEXT NOT NULL,
	ref    TEXT NOT NULL,
	detail TEXT NOT NULL,
	hash   TEXT NOT NULL
) STRICT;
CREATE INDEX audit_ref ON audit (ref, seq);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN
	SELECT raise(ABORT, 'the audit is only ever added to');
END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN
	SELECT raise(ABORT, 'the audit is only ever added to');
END;

-- where the chain ends, so that a cut tail is seen
CREATE TABLE audit_head (
	id   INTEGER PRIMARY KEY CHECK (id = 1),
	seq  INTEGER NOT NULL,
	hash TEXT NOT NULL,
	mac  TEXT NOT NULL
) STRICT;

-- version 2: what became of the school's texts ("added", a reason, "" = none was due)
ALTER TABLE trace ADD COLUMN disclaimer TEXT NOT NULL DEFAULT '';

-- version 3: who has written to whom, and what was worrying between a child and somebody
-- else.  Every key is a hash that only the installation's own key can make (memory.c): no
-- address, name or domain comes in here, and a row does not say whose it is.
CREATE TABLE pair (
	key   INTEGER PRIMARY KEY,
	first INTEGER NOT NULL,
	last  INTEGER NOT NULL,
	there INTEGER NOT NULL,      -- messages one way, and the other
	back  INTEGER NOT NULL
) STRICT;
CREATE INDEX pair_last ON pair (last);

-- messages with signs of unsafe contact; mark: which message, so that a retry is known
CREATE TABLE sign (
	pair  INTEGER NOT NULL,
	mark  INTEGER NOT NULL,
	at    INTEGER NOT NULL,
	kinds INTEGER NOT NULL,      -- bits
	PRIMARY KEY (pair, at, mark)
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_at ON sign (at);

-- domains that people of the school write to
CREATE TABLE domain (
	key  INTEGER PRIMARY KEY,
	last INTEGER NOT NULL
) STRICT;
CREATE INDEX domain_last ON domain (last);

-- with whom of one surname somebody writes; key: somebody and the surname, pair: with whom
CREATE TABLE namesake (
	key   INTEGER NOT NULL,
	pair  INTEGER NOT NULL,
	times INTEGER NOT NULL,
	last  INTEGER NOT NULL,
	PRIMARY KEY (key, pair)
) STRICT, WITHOUT ROWID;
CREATE INDEX namesake_last ON namesake (last);
INSERT INTO meter (name, value) VALUES ('memory_since', 0);

-- version 4: mails that are about no message (incident 0): digests, accounts, contacts.
-- about: facts of ours for their text, "name=value" lines.
CREATE TABLE outbox_4 (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	incident   INTEGER NOT NULL,            -- 0 = none
	copy       INTEGER NOT NULL,
	kind       TEXT NOT NULL,
	template   TEXT NOT NULL,
	role       TEXT NOT NULL,
	address    TEXT NOT NULL,
	about      TEXT NOT NULL DEFAULT '',
	made       INTEGER NOT NULL,
	not_before INTEGER NOT NULL,
	attempts   INTEGER NOT NULL DEFAULT 0,
	nonce      TEXT NOT NULL DEFAULT '',
	owner      TEXT NOT NULL DEFAULT '',
	begun      INTEGER NOT NULL DEFAULT 0,
	decided    INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO outbox_4 (id, incident, copy, kind, template, role, address, made, not_before, attempts, nonce,
	owner, begun, decided) SELECT id, incident, copy, kind, template, role, address, made, not_before,
	attempts, nonce, owner, begun, decided FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_4 RENAME TO outbox;
CREATE INDEX outbox_incident ON outbox (incident);
CREATE INDEX outbox_due ON outbox (not_before);
CREATE TRIGGER incident_outbox AFTER DELETE ON incident
BEGIN
	DELETE FROM outbox WHERE incident = old.id;
END;

-- who has been asked to look, and when the next person is; no row: nobody yet
CREATE TABLE ladder (
	incident INTEGER PRIMARY KEY REFERENCES incident (id) ON DELETE CASCADE,
	step     INTEGER NOT NULL,            -- steps done
	due      INTEGER NOT NULL             -- of the next step
) STRICT;
CREATE INDEX incident_open ON incident (urgency_rank) WHERE decision = '';

-- addresses of contacts, and whether mail to them is known to arrive
CREATE TABLE contact (
	address_key TEXT PRIMARY KEY,
	code        TEXT NOT NULL,            -- hash of the one that was sent last, "" = none is good
	asked       INTEGER NOT NULL,
	confirmed   INTEGER NOT NULL          -- 0 = not
) STRICT, WITHOUT ROWID;
INSERT INTO meter (name, value) VALUES ('digest', 0);

-- version 5: people's accounts for the web pages, and their sessions.  No password, code,
-- link or cookie comes in here in clear: passwords as Argon2id, the secret of the codes sealed
-- with a key from outside the store, all else as hashes of random values.
CREATE TABLE account (
	name        TEXT PRIMARY KEY,
	shown       TEXT NOT NULL,             -- "Mrs Okafor"
	role        TEXT NOT NULL,
	mail        TEXT NOT NULL,             -- own addresses, with "," between
	state       TEXT NOT NULL,             -- new, active, disabled
	made        INTEGER NOT NULL,
	password    TEXT NOT NULL DEFAULT '',
	password_at INTEGER NOT NULL DEFAULT 0,
	secret      TEXT NOT NULL DEFAULT '',
	step        INTEGER NOT NULL DEFAULT 0, -- of the last code that was used
	signed_in   INTEGER NOT NULL DEFAULT 0,
	single_keys INTEGER NOT NULL DEFAULT 1,
	low_words   INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE recovery (
	account TEXT NOT NULL REFERENCES account (name) ON DELETE CASCADE,
	hash    TEXT NOT NULL,
	PRIMARY KEY (account, hash)
) STRICT, WITHOUT ROWID;

-- a way to set an account up, once; password and secret wait here until the first code is right
CREATE TABLE first_use (
	account  TEXT PRIMARY KEY REFERENCES account (name) ON DELETE CASCADE,
	hash     TEXT NOT NULL UNIQUE,
	ends     INTEGER NOT NULL,
	password TEXT NOT NULL DEFAULT '',
	secret   TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
	hash     TEXT PRIMARY KEY,
	id       TEXT NOT NULL UNIQUE,       -- what lists call it
	account  TEXT NOT NULL REFERENCES account (name) ON DELETE CASCADE,
	stage    TEXT NOT NULL,              -- code, setup, full, locked
	begun    INTEGER NOT NULL,
	seen     INTEGER NOT NULL,
	hidden   INTEGER NOT NULL DEFAULT 0, -- since when, 0 = it is not
	address  TEXT NOT NULL,
	note     TEXT NOT NULL DEFAULT ''    -- recovery codes until they are noted down, sealed
) STRICT, WITHOUT ROWID;
CREATE INDEX session_account ON session (account);

-- browsers that somebody has signed in with, by the hash of a random value they keep
CREATE TABLE browser (
	account TEXT NOT NULL REFERENCES account (name) ON DELETE CASCADE,
	hash    TEXT NOT NULL,
	last    INTEGER NOT NULL,
	PRIMARY KEY (account, hash)
) STRICT, WITHOUT ROWID;

-- guesses: who is a hash of a name as typed, or of an address
CREATE TABLE guess (
	who   TEXT PRIMARY KEY,
	times INTEGER NOT NULL,
	at    INTEGER NOT NULL,
	until INTEGER NOT NULL               -- no other guess before
) STRICT, WITHOUT ROWID;
CREATE INDEX guess_at ON guess (at);

-- changes that need two people
CREATE TABLE proposal (
	id       INTEGER PRIMARY KEY AUTOINCREMENT,
	account  TEXT NOT NULL REFERENCES account (name) ON DELETE CASCADE,
	kind     TEXT NOT NULL,              -- role, mail, enable, reset
	value    TEXT NOT NULL,
	proposer TEXT NOT NULL,
	made     INTEGER NOT NULL
) STRICT;

-- version 6: what a reviewer wrote to a sender, who asked for a seal to be lifted, whom a
-- message is about, who stands in for whom; indexes for what happened before with somebody,
-- and for what each person did
ALTER TABLE incident ADD COLUMN note TEXT NOT NULL DEFAULT '';   -- the object in the vault
CREATE TABLE unseal (
	incident INTEGER PRIMARY KEY REFERENCES incident (id) ON DELETE CASCADE,
	actor    TEXT NOT NULL,
	at       INTEGER NOT NULL,
	reason   TEXT NOT NULL           -- the object in the vault
) STRICT;
CREATE TABLE subject (
	incident    INTEGER NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
	address_key TEXT NOT NULL,
	PRIMARY KEY (incident, address_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX subject_address ON subject (address_key, incident);
CREATE TABLE cover (
	id     INTEGER PRIMARY KEY AUTOINCREMENT,
	lead   TEXT NOT NULL,
	deputy TEXT NOT NULL,
	since  INTEGER NOT NULL,
	until  INTEGER NOT NULL
) STRICT;
CREATE INDEX incident_sender ON incident (sender_key, created);
CREATE INDEX copy_address ON copy (address_key, incident);
CREATE INDEX audit_at ON audit (at, actor);

-- version 7: who has had an alert about a message, so that nobody gets a first one twice
CREATE TABLE told (
	incident INTEGER NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
	who      TEXT NOT NULL,
	PRIMARY KEY (incident, who)
) STRICT, WITHOUT ROWID;

-- version 8: what people said of messages that should not have been held, and what they suggest
CREATE TABLE mistake (
	id          INTEGER PRIMARY KEY AUTOINCREMENT,
	incident    INTEGER NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
	rule        TEXT NOT NULL,
	severity    INTEGER NOT NULL,         -- of its hit
	actor       TEXT NOT NULL,
	made        INTEGER NOT NULL,
	why         TEXT NOT NULL,            -- a code
	asks        TEXT NOT NULL,            -- once, phrase, rule
	said        TEXT NOT NULL,            -- the object in the vault, '' = none
	state       TEXT NOT NULL DEFAULT '', -- '' = open, accepted, declined
	answered_by TEXT NOT NULL DEFAULT '',
	answered    INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX mistake_incident ON mistake (incident);
