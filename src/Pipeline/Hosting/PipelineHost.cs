using System.Diagnostics;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Models;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Ring;
using ExecutionPipeline.Pipeline.Telemetry;
using ExecutionPipeline.Pipeline.Timers;

namespace ExecutionPipeline.Pipeline.Hosting;

/// <summary>
/// A running pipeline: inputs and outputs over a transport, a venue, the threads of the chosen topology.
/// </summary>
public sealed class PipelineHost : IDisposable
{
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(2);

    private readonly List<IDisposable> _owned = [];
    private readonly EventRing _ring;
    private readonly Venue _venue;
    private readonly ReportInbox _reports;
    private readonly AgentThread _ingressThread;
    private readonly TradingFault _fault;
    private readonly KillGate _gate;
    private readonly OrdersAtEnd _ordersAtEnd;
    private bool _isStopped;

    /// <param name="options">Validated here.</param>
    /// <param name="parts">What it is put together with.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    /// <exception cref="IOException">The journal cannot be begun.</exception>
    public PipelineHost(PipelineOptions options, PipelineParts parts)
    {
        var assembly = new StageAssembly(options);
        _ordersAtEnd = options.State.OrdersAtEnd;
        _fault = parts.Fault;
        try
        {
            Journal = parts.JournalFolder == null
                ? null
                : Own(new EventJournal(
                    parts.JournalFolder,
                    options.Journal,
                    PipelineConfiguration.HashOf(options),
                    parts.SegmentFiles));
            _gate = new KillGate(_fault) { Journal = Journal };
            _reports = new ReportInbox(options.Ring.Size, options.Exchange.ProtectionTicks);
            var refusals = _reports.OpenQueue();
            _venue = parts.Venue?.Invoke(assembly.Instruments, _reports) ?? assembly.CreateExchange(_reports);
            foreach (var closable in _venue.Others.Prepend(_venue.Gateway).OfType<IDisposable>())
                Own(closable);

            var file = options.State.KillSwitchFile;
            var killSwitch = file == "" ? null : new KillSwitchFile(file);
            var timers = new TimerRequests();
            Chain = assembly.CreateChain(new ChainOutputs
            {
                Backend = parts.Backend,
                Venue = new Venue(new GatedVenue(_venue.Gateway, _gate, refusals), _venue.Market)
                {
                    Others = [.. _venue.Others.Select(other => new GatedVenue(other, _gate, refusals))],
                },
                Refusals = refusals,
                Timers = timers,
                Outbound = OpenOutbound(parts, options),
                KillSwitch = killSwitch,
                Gate = _gate,
                Results = Journal?.Results,
                Measurement = parts.Measurement,
                IsWatched = parts.IsWatched,
            });
            _ring = Own(new EventRing(options.Ring, Chain, Roster, _fault, Journal, parts.Measurement));

            // The errors of the edge leave on ingress's own publication: two threads never share one.
            var rejections = new RejectionPublisher(OpenOutbound(parts, options));
            var inputs = OpenInputs(parts.Transport, options.Streams);
            Models = parts.Models == null ? null : Own(new ModelLoader(parts.Models, Chain.Inference.Models));
            Ingress = new IngressAgent(_ring, inputs, assembly, parts.Clock, rejections, Chain, _gate, timers)
            {
                Models = Models,
                Journal = Journal == null ? null : new JournalWatch(Journal),
            };
            StartNote = killSwitch?.StartNote;
            if (StartNote != null)
                Ingress.RequestKill(CommandReason.Restart);
            if (KillSignal.TryRegister(Ingress, out var signal))
                Own(signal);
        }
        catch
        {
            Release();
            throw;
        }

        var processor = options.Ring.Processors is [var first, ..] ? first : ThreadRoster.Unpinned;
        var idle = Waiting.ForInputs(_ring.Wait);
        Hiccups = parts.Measurement.IsMeasuring ? new HiccupMeter() : null;
        IHotAgent agent = Hiccups == null ? Ingress : new MeasuredIngress(Ingress, parts.Measurement, Hiccups);
        _ingressThread = new AgentThread(agent, idle, Roster, processor, _fault, EndTrading);
    }

    public StageChain Chain { get; }

    public IngressAgent Ingress { get; }

    /// <summary>Takes every input; null: nothing does.</summary>
    public EventJournal? Journal { get; }

    /// <summary>Loads what commands name; null where there is no store.</summary>
    public ModelLoader? Models { get; }

    /// <summary>
    /// What the machine took from the ingress thread while that was idle; null where nothing is measured.
    /// </summary>
    public HiccupMeter? Hiccups { get; }

    public ThreadRoster Roster { get; } = new();

    /// <summary>The topology that runs: never auto.</summary>
    public Topology Topology => _ring.Topology;

    /// <summary>What the operator must know of the start, in one line; null: nothing.</summary>
    public string? StartNote { get; }

