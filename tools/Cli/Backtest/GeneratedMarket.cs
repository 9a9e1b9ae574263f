using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.MarketData.Books;
using ExecutionPipeline.MarketData.Sources;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Cli.Backtest;

/// <summary>The seeded generator's market, which ends after so long.</summary>
public sealed class GeneratedMarket : IMarketSource
{
    private static readonly MarketGeneratorOptions Defaults = new();

    private readonly MarketGenerator _market;
    private readonly long _endNs;

    /// <param name="seed">Equal seeds give equal markets.</param>
    /// <param name="instrument">Whose tick the prices have.</param>
    /// <param name="durationNs">In nanoseconds.</param>
    public GeneratedMarket(long seed, InstrumentOptions instrument, long durationNs)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        var tickE9 = (long)(instrument.TickSize * 1_000_000_000);
        _market = new MarketGenerator(new MarketGeneratorOptions
        {
            Seed = (ulong)seed,
            TickSizeE9 = tickE9,
            StartPriceE9 = Defaults.StartPriceE9 - Defaults.StartPriceE9 % tickE9,
        });
        _endNs = SpanOf(durationNs).LastNs;
    }

    public MarketCapabilities Capabilities => _market.Capabilities;

    public MarketCounts Counts => _market.Counts;

    /// <summary>The time that a market of a duration covers.</summary>
    public static MarketSpan SpanOf(long durationNs) =>
        new(Defaults.StartTimeNs, Defaults.StartTimeNs + durationNs);

    public bool TryNext(ref MarketUpdate update) => _market.TryNext(ref update) && update.ExchangeTimeNs <= _endNs;

    public int CopyDepth(Side side, Span<BookLevel> levels) => _market.CopyDepth(side, levels);
}
