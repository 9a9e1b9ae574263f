using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Engine;
using ExecutionPipeline.Cli.Journal;
using ExecutionPipeline.Execution.Calendars;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Recovery;

namespace ExecutionPipeline.Cli.Backtest;

/// <summary>The time that market data cover, in nanoseconds since the Unix epoch, UTC.</summary>
/// <param name="FirstNs">Of the first quote with both sides.</param>
/// <param name="LastNs">Of the last update.</param>
public readonly record struct MarketSpan(long FirstNs, long LastNs);

/// <summary>Signals in order of time.</summary>
public interface ISignalSource
{
    /// <summary>Signals in all.</summary>
    long Count { get; }

    /// <summary>When the next one is due; <see cref="long.MaxValue"/>: there are no more.</summary>
    long NextTimeNs { get; }

    /// <summary>Writes the next one as the ring's input. Whether its fields could be admitted.</summary>
    bool TryTake(in MarketUpdate quote, ref EventHeader header, ref EventPayload payload);
}

/// <summary>
/// Seeded signals, spread evenly over the time in which the market is open: what they say is as in the demo, and their
/// price is the middle of the quote that stands.
/// </summary>
/// <param name="open">At least one, in order of time.</param>
/// <param name="count">Signals in all.</param>
/// <param name="seed">Equal seeds give equal signals.</param>
/// <param name="instrumentId">Of the one that is traded.</param>
/// <param name="instruments">That can be traded.</param>
public sealed class SeededSignals(
    IReadOnlyList<MarketSpan> open, long count, long seed, uint instrumentId, InstrumentIds instruments)
    : ISignalSource
{
    private readonly long _openNs = open.Sum(static span => span.LastNs - span.FirstNs);
    private readonly SignalMessages _messages = new(instrumentId, new SignalMix(seed));
    private readonly MessageReader _reader = new(instruments);
    private readonly byte[] _buffer = new byte[1_024];
    private long _taken;

    public long Count => count;

    public long NextTimeNs => _taken == count
        ? long.MaxValue
        : TimeAt((long)((Int128)_openNs * (_taken + 1) / (count + 1)));

    /// <summary>
    /// The parts of a time that lie in sessions of a calendar; the whole where none does, as on a day that it takes for
    /// a holiday.
    /// </summary>
    public static IReadOnlyList<MarketSpan> SessionsIn(MarketSpan span, TradingCalendar calendar)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        var sessions = new List<MarketSpan>();
        var last = calendar.LatestDateAt(span.LastNs).AddDays(1);
        // An overnight session that runs at the beginning is that of the day before the latest date.
        for (var date = calendar.LatestDateAt(span.FirstNs).AddDays(-1); date <= last; date = date.AddDays(1))
        {
            if (!calendar.TryGetSession(date, out var openNs, out var closeNs))
                continue;

            var session = new MarketSpan(Math.Max(openNs, span.FirstNs), Math.Min(closeNs, span.LastNs));
            if (session.FirstNs < session.LastNs)
                sessions.Add(session);
        }

        return sessions.Count > 0 ? sessions : [span];
    }

    public bool TryTake(in MarketUpdate quote, ref EventHeader header, ref EventPayload payload)
    {
        var timeNs = NextTimeNs;
        var length = _messages.Write(_buffer, (ulong)++_taken, in quote, timeNs, timeNs);
        return _reader.TryRead(
            _buffer.AsSpan(0, length), InboundMessages.Signals, timeNs, ref header, ref payload, out _);
    }

    private long TimeAt(long openNs)
    {
        foreach (var span in open)
        {
            var lengthNs = span.LastNs - span.FirstNs;
            if (openNs <= lengthNs)
                return span.FirstNs + openNs;

            openNs -= lengthNs;
        }

        return open[^1].LastNs;
    }
}

