using BenchmarkDotNet.Attributes;
using ExecutionPipeline.Execution.Calendars;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Risk;

namespace ExecutionPipeline.Benchmarks.Micro;

/// <summary>
/// The risk stage with a position in every instrument and every correlation known: a market update that moves a held
/// position, and a decision that is held against every limit. With and without a year of past returns.
/// </summary>
[MemoryDiagnoser]
public class RiskStageBenchmark
{
    private const long StartNs = 1_700_000_000_000_000_000;
    private const long PriceE9 = 1_000_000_000_000;

    private RiskStage _stage = null!;
    private PipelineEvent _event;
    private long _count;

    [Params(1, 16, 64)]
    public int Instruments { get; set; }

    [Params(0, 250)]
    public int Days { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        var ids = Enumerable.Range(1, Instruments).Select(static i => (uint)i).ToArray();
        var table = new InstrumentTable([.. ids.Select(id => new InstrumentOptions { Id = id, Symbol = $"I{id}" })]);
        var pairs = ids.SelectMany(i => ids.Where(j => j < i), (i, j) => new InstrumentCorrelation
        {
            First = i,
            Second = j,
            Correlation = 0.3,
        });
        var history = ids.Where(_ => Days > 0).Select(id => new InstrumentReturns
        {
            Instrument = id,
            DailyReturns = [.. Enumerable.Range(0, Days).Select(_ => (random.NextDouble() - 0.5) * 0.05)],
        });
        var limits = new RiskLimits
        {
            MaxNotional = 1e9m,
            MaxDailyVar = 1e9,
            MaxWeeklyVar = 1e9,
            MaxPositionShare = 10,
            MaxSectorShare = 10,
            MaxShortfall = 10,
            MaxOpenPositions = InstrumentTable.MaxCount,
        };
        var scenarios = new ScenarioModel(table, limits.ShortfallConfidence, [.. history]);
        _stage = new RiskStage(
            table, new VarModel(table, 0.99, [.. pairs]), limits, new TradingDayOptions(), scenarios);
        for (var i = 0; i < 1_000; i++)
            MarketUpdate();
    }

    /// <summary>The mark moves, so that exposure, variance and scenarios follow.</summary>
    [Benchmark]
    public long MarketUpdate()
    {
        Prepare(EventKind.MarketUpdate);
        _stage.OnEvent(ref _event);
        return _event.Header.TimeNs;
    }

    /// <summary>All limits are asked; the order is too large by one, so it is refused and nothing changes.</summary>
    [Benchmark]
    public RiskViolations Decision()
    {
        Prepare(EventKind.TradeQualified);
        _event.Payload.TradeQualified.SignalId = (ulong)_count;
        _event.Payload.TradeQualified.PriceE9 = _event.Portfolio.MarkPriceE9;
        _event.Payload.TradeQualified.SignalTimeNs = _event.Header.TimeNs;
        _event.Payload.TradeQualified.SendTimeNs = _event.Header.TimeNs;
        _event.Decision.Side = Side.Buy;
        _event.Decision.Quantity = 6;
        _stage.OnEvent(ref _event);
        return _event.Verdict.Violations;
    }

    private void Prepare(EventKind kind)
    {
        var index = (int)(_count++ % Instruments);
        _event.Header.Kind = kind;
        _event.Header.InstrumentIndex = index;
        _event.Header.TimeNs = StartNs + _count * 1_000;
        _event.Portfolio.MarkPriceE9 = PriceE9 + _count % 7 * 250_000_000;
        _event.Portfolio.BidPriceE9 = _event.Portfolio.AskPriceE9 = _event.Portfolio.MarkPriceE9;
        _event.Portfolio.Position = index % 2 == 0 ? 2 : -2;
        _event.Portfolio.EquityE6 = 10_000_000_000_000;
    }
}
