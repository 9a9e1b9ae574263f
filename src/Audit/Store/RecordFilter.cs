using System.Data.Common;
using ExecutionPipeline.Audit.Records;

namespace ExecutionPipeline.Audit.Store;

/// <summary>Which records are asked for; what is null does not matter.</summary>
public sealed record RecordFilter
{
    /// <summary>The earliest, in microseconds since the Unix epoch, UTC.</summary>
    public long? FromUs { get; init; }

    /// <summary>The first that is too late.</summary>
    public long? UntilUs { get; init; }

    /// <summary>The instrument's id.</summary>
    public uint? InstrumentId { get; init; }

    public ulong? SignalId { get; init; }

    /// <summary>The outcome's word.</summary>
    public string? Outcome { get; init; }

    public AuditKind? Kind { get; init; }

    /// <summary>The number of the first one.</summary>
    public long? FromId { get; init; }

    /// <summary>Of one journal, by its number in the store.</summary>
    public long? Journal { get; init; }

    /// <summary>Of this event and later ones; beside <see cref="Journal"/>.</summary>
    public long? FromSequence { get; init; }

    /// <summary>No more than so many; the newest ones are taken.</summary>
    public int? Newest { get; init; }

    /// <summary>
    /// No more than so many; the first ones are taken. A database sends what was not asked for too, so whoever needs
    /// one record asks for one.
    /// </summary>
    public int? Oldest { get; init; }

    /// <summary>Writes the condition, and its values into the command.</summary>
    internal string AddTo(DbCommand command)
    {
        var conditions = new List<string>();
        Add("time_us >= @from", "@from", FromUs);
        Add("time_us < @until", "@until", UntilUs);
        Add("instrument = @instrument", "@instrument", (long?)InstrumentId);
        Add("signal = @signal AND signal <> 0", "@signal", SignalId is { } signal ? unchecked((long)signal) : null);
        Add("outcome = @outcome", "@outcome", Outcome);
        Add("journal = @journal", "@journal", Journal);
        Add("sequence >= @sequence", "@sequence", FromSequence);
        Add("kind = @kind", "@kind", Kind is { } kind ? RecordChain.NameOf(kind) : null);
        Add("id >= @id", "@id", FromId);
        return conditions.Count == 0 ? "" : " WHERE " + string.Join(" AND ", conditions);

        void Add(string condition, string name, object? value)
        {
            if (value is null)
                return;

            conditions.Add(condition);
            command.Parameters.Add(StoreCommands.Parameter(command, name, value));
        }
    }
}
