-- An audit that goes on compares what it makes again with what is here, from an event of a journal on.
CREATE INDEX audit_record_journal ON audit_record (journal, sequence);
