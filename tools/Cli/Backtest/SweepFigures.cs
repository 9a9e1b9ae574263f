using ExecutionPipeline.Quant;

namespace ExecutionPipeline.Cli.Backtest;

/// <summary>
/// The figures of a sweep. The same data, seeds, configuration and models give the same figures, however many runs are
/// made at a time.
/// </summary>
/// <param name="Version">Of the layout.</param>
/// <param name="Fixed">Settings that all runs have in common, as KEY=VALUE.</param>
/// <param name="Venue">What orders traded with.</param>
/// <param name="Signals">Of each run.</param>
/// <param name="Seeds">Of each variant.</param>
/// <param name="Variants">In the order of the values.</param>
/// <param name="Runs">By variant, then by seed.</param>
public sealed record SweepFigures(
    int Version,
    IReadOnlyList<string> Fixed,
    string Venue,
    long Signals,
    int Seeds,
    IReadOnlyList<VariantFigures> Variants,
    IReadOnlyList<SweepRunFigures> Runs)
{
    /// <summary>
    /// Where the market data are cut off or damaged, so that the runs ended there; null: they were played to their end.
    /// </summary>
    public string? Problem { get; init; }

    public static SweepFigures Of(
        SweepOptions options, string venue, IReadOnlyList<SweepVariant> variants, IReadOnlyList<SweepRunFigures> runs)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(variants);
        ArgumentNullException.ThrowIfNull(runs);
        var byVariant = runs.Chunk(options.Seeds).ToArray();
        return new SweepFigures(
            1,
            [.. variants[0].Settings.Where(static one => !one.IsVaried).Select(static one => $"{one.Key}={one.Value}")],
            venue,
            options.Backtest.Signals.Count,
            options.Seeds,
            [.. byVariant.Select(own => VariantFigures.Of(own, byVariant[0]))],
            runs)
        {
            Problem = runs.Select(static run => run.Problem).FirstOrDefault(static problem => problem is not null),
        };
    }
}

/// <summary>
/// One run. Costs are in basis points of the value that was decided; money in the account's currency.
/// </summary>
public sealed record SweepRunFigures
{
    public required string Variant { get; init; }

    public required long Seed { get; init; }

    public required int Orders { get; init; }

    /// <summary>Contracts.</summary>
    public required long Ordered { get; init; }

    public required long Withdrawn { get; init; }

    public required long Executed { get; init; }

    public required double FillRate { get; init; }

    /// <summary>The shortfall without fees.</summary>
    public required double CostBps { get; init; }

    /// <summary>The shortfall with fees.</summary>
    public required double TotalBps { get; init; }

    public required decimal NetPnl { get; init; }

    public required string OutboundSha256 { get; init; }

    /// <summary>Where the market data are cut off or damaged; null: they were played to their end.</summary>
    public string? Problem { get; init; }

    /// <exception cref="InvalidDataException">The run had no order: there is nothing to compare.</exception>
    public static SweepRunFigures Of(string variant, long seed, BacktestResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var all = result.Costs.All ?? throw new InvalidDataException(
            $"{variant}, seed {seed}: no signal became an order; more signals or wider limits are needed");
        return new SweepRunFigures
        {
            Variant = variant,
            Seed = seed,
            Orders = all.Orders,
            Ordered = all.Ordered,
            Withdrawn = all.Withdrawn,
            Executed = all.Executed,
            FillRate = all.FillRate,
            CostBps = all.TotalBps - all.PartsBps["fees"],
            TotalBps = all.TotalBps,
            NetPnl = result.Figures.NetPnl,
            OutboundSha256 = result.Figures.OutboundSha256,
            Problem = result.Figures.Problem,
        };
    }
}

/// <summary>A mean over the seeds and half the width of its 95 % interval; null: there is one seed.</summary>
public sealed record IntervalFigures(double Mean, double? HalfWidth95)
{
    public static IntervalFigures Of(IEnumerable<double> values)
    {
        var interval = MeanInterval.Of([.. values]);
        return new IntervalFigures(interval.Mean, double.IsNaN(interval.HalfWidth) ? null : interval.HalfWidth);
    }

    /// <summary>In other units.</summary>
    public IntervalFigures Times(double factor) => new(Mean * factor, HalfWidth95 * Math.Abs(factor));
}

/// <summary>What the runs of a variant came to.</summary>
/// <param name="Variant">Its name.</param>
/// <param name="Orders">Of all runs.</param>
/// <param name="Ordered">Contracts of all runs.</param>
/// <param name="FillRate">Of all runs together.</param>
/// <param name="CostBps">Over the seeds, without fees.</param>
/// <param name="TotalBps">The same with fees.</param>
/// <param name="Saved">
/// How much less it cost than the first variant with the same seeds, as a share of what that cost on average; without
/// fees. Null: of the first variant itself, or that cost nothing.
/// </param>
/// <param name="NetPnl">Over the seeds.</param>
public sealed record VariantFigures(
    string Variant,
    int Orders,
    long Ordered,
    double FillRate,
    IntervalFigures CostBps,
    IntervalFigures TotalBps,
    IntervalFigures? Saved,
    IntervalFigures NetPnl)
{
    public static VariantFigures Of(IReadOnlyList<SweepRunFigures> runs, IReadOnlyList<SweepRunFigures> first)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentNullException.ThrowIfNull(first);
        var meant = runs.Sum(static run => run.Ordered - run.Withdrawn);
        var firstBps = first.Average(static run => run.CostBps);
        return new VariantFigures(
            runs[0].Variant,
            runs.Sum(static run => run.Orders),
            runs.Sum(static run => run.Ordered),
            meant == 0 ? 0 : (double)runs.Sum(static run => run.Executed) / meant,
            IntervalFigures.Of(runs.Select(static run => run.CostBps)),
            IntervalFigures.Of(runs.Select(static run => run.TotalBps)),
            runs == first || firstBps <= 0
                ? null
                : IntervalFigures.Of(first.Zip(runs, static (a, b) => a.CostBps - b.CostBps)).Times(1 / firstBps),
            IntervalFigures.Of(runs.Select(static run => (double)run.NetPnl)));
    }
}