    /// <summary>
    /// Whether no signal's order leaves that adds risk: a kill was asked for or is in force; or none at all: something
    /// has failed. Any thread may ask.
    /// </summary>
    public bool IsKilled => _gate.IsClosed || Chain.Risk.IsKilled;

    /// <summary>What ended trading, or null while all is well.</summary>
    public FaultReport? Fault => _fault.First;

    /// <summary>
    /// What could not be done after a failure or at the end, in one line; null: nothing. Known once stopped.
    /// </summary>
    public string? EndNote { get; private set; }

    /// <summary>Whether an ordered end has been asked for, and ingress takes no more signals.</summary>
    public bool IsEnding => Ingress.IsEnding;

    /// <summary>Whether no event is on its way through the stages and no report waits for ingress.</summary>
    public bool IsDrained => _ring.IsDrained && _reports.Waiting == 0;

    /// <summary>Slots of the ring.</summary>
    public int RingSize => _ring.Size;

    /// <summary>Slots whose event has not passed every stage. Any thread may ask.</summary>
    public int RingDepth => _ring.Size - _ring.RemainingCapacity;

    /// <summary>Reports that wait for ingress. Any thread may ask.</summary>
    public long ReportsWaiting => _reports.Waiting;

    /// <summary>Reports that came in after a failure: in the journal where there is one, and not booked.</summary>
    public long ReportsUnbooked { get; private set; }

    /// <summary>Reports for which the memory taken at the start was not enough.</summary>
    public long ReportsOverflowed => _reports.Overflowed;

    public void Start()
    {
        _ring.Start();
        _ingressThread.Start();
    }

    /// <summary>
    /// The ordered end: no more signals, resting orders cancelled or left as configured, reports taken in until nothing
    /// is under way, the stages and followers finished, and the accounts closed. After a failure the end has begun by
    /// itself and is waited for.
    /// </summary>
    /// <exception cref="TimeoutException">The threads did not end in time.</exception>
    public void Stop(TimeSpan timeout)
    {
        if (_isStopped)
            return;

        _isStopped = true;
        if (_ingressThread.IsStarted)
            AwaitQuiet(timeout);
        if (!_ingressThread.TryStop(timeout))
            throw new TimeoutException($"ingress did not end within {timeout.TotalSeconds:0.#} s");

        if (_ingressThread.IsStarted)
            EndStages(timeout);
        Journal?.Finish(_fault);
        Chain.Telemetry.Close();
    }

    /// <summary>Stops if that has not been done, and closes the journal and what else it opened.</summary>
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

    private void AwaitQuiet(TimeSpan timeout)
    {
        Ingress.CloseInput(_ordersAtEnd);
        if (SpinWait.SpinUntil(() => Ingress.IsQuiet || Fault != null || !_ingressThread.IsAlive, timeout))
            return;

        EndNote = $"{Chain.Routing.Orders.WorkingOrders} orders were still working at the venue, and {_reports.Waiting}"
            + $" reports waited, {timeout.TotalSeconds:0.#} s after the end was asked for";
    }

    private void EndStages(TimeSpan timeout)
    {
        try
        {
            _ring.Stop(timeout);
        }
        catch (TimeoutException problem) when (Fault != null)
        {
            EndNote = problem.Message;
            _ring.Halt();
        }
    }

    /// <summary>
    /// A failure has ended trading: when no stage is inside the venue any more, what rests there is cancelled. What the
    /// venue says to it goes into the journal. On ingress's thread.
    /// </summary>
    private void EndTrading()
    {
        try
        {
            if (!SpinWait.SpinUntil(() => _ring.IsDrained, DrainTimeout))
                EndNote = "a stage or the journal did not come to its end; cancels were sent all the same";

            foreach (var gateway in _venue.Others.Prepend(_venue.Gateway))
                gateway.CancelAll(Ingress.LastTimeNs);
            TakeLastReports();
        }
        catch (Exception problem)
        {
            EndNote = $"what rests at the venue may not be cancelled: {problem.Message}";
        }
    }

    private void TakeLastReports()
    {
        var before = Ingress.ReportsTaken;
        var quiet = Stopwatch.StartNew();
        SpinWait.SpinUntil(
            () =>
            {
                if (Ingress.TakeReports())
                    quiet.Restart();
                return quiet.Elapsed.TotalNanoseconds >= IngressAgent.QuietNs;
            },
            DrainTimeout);
        ReportsUnbooked = Ingress.ReportsTaken - before;
    }

    private static IOutboundSink OpenOutbound(PipelineParts parts, PipelineOptions options) =>
        parts.Transport.OpenOutbound(options.Streams.OutboundChannel, options.Streams.OutboundStream);

    private IngressInputs OpenInputs(ITransport transport, StreamOptions streams) => new()
    {
        Signals = transport.OpenInput(streams.InputChannel, streams.SignalStream),
        Market = transport.OpenInput(streams.InputChannel, streams.MarketStream),
        Commands = transport.OpenInput(streams.InputChannel, streams.CommandStream),
        Reports = _reports,
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
