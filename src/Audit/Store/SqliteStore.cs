using System.Data.Common;
using DbUp;
using DbUp.Builder;
using Microsoft.Data.Sqlite;

namespace ExecutionPipeline.Audit.Store;

/// <summary>
/// A file of SQLite, with its log beside it (WAL), so that it is read while it is written. A transaction that a crash
/// of the machine takes back is written again from the journal, since the position is taken back with it.
/// </summary>
/// <param name="path">The file; it is made where it is missing.</param>
public class SqliteStore(string path) : AuditStore
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int DiskError = 10;
    private const int Full = 13;
    private const int CannotOpen = 14;

    private readonly string _connectionString = new SqliteConnectionStringBuilder
    {
        DataSource = path,
        DefaultTimeout = 5,
    }.ToString();

    /// <inheritdoc/>
    public override string Name => path;

    /// <inheritdoc/>
    protected override string LockClause => "";

    /// <inheritdoc/>
    public override void Migrate()
    {
        // WAL is a property of the file: it stays.
        using (var connection = new SqliteConnection(_connectionString))
        {
            connection.Open();
            using var command = StoreCommands.Create(connection, null, "PRAGMA journal_mode = WAL");
            command.ExecuteNonQuery();
        }

        Migrations.Run(this, DeployChanges.To.SqliteDatabase(_connectionString), "INTEGER", "BLOB", "zeroblob(32)");
    }

    /// <inheritdoc/>
    public override bool IsPassing(Exception problem) => problem is SqliteException
    {
        SqliteErrorCode: Busy or Locked or DiskError or Full or CannotOpen,
    };

    /// <inheritdoc/>
    public override void Dispose()
    {
        using var connection = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(connection);
    }

    /// <inheritdoc/>
    protected override DbConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        using var command = StoreCommands.Create(connection, null, "PRAGMA synchronous = NORMAL");
        command.ExecuteNonQuery();
        return connection;
    }
}