/// <summary>The signals of a journal, at the times at which they had come in.</summary>
public sealed class JournalSignals : ISignalSource
{
    private readonly List<(EventHeader Header, TradeQualified Signal)> _signals;
    private int _taken;

    private JournalSignals(List<(EventHeader Header, TradeQualified Signal)> signals) => _signals = signals;

    public long Count => _signals.Count;

    /// <summary>Signals of the journal that do not lie in the time of the market data.</summary>
    public long LeftOut { get; private init; }

    /// <summary>Signals that lie in it, but are of instruments that the backtest does not have.</summary>
    public long NotConfigured { get; private init; }

    /// <summary>One line on a journal without an ordered end; null: it is whole.</summary>
    public string? EndNote { get; private init; }

    public long NextTimeNs => _taken == _signals.Count ? long.MaxValue : _signals[_taken].Header.TimeNs;

    /// <summary>
    /// Reads those that lie in the time of the market data and are of instruments that are configured. The journal has
    /// places in its own configuration's list of instruments; they become those of the same ids in the backtest's.
    /// </summary>
    /// <param name="path">The folder of the journal.</param>
    /// <param name="span">The time of the market data.</param>
    /// <param name="pipeline">The backtest's configuration.</param>
    /// <exception cref="UsageException">There is none, or it is not known what the journal's are of.</exception>
    /// <exception cref="InvalidDataException">The folder holds no journal.</exception>
    public static JournalSignals Read(string path, MarketSpan span, PipelineOptions pipeline)
    {
        using var input = new JournalReader(path);
        var places = PlacesOf(path, input, pipeline);
        var (all, inTime) = (0L, 0L);
        var signals = new List<(EventHeader, TradeQualified)>();
        PipelineEvent e = default;
        while (input.TryRead(ref e))
        {
            if (e.Header.Kind != EventKind.TradeQualified)
                continue;

            all++;
            if (e.Header.TimeNs <= span.FirstNs || e.Header.TimeNs > span.LastNs)
                continue;

            inTime++;
            if (places[e.Header.InstrumentIndex] is not (>= 0 and var place))
                continue;

            e.Header.InstrumentIndex = place;
            signals.Add((e.Header, e.Payload.TradeQualified));
        }

        if (inTime == 0)
        {
            throw new UsageException(
                $"{path}: none of its {all} signals lies in the time of the market data, "
                + $"{TimeText.Of(span.FirstNs)} to {TimeText.Of(span.LastNs)}");
        }

        if (signals.Count == 0)
        {
            throw new UsageException(
                $"{path}: none of its {inTime} signals in the time of the market data is of an instrument that is "
                + "configured");
        }

        return new JournalSignals(signals)
        {
            LeftOut = all - inTime,
            NotConfigured = inTime - signals.Count,
            EndNote = input.EndNote,
        };
    }

    public bool TryTake(in MarketUpdate quote, ref EventHeader header, ref EventPayload payload)
    {
        (header, payload.TradeQualified) = _signals[_taken++];
        return true;
    }

    /// <summary>For each instrument of a journal its place in another configuration, or -1.</summary>
    private static int[] PlacesOf(string path, JournalReader journal, PipelineOptions pipeline)
    {
        var own = JournalFolders.KnownConfigurationOf(path, journal, pipeline)
            ?? throw new UsageException(
                $"{path}: which instruments its signals are of is not known: its {JournalConfiguration.FileName} is "
                + "missing or not the journal's own");
        var ids = pipeline.Instruments.Select(static instrument => instrument.Id).ToList();
        return [.. own.Instruments.Select(instrument => ids.IndexOf(instrument.Id))];
    }
}

/// <summary>Times for people.</summary>
internal static class TimeText
{
    private const long TickNs = 100;

    /// <summary>To the second, UTC.</summary>
    public static string Of(long timeNs) => FormattableString.Invariant(
        $"{DateTime.UnixEpoch.AddTicks(timeNs / TickNs):yyyy-MM-dd HH:mm:ss} UTC");
}
