using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Models;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Recording;
using ExecutionPipeline.Pipeline.Ring;
using ExecutionPipeline.Pipeline.Telemetry;

namespace ExecutionPipeline.Pipeline.Hosting;

/// <summary>
/// A running pipeline: inputs and outputs over a transport, a venue, the threads of the chosen topology.
/// </summary>
public sealed class PipelineHost : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private readonly EventRing _ring;
    private readonly AgentThread _ingressThread;
    private readonly RingFault _fault = new();
    private bool _isStopped;

    /// <param name="options">Validated here.</param>
    /// <param name="parts">What it is put together with.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    /// <exception cref="IOException">The recording cannot be written.</exception>
    public PipelineHost(PipelineOptions options, PipelineParts parts)
    {
        var assembly = new StageAssembly(options);
        try
        {
            var reports = new ReportQueue(options.Ring.Size, options.Exchange.ProtectionTicks);
            var venue = parts.Venue?.Invoke(assembly.Instruments, reports) ?? assembly.CreateExchange(reports);
            if (venue.Gateway is IDisposable closable)
                Own(closable);
            var killSwitch = options.State.KillSwitchFile == ""
                ? null
                : new KillSwitchFile(options.State.KillSwitchFile);
            var isLatched = killSwitch?.IsLatched() == true;
            Chain = assembly.CreateChain(
                parts.Backend, venue, reports, OpenOutbound(parts, options), killSwitch, parts.Measurement);
            Recorder = parts.RecordFile == null
                ? null
                : Own(new InputRecorder(parts.RecordFile, PipelineConfiguration.HashOf(options)));
            _ring = Own(new EventRing(options.Ring, Chain, Roster, _fault, Recorder, parts.Measurement));

            // The errors of the edge leave on ingress's own publication: two threads never share one.
            var rejections = new RejectionPublisher(OpenOutbound(parts, options));
            var inputs = OpenInputs(parts.Transport, options.Streams, reports);
            Models = parts.Models == null ? null : Own(new ModelLoader(parts.Models, Chain.Inference.Models));
            Ingress = new IngressAgent(_ring, inputs, assembly, parts.Clock, rejections, Chain.Pace)
            {
                Models = Models,
            };
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
        Hiccups = parts.Measurement.IsMeasuring ? new HiccupMeter() : null;
        IHotAgent agent = Hiccups == null ? Ingress : new MeasuredIngress(Ingress, parts.Measurement, Hiccups);
        _ingressThread = new AgentThread(agent, idle, Roster, processor, _fault);
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

    /// <summary>Stops if that has not been done, and closes the recording and what else it opened.</summary>
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

    private static IOutboundSink OpenOutbound(PipelineParts parts, PipelineOptions options) =>
        parts.Transport.OpenOutbound(options.Streams.OutboundChannel, options.Streams.OutboundStream);

    private static IngressInputs OpenInputs(ITransport transport, StreamOptions streams, ReportQueue reports) => new()
    {
        Signals = transport.OpenInput(streams.InputChannel, streams.SignalStream),
        Market = transport.OpenInput(streams.InputChannel, streams.MarketStream),
        Commands = transport.OpenInput(streams.InputChannel, streams.CommandStream),
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
