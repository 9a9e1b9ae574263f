using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Models;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Recording;
using ExecutionPipeline.Pipeline.Ring;
using ExecutionPipeline.Pipeline.Telemetry;
using ExecutionPipeline.Stages.Inference;

namespace ExecutionPipeline.Pipeline.Hosting;

/// <summary>
/// A running pipeline: inputs and outputs over an Aeron client, the simulated exchange as the venue, the threads of the
/// chosen topology.
/// </summary>
public sealed class PipelineHost : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private readonly EventRing _ring;
    private readonly AgentThread _ingressThread;
    private readonly RingFault _fault = new();
    private bool _isStopped;

    /// <param name="options">Validated here.</param>
    /// <param name="aeron">Connected to a media driver; stays the caller's.</param>
    /// <param name="backend">Evaluates the actors; stays the caller's.</param>
    /// <param name="plan">Which signals are measured.</param>
    /// <param name="recordPath">Where the inputs are recorded; null: nowhere.</param>
    /// <param name="models">Where commands find models; null: they are refused.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    /// <exception cref="IOException">The recording cannot be written.</exception>
    public PipelineHost(
        PipelineOptions options,
        AeronClient aeron,
        IPolicyBackend backend,
        MeasurementPlan plan,
        string? recordPath = null,
        ModelSource? models = null)
    {
        var assembly = new StageAssembly(options);
        try
        {
            var reports = new ReportQueue(options.Ring.Size, options.Exchange.ProtectionTicks);
            var exchange = assembly.CreateExchange(reports);
            var killSwitch = options.State.KillSwitchFile == ""
                ? null
                : new KillSwitchFile(options.State.KillSwitchFile);
            var isLatched = killSwitch?.IsLatched() == true;
            Chain = assembly.CreateChain(backend, exchange, reports, OpenOutbound(aeron, options.Streams), killSwitch);
            Recorder = recordPath == null
                ? null
                : Own(new InputRecorder(recordPath, PipelineConfiguration.HashOf(options)));
            _ring = Own(new EventRing(options.Ring, Chain, Roster, _fault, Recorder));

            // The errors of the edge leave on ingress's own publication: two threads never share one.
            var rejections = new RejectionPublisher(OpenOutbound(aeron, options.Streams));
            var inputs = OpenInputs(aeron, options.Streams, reports);
            Models = models == null ? null : Own(new ModelLoader(models, Chain.Inference.Models));
            Ingress = new IngressAgent(_ring, inputs, assembly, plan, rejections, Chain.Pace) { Models = Models };
            if (isLatched)
                Ingress.RequestKill(CommandReason.Restart);
            if (KillSignal.TryRegister(Ingress, out var signal))
                Own(signal);
        }
        catch
        {
            Release();
            throw;
        }

        var processors = options.Ring.Processors;
        var processor = processors.Count > 0 ? processors[0] : ThreadRoster.Unpinned;
        var idle = Waiting.ForInputs(options.Ring.Wait);
        Hiccups = plan.MeasuredSignals > 0 ? new HiccupMeter() : null;
        _ingressThread = new AgentThread(Ingress, idle, Roster, processor, _fault, Hiccups);
    }

    public StageChain Chain { get; }

    public IngressAgent Ingress { get; }

    public InputRecorder? Recorder { get; }

    /// <summary>Loads what commands name; null where there is no store.</summary>
    public ModelLoader? Models { get; }

    /// <summary>
    /// What the machine took from the ingress thread while that was idle; null where nothing is measured.
    /// </summary>
    public HiccupMeter? Hiccups { get; }

    public ThreadRoster Roster { get; } = new();

    /// <summary>The topology that runs: never auto.</summary>
    public Topology Topology => _ring.Topology;

    /// <summary>What made the pipeline stop by itself, or null while all is well.</summary>
    public Exception? Fault => _fault.Exception;

    public void Start()
    {
        _ring.Start();
        _ingressThread.Start();
    }

    /// <summary>
    /// Ends the input, lets the stages finish what they have, and closes the accounts. A pipeline that has failed is
    /// halted where it stands.
    /// </summary>
    /// <exception cref="TimeoutException">The threads did not end in time.</exception>
    public void Stop(TimeSpan timeout)
    {
        if (_isStopped)
            return;

        _isStopped = true;
        if (!_ingressThread.TryStop(timeout))
            throw new TimeoutException($"ingress did not end within {timeout.TotalSeconds:0.#} s");

        if (Fault == null)
            _ring.Stop(timeout);
        else
            _ring.Halt();

        Chain.Telemetry.Close();
    }

    /// <summary>Stops if that has not been done, and closes streams and recording.</summary>
    public void Dispose()
    {
        try
        {
            Stop(TimeSpan.FromSeconds(10));
        }
        finally
        {
            Release();
        }
    }

    private AeronSink OpenOutbound(AeronClient aeron, StreamOptions streams) =>
        new(Own(aeron.AddExclusivePublication(streams.OutboundChannel, streams.OutboundStream)));

    private IngressInputs OpenInputs(AeronClient aeron, StreamOptions streams, ReportQueue reports) => new()
    {
        Signals = Own(aeron.AddSubscription(streams.InputChannel, streams.SignalStream)),
        Market = Own(aeron.AddSubscription(streams.InputChannel, streams.MarketStream)),
        Commands = Own(aeron.AddSubscription(streams.InputChannel, streams.CommandStream)),
        Reports = reports,
    };

    private T Own<T>(T resource)
        where T : IDisposable
    {
        _owned.Add(resource);
        return resource;
    }

    private void Release()
    {
        for (var i = _owned.Count - 1; i >= 0; i--)
            _owned[i].Dispose();

        _owned.Clear();
    }
}
