using System.Data.Common;
using ExecutionPipeline.Audit.Records;

namespace ExecutionPipeline.Audit.Store;

/// <summary>A journal as the store knows it.</summary>
/// <param name="Id">Its number in the store.</param>
/// <param name="Identity">What it is known by, wherever it lies.</param>
/// <param name="Folder">Where it was found.</param>
/// <param name="Configuration">The hash of its configuration.</param>
/// <param name="Options">Its configuration, as JSON.</param>
/// <param name="Position">The first event that is not in the store.</param>
public sealed record AuditedJournal(
    long Id, string Identity, string Folder, string Configuration, string Options, long Position);

/// <summary>What a store is not asked for by whoever wrote to it last.</summary>
public sealed class StoreConflictException(string message) : IOException(message);

/// <summary>
/// Where records are kept: SQLite or PostgreSQL, with the same tables. Records and the position in their journal change
/// in one transaction, so that each record is there exactly once, whatever happens.
/// </summary>
public abstract class AuditStore : IDisposable
{
    private const string Columns =
        "id, journal, sequence, time_us, instrument, signal, kind, outcome, explanation, document, previous, hash";

    /// <summary>Of what goes through years of records: it takes as long as it takes.</summary>
    private const int NoTimeout = 0;

    /// <summary>How messages name it.</summary>
    public abstract string Name { get; }

    /// <summary>Taken by the writer of a head until its transaction ends.</summary>
    protected abstract string LockClause { get; }

    /// <summary>The store that a text names: a connection string of PostgreSQL, else a file of SQLite.</summary>
    /// <param name="text">Such as audit.db, or Host=…;Database=….</param>
    public static AuditStore Of(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        return PostgresStore.IsConnectionString(text) ? new PostgresStore(text) : new SqliteStore(text);
    }

    /// <summary>Makes the tables, or brings them up to date.</summary>
    public abstract void Migrate();

    /// <summary>Whether what went wrong may pass by itself: the store is down, or busy.</summary>
    public abstract bool IsPassing(Exception problem);

    /// <summary>Where the chain ends.</summary>
    public ChainHead ReadHead()
    {
        using var connection = Open();
        return ReadHead(connection, null);
    }

    /// <summary>
    /// Where the chain ends, with its signature and what its key is known by; null: it is not signed. Both are read at
    /// once, since a head that is written between two readings has another signature.
    /// </summary>
    public (ChainHead Head, (byte[] Signature, string KeyId)? Signed) ReadSignedHead()
    {
        using var connection = Open();
        using var command = StoreCommands.Create(
            connection, null, "SELECT id, hash, signature, key_id FROM audit_head");
        using var reader = command.ExecuteReader();
        if (!reader.Read())
            throw IsWithoutHead();

        var head = new ChainHead(reader.GetInt64(0), (byte[])reader[1]);
        return (head, reader.IsDBNull(2) ? null : ((byte[])reader[2], reader.GetString(3)));
    }

    /// <summary>The journals that were audited, by their numbers.</summary>
    public IReadOnlyList<AuditedJournal> ReadJournals()
    {
        using var connection = Open();
        using var command = StoreCommands.Create(
            connection, null,
            "SELECT id, identity, folder, configuration, options, position FROM audit_journal ORDER BY id");
        using var reader = command.ExecuteReader();
        var journals = new List<AuditedJournal>();
        while (reader.Read())
        {
            journals.Add(new AuditedJournal(
                reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4),
                reader.GetInt64(5)));
        }

