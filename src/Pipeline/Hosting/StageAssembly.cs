using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Positions;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Ring;
using ExecutionPipeline.Pipeline.Telemetry;
using ExecutionPipeline.Stages.Context;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Risk;
using ExecutionPipeline.Stages.Routing;

namespace ExecutionPipeline.Pipeline.Hosting;

/// <summary>
/// Makes the stages out of their options. A live run and a replay differ in the venue and the sinks alone.
/// </summary>
public sealed class StageAssembly
{
    /// <summary>How often the policies are run before the first event.</summary>
    private const int WarmUpRuns = 1_000;

    private readonly PipelineOptions _options;
    private readonly VarModel _varModel;
    private readonly ScenarioModel _scenarios;
    private readonly IReadOnlyList<IVolumeCurve> _volumes;

    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    public StageAssembly(PipelineOptions options)
    {
        options.Ring.Validate();
        options.Streams.Validate();
        options.Limits.Validate();
        options.Exchange.Validate();
        options.Venue.Validate();
        _options = options;
        var rates = new CurrencyRates(options.Account.Currency, options.Account.Rates);
        Instruments = new InstrumentTable(options.Instruments, options.Calendars, rates);
        if (options.FindMisfit(options.Limits) is { } misfit)
            throw new ArgumentException(misfit);

        if (options.Ring.Size < 2 * Instruments.Count)
        {
            throw new ArgumentException(
                $"ring size is {options.Ring.Size}: a command for all {Instruments.Count} instruments, and the slots "
                + "that are kept for a kill beside it, need more");
        }

        InstrumentIds = new InstrumentIds([.. options.Instruments.Select(static o => o.Id)]);
        var limits = options.Limits;
        _varModel = new VarModel(Instruments, limits.VarConfidence, options.Correlations, limits.VolatilityEstimate);
        _scenarios = new ScenarioModel(Instruments, options.Limits.ShortfallConfidence, options.ReturnHistory);
        // The volume's usual course for each instrument, as configured.
        _volumes = [.. options.Instruments.Select(CurveOf)];
    }

    public InstrumentTable Instruments { get; }

    public InstrumentIds InstrumentIds { get; }

    /// <summary>How much the stages can hold.</summary>
    public StageRoom Room { get; init; } = new();

    /// <summary>
    /// A simulated exchange for each configured venue, which report on the thread that sends them orders.
    /// </summary>
    public Venue CreateExchange(ReportInbox reports) => CreateExchange(reports.OpenQueue());

    /// <inheritdoc cref="CreateExchange(ReportInbox)"/>
    public Venue CreateExchange(IReportSink reports)
    {
        SimulatedExchange[] exchanges = [.. Enumerable.Range(0, Math.Max(1, _options.Routing.Venues.Count))
            .Select(number => new SimulatedExchange(Instruments, reports, _options.Exchange, (byte)number))];
        return new Venue(exchanges[0], exchanges.Length == 1 ? exchanges[0] : new MarketFan(exchanges))
        {
            Others = [.. exchanges.Skip(1)],
        };
    }

    private static IVolumeCurve CurveOf(InstrumentOptions instrument)
    {
        if (instrument.VolumeProfile.Count == 0)
            return VolumeCurve.Even;

        try
        {
            return new VolumeCurve([.. instrument.VolumeProfile]);
        }
        catch (ArgumentException problem)
        {
            throw new ArgumentException(
                $"instrument '{instrument.Symbol}' ({instrument.Id}): volume_profile: {problem.Message}", problem);
        }
    }

    /// <summary>The chain, warmed up.</summary>
    /// <param name="outputs">Where its stages send orders and messages.</param>
    public StageChain CreateChain(ChainOutputs outputs)
    {
        var portfolio = new Portfolio(Instruments, _varModel, _options.Account.StartingCash, _options.TradingDay);
        var orders = new OrderStore(Instruments.Count, Room.Orders);
        var figures = new ViolationFigures(Instruments, _options.Limits);
        var venue = outputs.Venue;
        var topology = TopologyChoice.Resolve(_options.Ring.Topology, Environment.ProcessorCount);
        var actions = new ActionLog(isShared: topology == Topology.Pipelined, Room.Actions);
        var algorithms = new AlgorithmSet(_options.Execution, outputs.Volume ?? _volumes);
        var ways = new RoutingWays(actions, outputs.Refusals, outputs.Timers)
        {
            Options = _options.Routing,
            OtherVenues = venue.Others,
            Room = Room,
        };
        var chain = new StageChain(
            new ContextStage(Instruments, portfolio, _options.Limits, _options.Context, Room.OrderPlaces),
            new InferenceStage(outputs.Backend, _options.Inference, Instruments),
            new RiskStage(
                Instruments, _varModel, _options.Limits, _options.TradingDay, _scenarios, Room.OrderPlaces),
            new RoutingStage(
                Instruments, orders, _options.Limits, algorithms, _options.Bracket, venue.Gateway, ways),
            new OutboundPublisher(
                InstrumentIds, figures, actions, outputs.Outbound, _options.Limits.SignalIdsRemembered)
            {
                Measurement = outputs.Measurement,
                IsTimed = outputs.IsWatched,
            },
            new LatencyTelemetry(outputs.Measurement) { Execution = new ExecutionTally(actions) },
            new BackendPace(_options.Inference.SlowBackendUs, _options.Inference.RetryMs))
        {
            Market = venue.Market,
            KillSwitch = outputs.KillSwitch,
            Gate = outputs.Gate,
            Results = outputs.Results,
            Live = outputs.IsWatched ? new LiveFigures(Instruments.Count) : null,
        };
        chain.Inference.WarmUp(WarmUpRuns);
        return chain;
    }
}

/// <summary>What a chain of stages works with beside its configuration.</summary>
public sealed class ChainOutputs
{
    /// <summary>Evaluates the actors.</summary>
    public required IPolicyBackend Backend { get; init; }

    /// <summary>Where orders go.</summary>
    public required Venue Venue { get; init; }

    /// <summary>Takes routing's own reports; for the thread of routing alone.</summary>
    public required IReportSink Refusals { get; init; }

    /// <summary>Takes the timers that routing asks for.</summary>
    public required ITimerSink Timers { get; init; }

    /// <summary>Where messages go.</summary>
    public required IOutboundSink Outbound { get; init; }

    /// <summary>The volume's course over the day for each instrument; null: as configured.</summary>
    public IReadOnlyList<IVolumeCurve>? Volume { get; init; }

    /// <summary>Keeps the kill switch's state for the next start; null: nothing does.</summary>
    public KillSwitchFile? KillSwitch { get; init; }

    /// <summary>Waits for kill commands to be handled; null: nobody does.</summary>
    public KillGate? Gate { get; init; }

    /// <summary>Folds what events lead to; null: nothing does.</summary>
    public ResultHash? Results { get; init; }

    /// <summary>Whether live figures are kept. Default: false.</summary>
    public bool IsWatched { get; init; }

    /// <summary>Which signals' latencies are recorded. Default: none.</summary>
    public MeasurementPlan Measurement { get; init; } = MeasurementPlan.None;
}
