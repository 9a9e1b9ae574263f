-- The same for SQLite and PostgreSQL; $key$ and $bytes$ stand for the type of a key and of bytes.

-- One row for each record, in the order of the chain. Rows are never changed; old ones are removed from the beginning.
CREATE TABLE audit_record (
    id          $key$   NOT NULL PRIMARY KEY,
    journal     BIGINT  NOT NULL,
    sequence    BIGINT  NOT NULL,
    time_us     BIGINT  NOT NULL,
    instrument  BIGINT  NOT NULL,
    signal      BIGINT  NOT NULL,
    kind        TEXT    NOT NULL,
    outcome     TEXT    NOT NULL,
    explanation TEXT    NOT NULL,
    document    TEXT    NOT NULL,
    previous    $bytes$ NOT NULL,
    hash        $bytes$ NOT NULL
);

CREATE INDEX audit_record_time ON audit_record (time_us);
CREATE INDEX audit_record_signal ON audit_record (signal) WHERE signal <> 0;
CREATE INDEX audit_record_kind ON audit_record (kind, id);

-- One row for each journal that was audited: position is the first event that is not.
CREATE TABLE audit_journal (
    id            $key$  NOT NULL PRIMARY KEY,
    identity      TEXT   NOT NULL,
    folder        TEXT   NOT NULL,
    configuration TEXT   NOT NULL,
    options       TEXT   NOT NULL,
    position      BIGINT NOT NULL
);

CREATE UNIQUE INDEX audit_journal_identity ON audit_journal (identity);

-- One row: where the chain ends. It changes in the same transaction as the records and the position.
CREATE TABLE audit_head (
    one       BIGINT  NOT NULL PRIMARY KEY CHECK (one = 1),
    id        BIGINT  NOT NULL,
    hash      $bytes$ NOT NULL,
    signature $bytes$,
    key_id    TEXT
);

INSERT INTO audit_head (one, id, hash) VALUES (1, 0, $zeros$);
