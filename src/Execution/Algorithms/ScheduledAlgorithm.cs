using ExecutionPipeline.Execution.Orders;

namespace ExecutionPipeline.Execution.Algorithms;

/// <summary>
/// An algorithm that works slice after slice. A slice rests at the near touch first, and crosses the spread when its
/// time runs out. What a slice leaves over is due in the next one, and after the last everything is. Where the market
/// runs away, and little is left until the largest slippage, everything is due at once.
/// </summary>
public abstract class ScheduledAlgorithm : ExecutionAlgorithm
{
    /// <summary>
    /// How often in a slice it is looked whether the market has traded more, when that alone holds a schedule back.
    /// </summary>
    private const int LooksOfSlice = 20;

    private readonly ScheduleTerms _terms;
    private readonly SliceRandomness _random;
    private readonly double _passiveShare;
    private readonly TooDearAction _onTooDear;
    private readonly double _runawayShare;

    private protected ScheduledAlgorithm(ExecutionOptions options, in ScheduleTerms terms)
    {
        _terms = terms;
        _random = new SliceRandomness(options.Seed, options.TimeRandomisation, options.SizeRandomisation);
        _passiveShare = options.PassiveShare;
        _onTooDear = options.OnTooDear;
        _runawayShare = options.RunawayShare;
    }

    private protected abstract AlgorithmKind Kind { get; }

    public override void Plan(ref ParentOrder parent, in MarketView market)
    {
        var endNs = parent.StartNs + _terms.DurationNs;
        parent.Algorithm = Kind;
        parent.EndNs = parent.EndNs > parent.StartNs ? Math.Min(parent.EndNs, endNs) : endNs;
        parent.Slices = Math.Min(_terms.Slices, parent.Quantity);
        parent.MarketVolumeAtStart = market.TradedVolume;
        parent.Slice = 0;
        parent.SliceStartNs = parent.StartNs;
        parent.SliceEndNs = EndOfSliceNs(parent, 0);
        parent.SliceTarget = 0;
        Prepare(ref parent, market);
        Aim(ref parent, market);
    }

    public sealed override ChildTarget React(ref ParentOrder parent, in MarketView market, in ChildState child)
    {
        if (parent.Remaining <= 0)
            return Placement.Done;

        if (HasMovedOn(ref parent, market.TimeNs) || parent.SliceQuantity != parent.Quantity)
            Aim(ref parent, market);

        var nextNs = parent.SliceEndNs;
        var due = Due(parent, market);
        // What the slice still wants, and not what the market's volume allows now, says when to ask again: trades of
        // others raise that, and nobody tells of them.
        var wanted = Math.Max(0, parent.SliceTarget - parent.Executed);
        var crossing = wanted == 0 ? 0 : Math.Min(due, ToCross(parent, wanted, market.TimeNs, out nextNs));
        if (due < wanted && nextNs == parent.SliceEndNs)
            nextNs = Math.Min(nextNs, market.TimeNs + Math.Max(1, (nextNs - parent.SliceStartNs) / LooksOfSlice));
        var wakeNs = nextNs > market.TimeNs ? nextNs : 0;
        if (Placement.IsRunningAway(parent, market, _runawayShare))
            return Placement.Cross(parent, market, parent.Remaining, wakeNs, _onTooDear);
        if (due == 0)
            return Placement.Wait(wakeNs);

        return crossing > 0
            ? Placement.Cross(parent, market, crossing, wakeNs, _onTooDear)
            : Placement.Rest(parent, market, due, wakeNs);
    }

    /// <summary>Works out what else the parent's schedule needs, before its first slice.</summary>
    private protected virtual void Prepare(ref ParentOrder parent, in MarketView market)
    {
    }

    /// <summary>
    /// Contracts to be executed in all by the end of a number of slices, before they are randomised: 0 for none, the
    /// quantity for all, and never falling.
    /// </summary>
    private protected abstract int ScheduledBy(in ParentOrder parent, in MarketView market, int slices);

    /// <summary>The most contracts that the slice which begins now may take; no bound here.</summary>
    private protected virtual int MostOfSlice(in ParentOrder parent, in MarketView market) => parent.Quantity;

