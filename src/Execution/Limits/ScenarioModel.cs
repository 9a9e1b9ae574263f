using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Quant;

namespace ExecutionPipeline.Execution.Limits;

/// <summary>
/// Past days' returns of every instrument, that the historical expected shortfall is made of (<see
/// cref="HistoricalRisk"/>). Immutable: threads may share it, each with a <see cref="ScenarioRisk"/> of its own.
/// </summary>
public sealed class ScenarioModel
{
    /// <summary>The most days that are held: ten years.</summary>
    public const int MaxDays = 2_600;

    private readonly Vector256<double>[] _returns;

    /// <param name="instruments">Each must have its returns, or none at all.</param>
    /// <param name="confidence">Of the shortfall, such as 0.975.</param>
    /// <param name="history">Empty: there are no scenarios, and the historical shortfall is not checked.</param>
    /// <exception cref="ArgumentException">The history is not whole; the message says what to set.</exception>
    public ScenarioModel(
        InstrumentTable instruments, double confidence, IReadOnlyList<InstrumentReturns>? history = null)
    {
        history ??= [];
        Count = instruments.Count;
        Days = history.Count == 0 ? 0 : history[0].DailyReturns.Count;
        Width = (Days + Vector256<double>.Count - 1) / Vector256<double>.Count;
        Tail = Days == 0 ? 0 : HistoricalRisk.TailCount(Days, confidence);
        _returns = new Vector256<double>[Count * Width];
        if (history.Count == 0)
            return;

        if (Days is 0 or > MaxDays)
            throw new ArgumentException($"return history: give 1 to {MaxDays} daily returns.");
        if (history.Count != Count || history.DistinctBy(static h => h.Instrument).Count() != Count)
            throw new ArgumentException($"return history: give each of the {Count} instruments once, or none.");
        foreach (var returns in history)
            AddReturns(instruments, returns);
    }

    public int Count { get; }

    /// <summary>0 when there is no history.</summary>
    public int Days { get; }

    /// <summary>Days that the shortfall is the mean of.</summary>
    internal int Tail { get; }

    /// <summary>Vectors in an instrument's row.</summary>
    internal int Width { get; }

    internal ReadOnlySpan<Vector256<double>> RowOf(int instrument) => _returns.AsSpan(instrument * Width, Width);

    private void AddReturns(InstrumentTable instruments, InstrumentReturns returns)
    {
        if (!instruments.TryIndexOf(returns.Instrument, out var index))
            throw new ArgumentException($"return history of {returns.Instrument}: name a configured instrument.");
        if (returns.DailyReturns.Count != Days)
        {
            throw new ArgumentException(
                $"return history of {returns.Instrument}: {returns.DailyReturns.Count} days; the first has {Days}.");
        }

        var row = MemoryMarshal.Cast<Vector256<double>, double>(_returns.AsSpan(index * Width, Width));
        for (var day = 0; day < Days; day++)
        {
            row[day] = returns.DailyReturns[day];
            if (!(row[day] is >= -1 and <= 10))
                throw new ArgumentException($"return history of {returns.Instrument}: day {day} is not in [-1, 10].");
        }
    }
}

/// <summary>An instrument's past, for the historical expected shortfall.</summary>
public sealed class InstrumentReturns
{
    /// <summary>The instrument's id.</summary>
    public uint Instrument { get; init; }

    /// <summary>
    /// Returns of past days as fractions, such as -0.012; the same days in the same order for every instrument.
    /// </summary>
    public IReadOnlyList<double> DailyReturns { get; init; } = [];
}
