using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Ring;

namespace ExecutionPipeline.Pipeline.Snapshots;

/// <summary>
/// Saves and loads a chain of stages, with what is beside it: timers, a venue of the same process. Only while no stage
/// runs. A live pipeline's chain is saved by a chain that follows its journal, or at its ordered end.
/// </summary>
public static class ChainSnapshot
{
    /// <summary>The state between two events.</summary>
    /// <param name="chain">At rest.</param>
    /// <param name="configuration">Of the chain.</param>
    /// <param name="sequence">Of the first event that is not in it.</param>
    /// <param name="timeNs">Of the last event that is, in nanoseconds since the Unix epoch, UTC.</param>
    /// <param name="beside">What is saved with it, to be loaded in the same order.</param>
    public static Snapshot Save(
        StageChain chain, ConfigurationHash configuration, long sequence, long timeNs, params IStateful[] beside)
    {
        ArgumentNullException.ThrowIfNull(chain);
        var state = StateStream.ForWriting();
        Transfer(state, chain, beside);
        return new Snapshot(configuration, sequence, timeNs, chain.Inference.Models.Version, state.Written);
    }

    /// <summary>
    /// Puts a chain, which may be new or used, into a saved state. After an exception it must not be used.
    /// </summary>
    /// <param name="snapshot">Of a chain of the same configuration.</param>
    /// <param name="chain">At rest, and with models of the same versions at hand.</param>
    /// <param name="configuration">Of the chain.</param>
    /// <param name="beside">What was saved with it.</param>
    /// <exception cref="StateException">The state is of something else.</exception>
    public static void Load(
        Snapshot snapshot, StageChain chain, ConfigurationHash configuration, params IStateful[] beside)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(chain);
        if (!snapshot.IsOf(configuration))
            throw new StateException($"the state is of another configuration, {snapshot.Configuration}.");

        var state = StateStream.ForReading(snapshot.State);
        Transfer(state, chain, beside);
        state.End();
    }

    /// <summary>What <see cref="Snapshot.StateHash"/> would be now.</summary>
    public static ulong HashOf(StageChain chain, params IStateful[] beside)
    {
        ArgumentNullException.ThrowIfNull(chain);
        var state = StateStream.ForHashing();
        Transfer(state, chain, beside);
        return state.TakeHash();
    }

    private static void Transfer(StateStream state, StageChain chain, IStateful[] beside)
    {
        chain.Transfer(state);
        foreach (var part in beside)
            part.Transfer(state);
    }
}
