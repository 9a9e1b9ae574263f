using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Routing;

namespace ExecutionPipeline.Simulation.World;

/// <summary>A hash of all that the stages wrote into an event, of its actions and its requests to the venue.</summary>
internal static class ChainDigest
{
    private const int ResultsOffset = PipelineEvent.InputSizeBytes;
    private static readonly int TimesOffset = OffsetOfTimes();

    /// <summary>Of an event whose blocks were empty before the stages.</summary>
    public static ulong Of(ref readonly PipelineEvent e, ActionLog actions, ulong requests)
    {
        var bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<PipelineEvent>(in e));
        var hash = SeededDice.Fold(requests, bytes[ResultsOffset..TimesOffset]);
        hash = SeededDice.Fold(hash, bytes[(TimesOffset + StageTimestamps.SizeBytes)..]);
        for (var i = 0; i < e.Routing.ActionCount; i++)
            hash = Fold(hash, in actions[e.Routing.FirstAction + i]);

        return hash;
    }

    /// <summary>Of header and payload.</summary>
    public static ulong OfInput(ref readonly PipelineEvent e) => SeededDice.Fold(
        1, MemoryMarshal.AsBytes(new ReadOnlySpan<PipelineEvent>(in e))[..PipelineEvent.InputSizeBytes]);

    private static int OffsetOfTimes()
    {
        var e = default(PipelineEvent);
        return (int)Unsafe.ByteOffset(
            ref Unsafe.As<PipelineEvent, byte>(ref e), ref Unsafe.As<StageTimestamps, byte>(ref e.Timestamps));
    }

    private static ulong Fold(ulong hash, ref readonly RoutingAction action)
    {
        hash = SeededDice.Fold(hash, (ulong)action.Kind);
        return action.Kind switch
        {
            RoutingActionKind.OrderSent => Fold(hash, in action.Order),
            RoutingActionKind.ParentEnded => SeededDice.Fold(
                SeededDice.Fold(hash, action.Parent.ParentId),
                (ulong)action.Parent.Executed << 8 | (ulong)action.Parent.EndReason),
            RoutingActionKind.TradeClosed => SeededDice.Fold(
                SeededDice.Fold(hash, action.Trade.TradeId), (ulong)action.Trade.GrossPnlE6),
            _ => hash,
        };
    }

    private static ulong Fold(ulong hash, ref readonly OrderState order) =>
        SeededDice.Fold(hash, MemoryMarshal.AsBytes(new ReadOnlySpan<OrderState>(in order)));
}
