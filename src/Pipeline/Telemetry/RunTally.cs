using System.Numerics;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Pipeline.Telemetry;

/// <summary>
/// What became of the measured signals and of their orders. The thread that runs the followers counts; others read
/// when it has ended.
/// </summary>
public sealed class RunTally
{
    private readonly long[] _outcomes = new long[Enum.GetValues<RoutingOutcome>().Length];
    private readonly long[] _violations = new long[BitsOf<RiskViolations>()];
    private readonly long[] _endings = new long[Enum.GetValues<OrderStatus>().Length];
    private readonly long[] _late = new long[Enum.GetValues<DecisionLateness>().Length];
    private readonly long[] _cuts = new long[BitsOf<SizeCuts>()];
    private ulong _firstOrderId;

    /// <summary>Executions of measured orders; an order can have several.</summary>
    public long Fills { get; private set; }

    /// <summary>Executions of the exits of trades, closes included.</summary>
    public long ExitFills { get; private set; }

    /// <summary>Contracts executed of measured orders.</summary>
    public long ContractsFilled { get; private set; }

    /// <summary>
    /// Of the measured orders that have ended unfilled in part: those of which something was executed.
    /// </summary>
    public long PartiallyFilled { get; private set; }

    /// <summary>Measured signals that ended so.</summary>
    public long Of(RoutingOutcome outcome) => _outcomes[(int)outcome];

    /// <summary>Measured decisions that broke a limit; one that breaks several counts at each.</summary>
    public long Of(RiskViolations violation) => _violations[BitOperations.TrailingZeroCount((uint)violation)];

    /// <summary>Measured signals that were too late for the models so, by rules or refused.</summary>
    public long Of(DecisionLateness lateness) => _late[(int)lateness];

    /// <summary>Measured decisions that were cut so; one that is cut by guard and risk counts at each.</summary>
    public long Of(SizeCuts cut) => _cuts[BitOperations.TrailingZeroCount((uint)cut)];

    /// <summary>Measured orders that ended so.</summary>
    public long Of(OrderStatus ending) => _endings[(int)ending];

    public void OnSignal(ref PipelineEvent e)
    {
        _outcomes[(int)e.Routing.Outcome]++;
        _late[(int)e.Decision.Lateness]++;
        Count((uint)e.Cuts, _cuts);
        if (e.Routing.Outcome == RoutingOutcome.OrderSent && _firstOrderId == 0)
            _firstOrderId = OrderIds.NumberOf(e.Routing.Order.OrderId);

        if (e.Routing.Outcome == RoutingOutcome.RiskRefused)
            Count((uint)e.Verdict.Violations, _violations);
    }

    /// <summary>Counts a report if it speaks of a measured order: orders are numbered as they leave.</summary>
    public void OnReport(ref PipelineEvent e)
    {
        ref readonly var report = ref e.Payload.ExecutionReport;
        if (_firstOrderId == 0 || OrderIds.NumberOf(report.OrderId) < _firstOrderId)
            return;

        if (e.Routing.Order.Purpose != OrderPurpose.Entry)
        {
            ExitFills += e.Resolution.Booked > 0 ? 1 : 0;
            return;
        }

        if (e.Resolution.Booked > 0)
        {
            Fills++;
            ContractsFilled += e.Resolution.Booked;
        }

        if (e.Resolution.Ended == 0)
            return;

        _endings[(int)e.Routing.Order.Status]++;
        var isPartial = e.Routing.Order is { Status: not OrderStatus.Filled, CumulativeQuantity: > 0 };
        PartiallyFilled += isPartial ? 1 : 0;
    }

    private static void Count(uint bits, long[] counts)
    {
        for (var left = bits; left != 0; left &= left - 1)
            counts[BitOperations.TrailingZeroCount(left)]++;
    }

    /// <summary>The bits that the flags of <typeparamref name="T"/> use.</summary>
    private static int BitsOf<T>()
        where T : struct, Enum =>
        32 - BitOperations.LeadingZeroCount(Enum.GetValues<T>().Max(static value => Convert.ToUInt32(value)));
}
