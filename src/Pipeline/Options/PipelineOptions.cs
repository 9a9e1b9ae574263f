using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Execution.Brackets;
using ExecutionPipeline.Execution.Calendars;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Stages.Context;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Routing;

namespace ExecutionPipeline.Pipeline.Options;

/// <summary>
/// Everything that is configured: one schema for pipeline, daemon and control plane. A pipeline's outputs follow from
/// its inputs, its models, and what <see cref="PipelineConfiguration"/> counts as decisive of this.
/// </summary>
public sealed record PipelineOptions
{
    /// <summary>
    /// Files that this one lies over, by paths relative to its folder: their keys hold where it has none. Default none.
    /// </summary>
    public IReadOnlyList<string> Extends { get; init; } = [];

    /// <summary>What the processes find where on this machine.</summary>
    public HostOptions Host { get; init; } = new();

    /// <summary>The ring and its threads.</summary>
    public RingOptions Ring { get; init; } = new();

    /// <summary>The Aeron streams.</summary>
    public StreamOptions Streams { get; init; } = new();

    /// <summary>What outlives the process.</summary>
    public StateOptions State { get; init; } = new();

    /// <summary>How the journal of inputs is written, where there is one.</summary>
    public JournalOptions Journal { get; init; } = new();

    /// <summary>What a daemon tells of itself.</summary>
    public LogOptions Log { get; init; } = new();

    /// <summary>The account.</summary>
    public AccountOptions Account { get; init; } = new();

    /// <summary>When a trading day ends.</summary>
    public TradingDayOptions TradingDay { get; init; } = new();

    /// <summary>What orders are held against.</summary>
    public RiskLimits Limits { get; init; } = new();

    /// <summary>1 to 64 instruments. No default.</summary>
    public IReadOnlyList<InstrumentOptions> Instruments { get; init; } = [];

    /// <summary>Trading sessions and holidays, beside the built-in us_equity and cme_equity.</summary>
    public IReadOnlyList<CalendarOptions> Calendars { get; init; } = [];

    /// <summary>Known correlations of their returns; a pair not named counts as moving together.</summary>
    public IReadOnlyList<InstrumentCorrelation> Correlations { get; init; } = [];

    /// <summary>
    /// Past daily returns of every instrument, for the historical expected shortfall; none: that is not checked.
    /// </summary>
    public IReadOnlyList<InstrumentReturns> ReturnHistory { get; init; } = [];

    /// <summary>How the features are built.</summary>
    public ContextOptions Context { get; init; } = new();

    /// <summary>How decisions are taken from what the policies say.</summary>
    public InferenceOptions Inference { get; init; } = new();

    /// <summary>How trades are ended by orders of their own.</summary>
    public BracketOptions Bracket { get; init; } = new();

    /// <summary>How decisions are executed.</summary>
    public ExecutionOptions Execution { get; init; } = new();

    /// <summary>Where orders go, and the link to a venue in another process.</summary>
    public VenueOptions Venue { get; init; } = new();

    /// <summary>How routing deals with its venues.</summary>
    public RoutingOptions Routing { get; init; } = new();

    /// <summary>The simulated exchange.</summary>
    public SimulatedExchangeOptions Exchange { get; init; } = new();

    /// <summary>The control plane.</summary>
    public ControlPlaneOptions Control { get; init; } = new();

    /// <summary>The store of audit records.</summary>
    public AuditStoreOptions Audit { get; init; } = new();

    /// <summary>
    /// Why limits cannot come into force in a pipeline that was laid out for these instruments; null: they can.
    /// </summary>
    public string? FindMisfit(RiskLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        var small = Instruments.FirstOrDefault(one => limits.MaxPosition > one.MaxPosition);
        return small is null
            ? null
            : $"limits.max_position is {limits.MaxPosition}: instrument {small.Symbol} is laid out for max_position "
                + $"{small.MaxPosition}";
    }
}
