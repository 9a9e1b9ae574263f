using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Ring;
using ExecutionPipeline.Pipeline.Snapshots;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Routing;

namespace ExecutionPipeline.Simulation.World;

/// <summary>
/// A chain that never stops and is never restored: it handles every event of the journal once, and asks for nothing.
/// What a process comes to, restarts included, has to be what this comes to.
/// </summary>
internal sealed class MutedChain : IEventObserver
{
    private readonly StageChain _chain;
    private readonly RequestTap _tap;
    private PipelineEvent _event;
    private ulong _digest;

    public MutedChain(StageAssembly assembly, IPolicyBackend backend)
    {
        var silent = new ReplayedVenue();
        _tap = new RequestTap(silent);
        _chain = assembly.CreateChain(new ChainOutputs
        {
            Backend = backend,
            Venue = new Venue(_tap),
            Refusals = silent,
            Timers = silent,
            Outbound = new NullSink(),
        });
        _chain.Observer = this;
    }

    /// <summary>The hash of the whole state.</summary>
    public ulong StateHash => ChainSnapshot.HashOf(_chain);

    /// <summary>The last event with what it led to.</summary>
    public ref readonly PipelineEvent Event => ref _event;

    /// <summary>What it led to beside.</summary>
    public ActionLog Actions => _chain.Routing.Actions;

    /// <summary>Handles an event, and returns the digest of what it led to.</summary>
    public ulong Handle(ref readonly PipelineEvent e)
    {
        _event = default;
        _event.Header = e.Header;
        _event.Payload = e.Payload;
        _chain.Run(ref _event);
        return _digest;
    }

    public void OnHandled(ref readonly PipelineEvent e, ActionLog actions) =>
        _digest = ChainDigest.Of(in e, actions, _tap.TakeHash());
}
