using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Quant;

namespace ExecutionPipeline.Execution.Algorithms;

/// <summary>
/// IMPLEMENTATION_SHORTFALL: the schedule of Almgren and Chriss, which weighs what trading fast costs against what the
/// market may do meanwhile. The more urgent the signal, the more of the order is in the first slices. Impact follows
/// their rule of thumb: trading one hundredth of the day's volume costs a spread, and a tenth of it moves the price by
/// one. Source: "Optimal Execution of Portfolio Transactions" (2000), section 3.4.
/// </summary>
public sealed class ImplementationShortfallAlgorithm : ScheduledAlgorithm
{
    private const double MinuteNs = 60e9;
    private const double TemporaryShare = 0.01;
    private const double PermanentShare = 0.1;

    private readonly ShortfallOptions _options;

    /// <param name="options">Validated.</param>
    public ImplementationShortfallAlgorithm(ExecutionOptions options)
        : base(options, ScheduleTerms.Of(
            options.ImplementationShortfall.DurationSeconds,
            options.ImplementationShortfall.SliceCount,
            options.ImplementationShortfall.MaxParticipationRate)) =>
        _options = options.ImplementationShortfall;

    private protected override AlgorithmKind Kind => AlgorithmKind.ImplementationShortfall;

    private protected override void Prepare(ref ParentOrder parent, in MarketView market)
    {
        var parameters = ParametersOf(parent, market);
        parent.DecayOverHorizon = parameters.HorizonDays > 0
            ? AlmgrenChrissSchedule.Kappa(parameters) * parameters.HorizonDays
            : 0;
    }

    private protected override int ScheduledBy(in ParentOrder parent, in MarketView market, int slices)
    {
        var left = (double)(parent.Slices - slices) / parent.Slices;
        var held = parent.Quantity * AlmgrenChrissSchedule.ShareLeft(parent.DecayOverHorizon, left);
        return parent.Quantity - (int)Math.Round(held);
    }

    private AlmgrenChrissParameters ParametersOf(in ParentOrder parent, in MarketView market)
    {
        var instrument = market.Instrument;
        var isQuoted = market.BidPriceE9 != MarketUpdate.NoPrice && market.AskPriceE9 > market.BidPriceE9;
        var spreadE9 = isQuoted ? market.AskPriceE9 - market.BidPriceE9 : instrument.TickSizeE9;
        var spread = spreadE9 * 1e-9 * instrument.PointValue;
        var volatility = market.Volatility > 0
            ? market.Volatility * Math.Sqrt(_options.MinutesPerDay)
            : instrument.DailyVolatility;
        return new AlmgrenChrissParameters(
            parent.Quantity,
            (parent.EndNs - parent.StartNs) / (_options.MinutesPerDay * MinuteNs),
            parent.Slices,
            volatility * market.MarkPriceE9 * 1e-9 * instrument.PointValue,
            spread / 2,
            spread / (TemporaryShare * instrument.AverageDailyVolume),
            spread / (PermanentShare * instrument.AverageDailyVolume),
            RiskAversionFor(parent.Urgency));
    }

    /// <summary>lambda, geometrically between its bounds.</summary>
    private double RiskAversionFor(double urgency)
    {
        var (least, most) = (_options.LeastRiskAversion, _options.MostRiskAversion);
        return least * Math.Pow(most / least, Math.Clamp(urgency, 0, 1));
    }
}
