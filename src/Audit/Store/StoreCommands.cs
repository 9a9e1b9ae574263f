using System.Data.Common;
using ExecutionPipeline.Audit.Records;

namespace ExecutionPipeline.Audit.Store;

/// <summary>Commands and rows of a store, the same for every kind.</summary>
internal static class StoreCommands
{
    private static readonly string[] Names =
    [
        "@id", "@journal", "@sequence", "@time", "@instrument", "@signal", "@kind", "@outcome", "@explanation",
        "@document", "@previous", "@hash",
    ];

    private static readonly Type[] Types = [.. Names.Select(static (_, place) => EmptyOf(place).GetType())];

    public static DbCommand Create(
        DbConnection connection, DbTransaction? transaction, string text, params (string Name, object Value)[] values)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = text;
        foreach (var (name, value) in values)
            command.Parameters.Add(Parameter(command, name, value));
        return command;
    }

    public static DbParameter Parameter(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        return parameter;
    }

    /// <summary>A command that inserts a record, with values of the right types.</summary>
    public static DbCommand CreateInsert(DbConnection connection, DbTransaction transaction, string columns) => Create(
        connection, transaction, $"INSERT INTO audit_record ({columns}) VALUES ({string.Join(", ", Names)})",
        [.. Names.Select(static (name, place) => (name, EmptyOf(place)))]);

    /// <summary>Gives the command's values those of a record.</summary>
    public static void Fill(DbCommand command, AuditRecord record)
    {
        var values = ValuesOf(record);
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
    }

    /// <summary>A record's values in the order of the columns.</summary>
    public static object[] ValuesOf(AuditRecord record)
    {
        var entry = record.Entry;
        return
        [
            record.Id, record.Journal, entry.Sequence, entry.TimeUs, (long)entry.InstrumentId,
            unchecked((long)entry.SignalId), RecordChain.NameOf(entry.Kind), entry.Outcome, entry.Explanation,
            entry.Document, record.Previous.ToArray(), record.Hash.ToArray(),
        ];
    }

    /// <summary>
    /// A row as a record. One that holds what no record is written with, such as a number that is stored as a text or
    /// is beyond its range, is of no kind: so it does not have its hash, whatever the values are read as.
    /// </summary>
    public static AuditRecord RecordOf(DbDataReader reader)
    {
        var instrument = reader.GetInt64(4);
        return new AuditRecord(
            reader.GetInt64(0),
            reader.GetInt64(1),
            new AuditEntry
            {
                Sequence = reader.GetInt64(2),
                TimeUs = reader.GetInt64(3),
                InstrumentId = (uint)instrument,
                SignalId = unchecked((ulong)reader.GetInt64(5)),
                Kind = HasTypes(reader) && instrument is >= 0 and <= uint.MaxValue
                    ? RecordChain.KindOf(reader.GetString(6))
                    : AuditKind.Unknown,
                Outcome = reader.GetString(7),
                Explanation = reader.GetString(8),
                Document = reader.GetString(9),
            },
            reader[10] as byte[] ?? [],
            reader[11] as byte[] ?? []);
    }

    /// <summary>Whether each value is of its column's type: SQLite stores what it is given.</summary>
    private static bool HasTypes(DbDataReader reader)
    {
        for (var i = 0; i < Names.Length; i++)
        {
            if (reader.GetFieldType(i) != Types[i])
                return false;
        }

        return true;
    }

    private static object EmptyOf(int place) => place switch { < 6 => 0L, < 10 => "", _ => Array.Empty<byte>() };
}
