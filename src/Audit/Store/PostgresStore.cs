using System.Data.Common;
using System.Net.Sockets;
using DbUp;
using ExecutionPipeline.Audit.Records;
using Npgsql;

namespace ExecutionPipeline.Audit.Store;

/// <summary>A database of PostgreSQL.</summary>
public sealed class PostgresStore : AuditStore
{
    private readonly NpgsqlDataSource _source;
    private readonly string _connectionString;

    /// <param name="connectionString">Of the database, which must be there.</param>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public PostgresStore(string connectionString)
    {
        try
        {
            var parts = new NpgsqlConnectionStringBuilder(connectionString);
            Name = $"PostgreSQL {parts.Host}/{parts.Database}";
            _connectionString = connectionString;
            _source = NpgsqlDataSource.Create(connectionString);
        }
        catch (ArgumentException problem)
        {
            throw new InvalidDataException($"the store's connection string: {problem.Message}", problem);
        }
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    protected override string LockClause => " FOR UPDATE";

    /// <summary>Whether a text is meant as a connection string, and not as a file's name.</summary>
    public static bool IsConnectionString(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split(';').Any(static part =>
            part.TrimStart().StartsWith("Host=", StringComparison.OrdinalIgnoreCase)
            || part.TrimStart().StartsWith("Server=", StringComparison.OrdinalIgnoreCase));
    }

    /// <inheritdoc/>
    public override void Migrate() => Migrations.Run(
        // A script that makes an index over years of records takes as long as it takes.
        this, DeployChanges.To.PostgresqlDatabase(_connectionString).WithExecutionTimeout(TimeSpan.Zero), "BIGINT",
        "BYTEA", "decode(repeat('00', 32), 'hex')");

    /// <inheritdoc/>
    public override bool IsPassing(Exception problem) => problem switch
    {
        // 57: an operator intervenes, as by a restart; 53: there is no room.
        PostgresException server => server.IsTransient || server.SqlState.StartsWith("57", StringComparison.Ordinal)
            || server.SqlState.StartsWith("53", StringComparison.Ordinal),
        NpgsqlException or SocketException or TimeoutException => true,
        _ => false,
    };

    /// <inheritdoc/>
    public override void Dispose() => _source.Dispose();

    /// <inheritdoc/>
    protected override DbConnection Open() => _source.OpenConnection();

    /// <inheritdoc/>
    protected override void InsertAll(
        DbConnection connection, DbTransaction transaction, IReadOnlyList<AuditRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        if (records.Count == 0)
            return;

        using var rows = ((NpgsqlConnection)connection).BeginBinaryImport(
            "COPY audit_record (id, journal, sequence, time_us, instrument, signal, kind, outcome, explanation, "
                + "document, previous, hash) FROM STDIN (FORMAT BINARY)");
        foreach (var record in records)
            rows.WriteRow(StoreCommands.ValuesOf(record));
        rows.Complete();
    }
}