        return journals;
    }

    /// <summary>
    /// Writes records, and where their journal's position is then, in one transaction. Does nothing where that was done
    /// before: the answer to a transaction may be lost though it was carried out.
    /// </summary>
    /// <param name="before">Where the chain ends as far as the caller knows.</param>
    /// <param name="records">Behind <paramref name="before"/>, in their order.</param>
    /// <param name="journal">With its new position; one that is not known yet is added.</param>
    /// <param name="key">Signs the new head; null: nobody does.</param>
    /// <exception cref="StoreConflictException">Somebody else has written to the store.</exception>
    public void Write(ChainHead before, IReadOnlyList<AuditRecord> records, AuditedJournal journal, HeadKey? key)
    {
        ArgumentNullException.ThrowIfNull(records);
        ArgumentNullException.ThrowIfNull(journal);
        var after = records.Count == 0 ? before : new ChainHead(records[^1].Id, records[^1].Hash);
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        var head = ReadHead(connection, transaction);
        if (!head.IsAt(before))
        {
            if (records.Count > 0 && head.IsAt(after))
                return;

            throw new StoreConflictException(
                $"{Name}: it ends with record {head.Id}, not with {before.Id}: another process writes to it");
        }

        InsertAll(connection, transaction, records);
        PutJournal(connection, transaction, journal);
        if (records.Count > 0)
            PutHead(connection, transaction, after, key);
        Commit(transaction);
    }

    /// <summary>Removes the records up to one of them, and tells so with a record, in one transaction.</summary>
    /// <param name="lastId">The last one that is removed.</param>
    /// <param name="record">Tells of it; behind the head.</param>
    /// <param name="key">Signs the new head; null: nobody does.</param>
    public virtual void RemoveTo(long lastId, AuditRecord record, HeadKey? key)
    {
        ArgumentNullException.ThrowIfNull(record);
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        var head = ReadHead(connection, transaction);
        if (!head.IsAt(new ChainHead(record.Id - 1, record.Previous)))
            throw new StoreConflictException($"{Name}: another process writes to it");

        InsertAll(connection, transaction, [record]);
        PutHead(connection, transaction, new ChainHead(record.Id, record.Hash), key);
        using var remove = StoreCommands.Create(
            connection, transaction, "DELETE FROM audit_record WHERE id <= @last", ("@last", lastId));
        remove.CommandTimeout = NoTimeout;
        remove.ExecuteNonQuery();
        Commit(transaction);
    }

    /// <summary>Records in the order of the chain, read as they are asked for.</summary>
    public IEnumerable<AuditRecord> Read(RecordFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        using var connection = Open();
        using var command = StoreCommands.Create(connection, null, "");
        command.CommandTimeout = NoTimeout;
        var condition = filter.AddTo(command);
        // Within a journal the chain has the order of its events, which the index gives without sorting.
        var order = filter.FromSequence is null ? "id" : "sequence, id";
        command.CommandText = filter.Newest is { } newest
            ? $"SELECT {Columns} FROM (SELECT {Columns} FROM audit_record{condition} "
                + $"ORDER BY id DESC LIMIT {newest}) AS newest ORDER BY id"
            : $"SELECT {Columns} FROM audit_record{condition} ORDER BY {order}"
                + (filter.Oldest is { } oldest ? $" LIMIT {oldest}" : "");
        using var reader = command.ExecuteReader();
        while (reader.Read())
            yield return StoreCommands.RecordOf(reader);
    }

    /// <summary>The last record that is older than a time; null: none is.</summary>
    public AuditRecord? FindLastBefore(long timeUs)
    {
        using var connection = Open();
        using var command = StoreCommands.Create(
            connection, null,
            $"SELECT {Columns} FROM audit_record WHERE id < COALESCE((SELECT MIN(id) FROM audit_record "
                + "WHERE time_us >= @time), 9223372036854775807) ORDER BY id DESC LIMIT 1",
            ("@time", timeUs));
        command.CommandTimeout = NoTimeout;
        using var reader = command.ExecuteReader();
        return reader.Read() ? StoreCommands.RecordOf(reader) : null;
    }

    /// <summary>The number of the record with a hash; null: there is none.</summary>
    public long? FindByHash(ReadOnlyMemory<byte> hash)
    {
        using var connection = Open();
        using var command = StoreCommands.Create(
            connection, null, "SELECT MIN(id) FROM audit_record WHERE hash = @hash", ("@hash", hash.ToArray()));
        return command.ExecuteScalar() is long id ? id : null;
    }

    /// <summary>The number of the last record, whatever the head says; 0: there is none.</summary>
    public long ReadLastId()
    {
        using var connection = Open();
        using var command = StoreCommands.Create(connection, null, "SELECT MAX(id) FROM audit_record");
        return command.ExecuteScalar() is long id ? id : 0;
    }

    public virtual void Dispose()
    {
    }

    /// <summary>An open connection; the caller disposes of it.</summary>
    protected abstract DbConnection Open();

    /// <summary>Carries a transaction out.</summary>
    protected virtual void Commit(DbTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        transaction.Commit();
    }

    /// <summary>Inserts records; a store may know a faster way than one after the other.</summary>
    protected virtual void InsertAll(
        DbConnection connection, DbTransaction transaction, IReadOnlyList<AuditRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        if (records.Count == 0)
            return;

        using var command = StoreCommands.CreateInsert(connection, transaction, Columns);
        command.Prepare();
        foreach (var record in records)
        {
            StoreCommands.Fill(command, record);
            command.ExecuteNonQuery();
        }
    }

    private ChainHead ReadHead(DbConnection connection, DbTransaction? transaction)
    {
        var text = "SELECT id, hash FROM audit_head" + (transaction is null ? "" : LockClause);
        using var command = StoreCommands.Create(connection, transaction, text);
        using var reader = command.ExecuteReader();
        return reader.Read()
            ? new ChainHead(reader.GetInt64(0), (byte[])reader[1])
            : throw IsWithoutHead();
    }

    private InvalidDataException IsWithoutHead() => new($"{Name}: its head is gone");

    private void PutHead(DbConnection connection, DbTransaction transaction, ChainHead head, HeadKey? key)
    {
        using var signed = StoreCommands.Create(
            connection, transaction, "SELECT key_id FROM audit_head WHERE signature IS NOT NULL");
        if (key is null && signed.ExecuteScalar() is string signedBy)
        {
            throw new InvalidDataException(
                $"{Name}: its head is signed by the key {signedBy}: name it with --sign-key");
        }

        using var command = key is null
            ? StoreCommands.Create(
                connection, transaction, "UPDATE audit_head SET id = @id, hash = @hash",
                ("@id", head.Id), ("@hash", head.Hash.ToArray()))
            : StoreCommands.Create(
                connection, transaction,
                "UPDATE audit_head SET id = @id, hash = @hash, signature = @signature, key_id = @key",
                ("@id", head.Id), ("@hash", head.Hash.ToArray()), ("@signature", key.Sign(head)), ("@key", key.Id));
        command.ExecuteNonQuery();
    }

    private static void PutJournal(DbConnection connection, DbTransaction transaction, AuditedJournal journal)
    {
        using var command = StoreCommands.Create(
            connection, transaction,
            "INSERT INTO audit_journal (id, identity, folder, configuration, options, position) "
                + "VALUES (@id, @identity, @folder, @configuration, @options, @position) ON CONFLICT (id) "
                + "DO UPDATE SET folder = excluded.folder, position = excluded.position",
            ("@id", journal.Id), ("@identity", journal.Identity), ("@folder", journal.Folder),
            ("@configuration", journal.Configuration), ("@options", journal.Options),
            ("@position", journal.Position));
        command.ExecuteNonQuery();
    }
}
