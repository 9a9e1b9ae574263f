using System.Globalization;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Quant;

namespace ExecutionPipeline.Pipeline.Options;

/// <summary>
/// Whether the limits leave room for any order at all. Limits that each look reasonable can refuse even the smallest
/// order of an instrument, and a run with them would refuse every signal; that is to be said before it starts.
/// </summary>
public static class OrderRoom
{
    /// <summary>
    /// For each instrument whose smallest order the limits refuse from a flat account: one line with every limit that
    /// does, its value, and what that order needs. Empty: there is room.
    /// </summary>
    /// <param name="options">Valid ones.</param>
    /// <param name="priceOf">
    /// A price of the instrument with that id, in points; null: none is known, and what depends on one is not checked.
    /// </param>
    /// <exception cref="ArgumentException">An instrument's option is out of range.</exception>
    public static IReadOnlyList<string> Describe(PipelineOptions options, Func<uint, decimal?> priceOf)
    {
        var rates = new CurrencyRates(options.Account.Currency, options.Account.Rates);
        var instruments = new InstrumentTable(options.Instruments, options.Calendars, rates);
        var lines = new List<string>();
        foreach (var instrument in instruments.All)
        {
            var price = priceOf(instrument.Id);
            var needs = NeedsOf(options, instrument, price)
                .Where(static need => need.Needed > need.Limit)
                .Select(static need => $"{need.Key} {Text(need.Needed)} (it is {Text(need.Limit)})")
                .ToArray();
            if (needs.Length > 0)
                lines.Add($"every order in {instrument.Symbol} will be refused: {Smallest(options, price)} needs "
                    + string.Join(", ", needs));
        }

        return lines;
    }

    /// <summary>The same by the reference prices of the instruments.</summary>
    /// <exception cref="ArgumentException">An instrument's option is out of range.</exception>
    public static IReadOnlyList<string> Describe(PipelineOptions options) => Describe(
        options, id => options.Instruments.First(one => one.Id == id) is { ReferencePrice: > 0 } one
            ? one.ReferencePrice
            : null);

    /// <summary>
    /// For each instrument of which no price is known: one line with the price up to which the limits leave room for
    /// the smallest order from a flat account, and the limit that is first in the way.
    /// </summary>
    /// <exception cref="ArgumentException">An instrument's option is out of range.</exception>
    public static IReadOnlyList<string> DescribeCeilings(PipelineOptions options)
    {
        var rates = new CurrencyRates(options.Account.Currency, options.Account.Rates);
        var instruments = new InstrumentTable(options.Instruments, options.Calendars, rates);
        var lines = new List<string>();
        foreach (var instrument in instruments.All)
        {
            if (options.Instruments.First(one => one.Id == instrument.Id).ReferencePrice > 0)
                continue;

            // What a price of one point needs grows with the price.
            var ofOnePoint = NeedsOf(options, instrument, 1).Except(NeedsOf(options, instrument, null));
            var first = ofOnePoint.Where(static need => need.Needed > 0)
                .MinBy(static need => need.Limit / need.Needed);
            var what = options.Limits.MinOrderSize == 1 ? "one contract" : $"{options.Limits.MinOrderSize} contracts";
            lines.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"limits leave room for {what} of {instrument.Symbol} up to a price of "
                + $"{Math.Floor(first.Limit / first.Needed * 100) / 100:#,0.##}: {first.Key} is {Text(first.Limit)}"));
        }

        return lines;
    }

    private static List<Need> NeedsOf(PipelineOptions options, Instrument instrument, decimal? price)
    {
        var limits = options.Limits;
        var contracts = limits.MinOrderSize;
        var equity = (double)options.Account.StartingCash;
        List<Need> needs =
        [
            new("limits.max_position", limits.MaxPosition, contracts),
            new("account.starting_cash", equity, instrument.MarginPerContractE6 * 1e-6 * contracts),
        ];
        if (price is not { } points)
            return needs;

        var value = Math.Abs(instrument.ValueE6((long)(points * 1e9m), contracts)) * 1e-6;
        var deviation = value * instrument.DailyVolatility;
        var dailyVar = ParametricRisk.ValueAtRisk(deviation, limits.VarConfidence);
        needs.AddRange(
        [
            new("limits.max_order_value", (double)limits.MaxOrderValue, value),
            new("limits.max_notional", (double)limits.MaxNotional, value),
            new("limits.max_daily_var", limits.MaxDailyVar, dailyVar),
            new("limits.max_weekly_var", limits.MaxWeeklyVar, ViolationFigures.WeeklyOf(dailyVar)),
        ]);
        if (equity <= 0)
            return needs;

        var shortfall = ParametricRisk.ExpectedShortfall(deviation, limits.ShortfallConfidence);
        needs.AddRange(
        [
            new("limits.max_position_share", limits.MaxPositionShare, value / equity),
            new("limits.max_sector_share", limits.MaxSectorShare, value / equity),
            new("limits.max_shortfall", WidestShortfall(limits), shortfall / equity),
        ]);
        return needs;
    }

    /// <summary>An order that is refused in one regime only is not refused always.</summary>
    private static double WidestShortfall(RiskLimits limits) =>
        Enum.GetValues<VolatilityRegime>().Max(regime => ViolationFigures.ShortfallLimit(limits, regime));

    private static string Smallest(PipelineOptions options, decimal? price)
    {
        var contracts = options.Limits.MinOrderSize;
        var what = contracts == 1 ? "one contract" : $"the smallest order, {contracts} contracts,";
        return price is { } points
            ? string.Create(CultureInfo.InvariantCulture, $"{what} at {points:0.#########}")
            : what;
    }

    /// <summary>Shares keep three figures, money and contracts are whole.</summary>
    private static string Text(double value) =>
        value.ToString(Math.Abs(value) < 10 ? "G3" : "#,0", CultureInfo.InvariantCulture);

    private readonly record struct Need(string Key, double Limit, double Needed);
}
