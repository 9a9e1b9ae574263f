using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Positions;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Recording;
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

    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    public StageAssembly(PipelineOptions options)
    {
        options.Ring.Validate();
        options.Streams.Validate();
        options.Limits.Validate();
        options.Exchange.Validate();
        _options = options;
        var rates = new CurrencyRates(options.Account.Currency, options.Account.Rates);
        Instruments = new InstrumentTable(options.Instruments, options.Calendars, rates);
        if (options.Ring.Size <= Instruments.Count)
        {
            throw new ArgumentException(
                $"ring size is {options.Ring.Size}: a command for all {Instruments.Count} instruments needs more");
        }

        InstrumentIds = new InstrumentIds([.. options.Instruments.Select(static o => o.Id)]);
        _varModel = new VarModel(Instruments, options.Limits.VarConfidence, options.Correlations);
        _scenarios = new ScenarioModel(Instruments, options.Limits.ShortfallConfidence, options.ReturnHistory);
    }

    public InstrumentTable Instruments { get; }

    public InstrumentIds InstrumentIds { get; }

    /// <summary>The simulated exchange, reporting to <paramref name="reports"/>.</summary>
    public Venue CreateExchange(IReportSink reports)
    {
        var exchange = new SimulatedExchange(Instruments, reports, _options.Exchange);
        return new Venue(exchange, exchange);
    }

    /// <summary>The chain, warmed up.</summary>
    /// <param name="backend">Evaluates the actors.</param>
    /// <param name="venue">Where orders go.</param>
    /// <param name="reports">Told of orders that could not be sent.</param>
    /// <param name="outbound">Where messages go.</param>
    /// <param name="killSwitch">Keeps the kill switch's state for the next start; null: nothing does.</param>
    /// <param name="measurement">Which signals' latencies are recorded; null: none.</param>
    public StageChain CreateChain(
        IPolicyBackend backend,
        Venue venue,
        IReportSink reports,
        IOutboundSink outbound,
        KillSwitchFile? killSwitch = null,
        MeasurementPlan? measurement = null)
    {
        var portfolio = new Portfolio(Instruments, _varModel, _options.Account.StartingCash, _options.TradingDay);
        var orders = new OrderStore(Instruments.Count);
        var chain = new StageChain(
            new ContextStage(Instruments, portfolio, _options.Limits, _options.Context),
            new InferenceStage(backend, _options.Inference, Instruments),
            new RiskStage(Instruments, _varModel, _options.Limits, _options.TradingDay, _scenarios),
            new RoutingStage(Instruments, orders, venue.Gateway, reports, _options.Routing),
            new OutboundPublisher(InstrumentIds, new ViolationFigures(Instruments, _options.Limits), outbound),
            new LatencyTelemetry(measurement ?? MeasurementPlan.None),
            new BackendPace(_options.Inference.SlowBackendUs, _options.Inference.RetryMs),
            venue.Market,
            killSwitch);
        chain.Inference.WarmUp(WarmUpRuns);
        return chain;
    }
}
