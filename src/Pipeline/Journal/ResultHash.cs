using System.Numerics;
using System.Runtime.CompilerServices;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Pipeline.Journal;

/// <summary>
/// A rolling hash of what events led to: verdict, what routing did, and the portfolio. Two runs that did the same have
/// the same one after the same event. The thread of the followers folds; another one may ask for checkpoints.
/// </summary>
public sealed class ResultHash : IStateful
{
    /// <summary>From one checkpoint to the next, in events; a power of two.</summary>
    public const int Interval = 1024;

    private const ulong P0 = 0x9E37_79B9_7F4A_7C15;
    private const ulong P1 = 0xC2B2_AE3D_27D4_EB4F;
    private const ulong P2 = 0x1656_67B1_9E37_79F9;
    private const ulong P3 = 0x27D4_EB2F_1656_67C5;
    private const ulong P4 = 0x85EB_CA77_C2B2_AE63;
    private const ulong P5 = 0xD6E8_FEB8_6659_FD93;

    private ulong _hash;
    private long _sequence;
    private long _checkpointSequence;
    private ulong _checkpoint;
    private bool _hasCheckpoint;
    private long _lastSequence = -1;
    private ulong _lastHash;

    /// <param name="sequence">Of the next event.</param>
    /// <param name="hash">Of the events before.</param>
    public ResultHash(long sequence = 0, ulong hash = 0) => (_sequence, _hash) = (sequence, hash);

    /// <summary>Of the next event. The folding thread, or when it has ended.</summary>
    public long Sequence => _sequence;

    /// <summary>Of all events before. The folding thread, or when it has ended.</summary>
    public ulong Value => _hash;

    /// <summary>The hash before a sequence, where that is the last checkpoint or the next event; else null.</summary>
    public ulong? HashAt(long sequence) =>
        sequence == _sequence ? _hash : sequence == _lastSequence ? _lastHash : null;

    /// <summary>Is told of each checkpoint, on the folding thread; null: nobody is.</summary>
    public Action<long, ulong>? OnCheckpoint { get; init; }

    /// <summary>Takes in what an event led to: what every event has, and what its kind alone has.</summary>
    public void Fold(ref readonly PipelineEvent e)
    {
        ref readonly var portfolio = ref e.Portfolio;
        var state = ((ulong)portfolio.EquityE6 * P0)
            ^ ((ulong)portfolio.RealizedPnlE6 * P1)
            ^ ((ulong)portfolio.UnrealizedPnlE6 * P2)
            ^ ((ulong)portfolio.GrossNotionalE6 * P3)
            ^ ((ulong)portfolio.FeesE6 * P4)
            ^ ((ulong)portfolio.MarkPriceE9 * P5);
        var done = (uint)e.Routing.ActionCount | (ulong)(uint)portfolio.Position << 32;
        var verdict = e.Verdict.Gate | (ulong)e.Verdict.Changes << 8;
        var own = e.Header.Kind is EventKind.MarketUpdate or EventKind.Timer ? 0 : OwnOf(in e);
        Fold(state ^ (done * P1) ^ (verdict * P2) ^ own);
    }

    /// <summary>Takes in what an event led to, as a number that says it all.</summary>
    public void Fold(ulong outcome)
    {
        _hash = BitOperations.RotateLeft(_hash ^ outcome, 29) * P0;
        if ((++_sequence & (Interval - 1)) == 0)
            Tell();
    }

    /// <summary>
    /// Takes the last checkpoint over. False when there is none since the last call, or when it goes beyond the events
    /// before <paramref name="untilSequence"/>: the stages may be ahead of whoever takes checkpoints. One thread.
    /// </summary>
    public bool TryTakeCheckpoint(long untilSequence, out long sequence, out ulong hash)
    {
        (sequence, hash) = (0, 0);
        // Paired with the write in Tell.
        if (!Volatile.Read(ref _hasCheckpoint) || _checkpointSequence > untilSequence)
            return false;

        (sequence, hash) = (_checkpointSequence, _checkpoint);
        // Paired with the read in Tell.
        Volatile.Write(ref _hasCheckpoint, false);
        return true;
    }

    /// <summary>What was told of checkpoints is no state.</summary>
    public void Transfer(StateStream state)
    {
        state.Value(ref _sequence);
        state.Value(ref _hash);
    }

    private static ulong OwnOf(ref readonly PipelineEvent e)
    {
        var asked = (uint)e.Verdict.ApprovedQuantity | (ulong)e.Verdict.KillSwitch << 32;
        var outcome = (uint)e.Routing.WorkingOrders | (ulong)e.Routing.Outcome << 32;
        var own = e.Header.Kind switch
        {
            EventKind.TradeQualified => (uint)e.Verdict.Violations | (ulong)(uint)e.Decision.Quantity << 32,
            EventKind.ExecutionReport => (uint)e.Resolution.Booked | (ulong)e.Resolution.Disposition << 32,
            _ => 0UL,
        };
        return (asked * P3) ^ (outcome * P4) ^ (own * P5);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Tell()
    {
        (_lastSequence, _lastHash) = (_sequence, _hash);
        OnCheckpoint?.Invoke(_sequence, _hash);
        // One that was not taken yet stays: whoever takes them is late, and will have later ones.
        if (Volatile.Read(ref _hasCheckpoint))
            return;

        (_checkpointSequence, _checkpoint) = (_sequence, _hash);
        // Paired with the read in TryTakeCheckpoint.
        Volatile.Write(ref _hasCheckpoint, true);
    }
}