    /// <summary>Contracts out of <paramref name="wanted"/> whose time to rest is over.</summary>
    /// <param name="parent">Within its slice.</param>
    /// <param name="wanted">Contracts that are left of the slice; positive.</param>
    /// <param name="timeNs">The event's.</param>
    /// <param name="nextNs">When it will be more; at most the slice's end.</param>
    private protected virtual int ToCross(in ParentOrder parent, int wanted, long timeNs, out long nextNs)
    {
        var crossNs = parent.SliceStartNs + (long)((parent.SliceEndNs - parent.SliceStartNs) * _passiveShare);
        var isTime = timeNs >= crossNs;
        nextNs = isTime ? parent.SliceEndNs : crossNs;
        return isTime ? wanted : 0;
    }

    /// <summary>Goes to the slice of the time; whether that is another than before.</summary>
    private bool HasMovedOn(ref ParentOrder parent, long timeNs)
    {
        var before = parent.Slice;
        while (timeNs >= parent.SliceEndNs && parent.Slice + 1 < parent.Slices)
        {
            parent.Slice++;
            parent.SliceStartNs = parent.SliceEndNs;
            parent.SliceEndNs = EndOfSliceNs(parent, parent.Slice);
        }

        return parent.Slice != before;
    }

    /// <summary>Sets what is to be executed by the end of the slice.</summary>
    private void Aim(ref ParentOrder parent, in MarketView market)
    {
        var isLast = parent.Slice + 1 >= parent.Slices;
        var target = isLast ? parent.Quantity : RandomisedBy(parent, market, parent.Slice + 1);
        if (!isLast)
            target = (int)Math.Min(target, (long)parent.Executed + MostOfSlice(parent, market));

        // An order begins with its first slice: risk takes one that no venue has answered for unanswered.
        parent.SliceTarget = Math.Min(parent.Quantity, Math.Max(Math.Max(1, parent.SliceTarget), target));
        parent.SliceExecuted = parent.Executed;
        parent.SliceQuantity = parent.Quantity;
    }

    private int RandomisedBy(in ParentOrder parent, in MarketView market, int slices)
    {
        var scheduled = ScheduledBy(parent, market, slices);
        var before = scheduled - ScheduledBy(parent, market, slices - 1);
        var after = ScheduledBy(parent, market, slices + 1) - scheduled;
        return scheduled + _random.ShiftContracts(parent.ParentId, slices, Math.Min(before, after));
    }

    private long EndOfSliceNs(in ParentOrder parent, int slice)
    {
        if (slice + 1 >= parent.Slices)
            return parent.EndNs;

        var lengthNs = (parent.EndNs - parent.StartNs) / parent.Slices;
        return PlannedNs(parent, slice + 1) + _random.ShiftNs(parent.ParentId, slice + 1, lengthNs);
    }

    /// <summary>When a number of slices would be over if their times were not randomised.</summary>
    private protected static long PlannedNs(in ParentOrder parent, int slices) =>
        parent.StartNs + (long)((Int128)(parent.EndNs - parent.StartNs) * slices / parent.Slices);

    /// <summary>
    /// Contracts that should be at the venue. Until the schedule ends all that is executed is bounded by the share of
    /// the market's volume, but for one contract in each slice: an order begins though nobody else trades.
    /// </summary>
    private int Due(in ParentOrder parent, in MarketView market)
    {
        var target = parent.SliceTarget;
        if (_terms.ParticipationRate > 0 && market.TimeNs < parent.EndNs)
        {
            var volume = market.TradedVolume - parent.MarketVolumeAtStart;
            var most = (long)(volume * _terms.ParticipationRate);
            target = (int)Math.Min(target, Math.Max(most, parent.Slice + 1));
        }

        return Math.Max(0, target - parent.Executed);
    }
}

/// <summary>What a schedule is made of.</summary>
/// <param name="DurationNs">From its start to its end.</param>
/// <param name="Slices">The most; an order of fewer contracts has a slice for each.</param>
/// <param name="ParticipationRate">Most of the market's volume since the start, as a share; 0: no bound.</param>
internal readonly record struct ScheduleTerms(long DurationNs, int Slices, double ParticipationRate)
{
    private const long SecondNs = 1_000_000_000;

    public static ScheduleTerms Of(int durationSeconds, int slices, double participationRate) =>
        new(durationSeconds * SecondNs, slices, participationRate);
}
