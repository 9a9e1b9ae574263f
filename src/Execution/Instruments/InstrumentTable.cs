using System.Diagnostics.CodeAnalysis;
using ExecutionPipeline.Execution.Calendars;

namespace ExecutionPipeline.Execution.Instruments;

/// <summary>The configured instruments, by index and by id.</summary>
public sealed class InstrumentTable
{
    /// <summary>The most instruments that a pipeline handles.</summary>
    public const int MaxCount = 64;

    private readonly Instrument[] _instruments;
    private readonly uint[] _ids;

    /// <param name="options">1 to 64.</param>
    /// <param name="calendars">Beside the built-in ones; null: none.</param>
    /// <param name="rates">Null: all is in US dollars.</param>
    /// <exception cref="ArgumentException">
    /// There is none, there are too many, two share an id or a symbol, or one is invalid.
    /// </exception>
    public InstrumentTable(
        IReadOnlyList<InstrumentOptions> options,
        IReadOnlyList<CalendarOptions>? calendars = null,
        CurrencyRates? rates = null)
    {
        if (options.Count is 0 or > MaxCount)
            throw new ArgumentException($"instruments: set 1 to {MaxCount}, not {options.Count}.", nameof(options));

        if (options.Any(static o => o is null))
            throw new ArgumentException("instruments: set an object for each, not null.", nameof(options));

        var table = new CalendarTable(calendars ?? []);
        _instruments = [.. options.Select((o, index) => new Instrument(o, index, table, rates))];
        _ids = [.. _instruments.Select(static i => i.Id)];
        CheckUnique(_instruments.GroupBy(static i => i.Id.ToString()), "id");
        CheckUnique(_instruments.GroupBy(static i => i.Symbol), "symbol");
    }

    public int Count => _instruments.Length;

    public Instrument this[int index] => _instruments[index];

    public ReadOnlySpan<Instrument> All => _instruments;

    /// <summary>Finds the index that events use for a message's instrument id.</summary>
    public bool TryIndexOf(uint id, out int index)
    {
        index = Array.IndexOf(_ids, id);
        return index >= 0;
    }

    public bool TryGet(uint id, [NotNullWhen(true)] out Instrument? instrument)
    {
        instrument = TryIndexOf(id, out var index) ? _instruments[index] : null;
        return instrument is not null;
    }

    private static void CheckUnique(IEnumerable<IGrouping<string, Instrument>> groups, string what)
    {
        var doubled = groups.FirstOrDefault(static g => g.Count() > 1);
        if (doubled is not null)
            throw new ArgumentException($"two instruments share the {what} {doubled.Key}: give each its own.");
    }
}
