using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Ring;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;

namespace ExecutionPipeline.Pipeline.Journal;

/// <summary>
/// Puts the events of a journal through the stages again, in any topology, as fast as they take them. Given the
/// configuration and models of the run, the outbound messages are that run's, byte for byte; what its checkpoints say
/// of the results is compared as they come.
/// </summary>
public sealed class JournalReplay
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);

    private readonly EventRing _ring;
    private readonly TradingFault _fault = new();
    private readonly ThreadRoster _roster = new();
    private readonly ReplayedInputs _inputs;
    private readonly ResultHash _results;
    private readonly CheckpointComparison _comparison = new();

    /// <param name="options">Those of the run.</param>
    /// <param name="backend">Decides until the journal says otherwise; stays the caller's.</param>
    /// <param name="outbound">Where messages go.</param>
    /// <param name="openModels">Opens the versions that the journal names; null: it must name none.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    public JournalReplay(
        PipelineOptions options,
        IPolicyBackend backend,
        IOutboundSink outbound,
        Func<ModelVersion, LoadedPolicy>? openModels = null)
    {
        var assembly = new StageAssembly(options);
        var venue = new ReplayedVenue();
        _results = new ResultHash { OnCheckpoint = _comparison.AddReached };
        Chain = assembly.CreateChain(new ChainOutputs
        {
            Results = _results,
            Backend = backend,
            Venue = venue.WaysOf(options.Routing),
            Refusals = venue,
            Timers = venue,
            Outbound = outbound,
        });
        _inputs = new ReplayedInputs(assembly.Instruments, Chain.Inference.Models.Slots, openModels);
        _ring = new EventRing(options.Ring, Chain, _roster, _fault);
    }

    public StageChain Chain { get; }

    public Topology Topology => _ring.Topology;

    /// <summary>Events put through so far.</summary>
    public long Count { get; private set; }

    /// <summary>Events up to which the results are those of the run, as its checkpoints say.</summary>
    public long AgreedTo => _comparison.AgreedTo;

    /// <summary>The first checkpoint of the run that this one does not agree with; null: none, so far.</summary>
    public long? DiffersBefore => _comparison.DiffersBefore;

    /// <summary>The results' hash over all events so far. When the replay has ended.</summary>
    public ulong Results => _results.Value;

    /// <summary>The event before which the replay stops. Default: at the journal's end.</summary>
    public long Until { get; init; } = long.MaxValue;

    /// <summary>Replays <paramref name="input"/> to its end. Can be called once.</summary>
    /// <exception cref="InvalidDataException">
    /// The input holds an event that the edge would have refused, or names models that are not there.
    /// </exception>
    /// <exception cref="InvalidOperationException">A stage failed.</exception>
    public void Run(JournalReader input, CancellationToken cancel)
    {
        using (_ring)
        {
            _ring.Start();
            try
            {
                WriteAll(input, cancel);
                _ring.Stop(StopTimeout);
            }
            catch
            {
                _ring.Halt();
                throw;
            }
        }

        _comparison.AddReached(_results.Sequence, _results.Value);
        Chain.Inference.Models.Slots.Dispose();
        Chain.Telemetry.Close();
    }

    private void WriteAll(JournalReader input, CancellationToken cancel)
    {
        var next = default(PipelineEvent);
        var wait = new SpinWait();
        void AwaitStages()
        {
            ThrowOnFault();
            cancel.ThrowIfCancellationRequested();
            wait.SpinOnce();
        }

        if (input.FirstSequence != 0)
        {
            throw new InvalidDataException(
                $"the journal begins with event {input.FirstSequence}: what was before is gone");
        }

        while (Count < Until && input.TryRead(ref next))
        {
            _comparison.AddExpected(input.CheckpointSequence, input.CheckpointHash);
            cancel.ThrowIfCancellationRequested();
            _inputs.Prepare(ref next, Count, AwaitStages);
            long sequence;
            while (!_ring.TryClaim(out sequence))
                AwaitStages();

            ref var e = ref _ring[sequence];
            e.Header = next.Header;
            e.Payload = next.Payload;
            _ring.Publish(sequence);
            Count++;
        }

        _comparison.AddExpected(input.CheckpointSequence, input.CheckpointHash);
        ThrowOnFault();
    }

    private void ThrowOnFault()
    {
        if (_fault.First is { } fault)
            throw new InvalidOperationException(fault.Message, fault.Cause);
    }
}
