using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Execution.Brackets;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Execution.Venues.Faults;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Stages.Context;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Sizing;
using ExecutionPipeline.Stages.Routing;

namespace ExecutionPipeline.Simulation.World;

/// <summary>Draws the configuration of a run: limits that bite, schedules that end soon.</summary>
internal static class SimulatedConfiguration
{
    private const int RingSize = 128;
    private const int SegmentBytes = 64 << 10;

    /// <summary>Enough for what is drawn: each start takes all of it.</summary>
    public static StageRoom Room { get; } = new()
    {
        Orders = 1_024,
        OrderPlaces = 4_096,
        Parents = 1_024,
        Trades = 512,
        Actions = 8_192,
    };

    public static PipelineOptions Draw(SeededDice dice, SimulationOptions options) => new()
    {
        Ring = new RingOptions { Topology = Topology.Inline, Size = RingSize, Wait = WaitMode.Block },
        Journal = DrawJournal(dice, options.Faults),
        Exchange = new SimulatedExchangeOptions { ProtectionTicks = 4 },
        Account = new AccountOptions { StartingCash = 1_000_000_000m },
        Inference = new InferenceOptions
        {
            Seed = (long)(options.Seed & long.MaxValue),
            SizingGuard = new SizingGuardOptions { Enabled = false },
        },
        Limits = DrawLimits(dice, options.Mutant),
        Context = new ContextOptions { ExecutionIdsRemembered = 4_096 },
        Instruments =
        [
            .. Enumerable.Range(1, dice.Between(1, 4)).Select(static i => new InstrumentOptions
            {
                Id = (uint)i,
                Symbol = $"I{i}",
                Multiplier = 25 * (i + 1),
            }),
        ],
        Bracket = new BracketOptions { TimeOutHours = dice.Between(1, 20) * 0.01 },
        Execution = new ExecutionOptions
        {
            Immediate = new ImmediateOptions { MaxSlippageBps = 50 },
            Twap = new TwapOptions { DurationSeconds = 20, SliceCount = 5, TargetParticipationRate = 1 },
            Vwap = new VwapOptions { DurationSeconds = 20, SliceCount = 5, MaxParticipationRate = 1 },
            Iceberg = new IcebergOptions { DurationSeconds = 20, DisplaySizePct = 0.2 },
            ImplementationShortfall = new ShortfallOptions { DurationSeconds = 20, SliceCount = 5 },
        },
        Routing = new RoutingOptions { AnswerTimeoutMs = dice.Between(200, 2_000), AuditSeconds = 5 },
    };

    public static FaultOptions VenueFaults(SeededDice dice, SimulationOptions options)
    {
        var seed = dice.Next();
        var most = (options.Faults & FaultClasses.Venue) != 0 ? 500 : 0;
        return new FaultOptions
        {
            Seed = seed,
            TellsConnection = true,
            RejectBps = dice.Below(most + 1),
            DropRequestBps = dice.Below(most + 1),
            DelayRequestBps = dice.Below(most + 1),
            DropReportBps = dice.Below(most + 1),
            DelayReportBps = dice.Below(most + 1),
            DuplicateReportBps = dice.Below(most + 1),
            ReorderReportBps = dice.Below(most + 1),
            DelayMaxNs = dice.Between(1, 2_000) * 1_000_000L,
            ConnectedNs = most == 0 ? 0 : dice.Between(5, 120) * 1_000_000_000L,
            ReconnectMaxNs = 4_000_000_000,
        };
    }

    /// <summary>What may be lost with the power has to be on the disk before it is routed.</summary>
    private static JournalOptions DrawJournal(SeededDice dice, FaultClasses faults)
    {
        var isFirst = dice.Below(2) == 0 || (faults & FaultClasses.Power) != 0;
        return new JournalOptions
        {
            Mode = isFirst ? JournalMode.BeforeRouting : JournalMode.Async,
            Sync = isFirst ? JournalSync.Batch : (JournalSync)dice.Below(3),
            SmallSegmentBytes = SegmentBytes,
            RetainMb = 1,
        };
    }

    private static RiskLimits DrawLimits(SeededDice dice, Mutant mutant)
    {
        var soon = new BreakerLimit { Threshold = 1_000, RecoveryS = 1 };
        return new RiskLimits
        {
            MaxPosition = dice.Between(3, 20),
            MaxNotional = 1e9m,
            MaxDailyVar = 1e9,
            MaxWeeklyVar = 1e10,
            MaxShortfall = 1e9,
            MaxDailyDrawdown = 1,
            MaxWeeklyDrawdown = 1,
            MaxPositionShare = 1e9,
            MaxSectorShare = 1e9,
            MaxMarginShare = 1e9,
            MaxCorrelation = 1,
            MaxOrderSize = dice.Between(2, 6),
            MaxOrderValue = 1e9m,
            MaxDailyTrades = 1_000_000,
            MaxOrdersPerSecond = dice.Between(5, 60),
            SignalIdsRemembered = mutant == Mutant.ForgetsSignals ? 1 : 4_096,
            KillSwitch = new KillSwitchOptions { DailyLossCap = 1 },
            Breakers = new BreakerOptions
            {
                ThrottledOrdersPerSecond = 2,
                ExecutionFailure = soon,
                VenueUnavailability = soon,
                UnansweredOrder = new BreakerLimit { Threshold = 604_800, RecoveryS = 1 },
            },
        };
    }
}
