using System.Diagnostics;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Models;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Recovery;
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
    private readonly RunState? _state;
    private bool _isStopped;

    /// <param name="options">Validated here.</param>
    /// <param name="parts">What it is put together with.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    /// <exception cref="InvalidDataException">
    /// The journal in the folder is of another configuration, or cannot be gone on with; says what to do.
    /// </exception>
    /// <exception cref="IOException">The journal is damaged, or cannot be begun.</exception>
    public PipelineHost(PipelineOptions options, PipelineParts parts)
    {
        options = LimitsOfStart.Fit(parts.JournalFolder, options, out var wanted);
        var assembly = new StageAssembly(options) { Room = parts.Room };
        _ordersAtEnd = options.State.OrdersAtEnd;
        _fault = parts.Fault;
        try
        {
            _gate = new KillGate(_fault);
            _reports = new ReportInbox(options.Ring.Size, options.Exchange.ProtectionTicks);
            var refusals = _reports.OpenQueue();
            _venue = parts.Venue?.Invoke(assembly.Instruments, _reports) ?? assembly.CreateExchange(_reports);
            foreach (var closable in _venue.Gateways.OfType<IDisposable>())
                Own(closable);

            var file = options.State.KillSwitchFile;
            var killSwitch = file == "" ? null : new KillSwitchFile(file);
            var timers = new TimerRequests();
            GatedVenue[] gated = [.. _venue.Gateways.Select(venue => new GatedVenue(venue, _gate, refusals))];
            var results = parts.JournalFolder == null ? null : new ResultHash();
            Chain = assembly.CreateChain(new ChainOutputs
            {
                Backend = parts.Backend,
                Venue = new Venue(gated[0], _venue.Market) { Others = gated[1..] },
                Refusals = refusals,
                Timers = timers,
                Outbound = OpenOutbound(parts, options),
                KillSwitch = killSwitch,
                Gate = _gate,
                Results = results,
                Measurement = parts.Measurement,
                IsWatched = parts.IsWatched,
            });
            if (results != null)
            {
                _state = OpenState(options, parts, results, timers, gated, refusals);
                Recovered = _state.Recover();
                ClockAheadNs = Recovered == null ? 0 : parts.Clock.GoOnFrom(Recovered.TimeNs);
                Journal = Own(_state.OpenJournal(Recovered, parts.SegmentFiles));
                _gate.Journal = Journal;
            }

            _ring = Own(new EventRing(options.Ring, Chain, Roster, _fault, Journal, parts.Measurement));

            // The errors of the edge leave on ingress's own publication: two threads never share one.
            var rejections = new RejectionPublisher(OpenOutbound(parts, options));
            var inputs = OpenInputs(parts.Transport, options.Streams);
            Models = parts.Models == null ? null : Own(
                new ModelLoader(parts.Models, Chain.Inference.Models, isKnown: Chain.Inference.Models.IsNamed));
            Restart = Recovered == null ? null : BeginRestart(Recovered, options, parts, refusals);
            Ingress = new IngressAgent(
                _ring, inputs, assembly, parts.Clock, rejections, Chain, _gate, timers, Recovered)
            {
                Models = Models,
                OwnCommands = OwnCommands(),
            };
            RestartNote = LimitsOfStart.BringIntoForce(Recovered, wanted, Chain, Ingress);
            StartNote = KillAtStart(killSwitch?.StartNote, parts.KillSignal);
        }
        catch
        {
            AbandonJournal();
            Release();
            throw;
        }

        Hiccups = parts.Measurement.IsMeasuring ? new HiccupMeter() : null;
        _ingressThread = IngressThread(options, parts);
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

    /// <summary>The run that the pipeline goes on with; null: it began anew.</summary>
    public RecoveredRun? Recovered { get; }

    /// <summary>Follows what venues say of the orders after a restart; null: there was none.</summary>
    public RestartWatch? Restart { get; }

    /// <summary>What the pipeline goes on with and how long that took, in one line; null: it began anew.</summary>
    public string? RestartNote { get; }

    /// <summary>
    /// How far the journal's last event was ahead of the clock, which goes on from there, in nanoseconds; 0: it was
    /// not.
    /// </summary>
    public long ClockAheadNs { get; }

    /// <summary>The same in one line for the operator; null: there is nothing to tell.</summary>
    public string? ClockNote => JournalLead.Describe(ClockAheadNs);

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
        Chain.TouchMemory();
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
        else
            AbandonJournal();
        Journal?.Finish(_fault);
        if (Journal != null && Fault == null && _ingressThread.IsStarted && IsDrained)
            EndNote ??= _state!.Save(Journal.NextSequence, Ingress.LastTimeNs, Ingress.Timers);
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

    /// <summary>Returns what the operator is told of it; null: nothing asks for a kill.</summary>
    private string? KillAtStart(string? latched, KillSignal? signal)
    {
        if (latched != null)
            Ingress.RequestKill(CommandReason.Restart);
        if (signal?.HandTo(Ingress) != true)
            return latched;

        const string signalled = "SIGUSR1 came during the start: the kill switch is latched";
        return latched == null ? signalled : $"{latched}; {signalled}";
    }

    private AgentThread IngressThread(PipelineOptions options, PipelineParts parts)
    {
        var processor = options.Ring.Processors is [var first, ..] ? first : ThreadRoster.Unpinned;
        var isKeptWarm = parts.IsKeptWarm && _ring is { Topology: Topology.Inline, Wait: WaitMode.Spin };
        IHotAgent agent = isKeptWarm
            ? new WarmIngress(Ingress, Own(new WarmPath(options, parts.Backend)))
            : Ingress;
        if (Hiccups != null)
            agent = new MeasuredIngress(agent, Ingress, parts.Measurement, Hiccups);
        return new AgentThread(agent, Waiting.ForInputs(_ring.Wait), Roster, processor, _fault, EndTrading);
    }

    private RestartWatch BeginRestart(
        RecoveredRun run, PipelineOptions options, PipelineParts parts, IReportSink reports)
    {
        if (!_venue.TellsOfConnection)
            RunState.TellOfVenues(_venue.Gateways.Count(), reports, run.TimeNs);
        return new RestartWatch(Chain.Routing, run, options.State.ReconcileTimeoutMs, parts.OperatorId);
    }

    private RunState OpenState(
        PipelineOptions options,
        PipelineParts parts,
        ResultHash results,
        TimerRequests timers,
        GatedVenue[] venues,
        IReportSink refusals)
    {
        Own(JournalLock.Take(parts.JournalFolder!));
        return new RunState(parts.JournalFolder!, new RunParts
        {
            Options = options,
            Chain = Chain,
            Results = results,
            Requests = timers,
            Reports = _reports,
            Models = new RecoveredModels(parts.Models, Chain.Inference.Models),
            Venues = venues,
            Refusals = refusals,
        });
    }

    private ICommandSource[] OwnCommands() => (Restart, Journal) switch
    {
        ({ } restart, { } journal) => [restart, new JournalWatch(journal)],
        (null, { } journal) => [new JournalWatch(journal)],
        _ => [],
    };

    private void AwaitQuiet(TimeSpan timeout)
    {
        Ingress.CloseInput(_ordersAtEnd);
        if (SpinWait.SpinUntil(() => Ingress.IsQuiet || Fault != null || !_ingressThread.IsAlive, timeout))
            return;

        EndNote = $"{Chain.Routing.Orders.WorkingOrders} orders were still working at the venue, and {_reports.Waiting}"
            + $" reports waited, {timeout.TotalSeconds:0.#} s after the end was asked for";
    }

    /// <summary>A run that never began must not hide that the one before came to no ordered end.</summary>
    private void AbandonJournal()
    {
        if (Recovered is { End: not JournalEnd.Ordered })
            Journal?.Abandon();
    }

    private void EndStages(TimeSpan timeout)
    {
        try
        {
            _ring.Stop(timeout);
        }
        catch (TimeoutException problem)
        {
            // The journal may lack events that routing has seen: that is no ordered end.
            Journal?.Abandon();
            if (Fault == null)
                throw;

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

            if (LastCancels.Send(_venue.Gateways, Ingress.LastTimeNs, DrainTimeout) is { } left)
                EndNote = EndNote is null ? left : $"{EndNote}; {left}";
            TakeLastReports();
        }
        catch (Exception problem)
        {
            EndNote = $"what the venue said last may not be booked: {problem.Message}";
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
