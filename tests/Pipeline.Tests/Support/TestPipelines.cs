using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Execution.Brackets;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Sampling;
using ExecutionPipeline.Stages.Inference.Sizing;
using ExecutionPipeline.Stages.Inference.Swap;

namespace ExecutionPipeline.Pipeline.Tests.Support;

/// <summary>Configurations that the tests share.</summary>
internal static class TestPipelines
{
    /// <summary>
    /// Two instruments, limits that some orders break, blocking waits. Each decision is one order at the market, and
    /// trades have no exits.
    /// </summary>
    public static PipelineOptions Options(Topology topology) => new()
    {
        Bracket = new BracketOptions { Activation = BracketActivation.None },
        Execution = new ExecutionOptions
        {
            Immediate = new ImmediateOptions { MaxSlippageBps = 0 },
            Replace = new Dictionary<string, string>
            {
                ["TWAP_5MIN"] = "IMMEDIATE",
                ["VWAP_AGGRESSIVE"] = "IMMEDIATE",
                ["ICEBERG"] = "IMMEDIATE",
            },
        },
        Ring = new RingOptions { Topology = topology, Size = 256, Wait = WaitMode.Block },
        Journal = new JournalOptions { SegmentMb = 4 },
        Account = new AccountOptions { StartingCash = 50_000_000m },
        Inference = new InferenceOptions
        {
            DeadlineUs = 2_500,
            SizingGuard = new SizingGuardOptions { MaxContracts = 3 },
        },
        Limits = new RiskLimits
        {
            MaxPosition = 40,
            MaxNotional = 15_000_000m,
            MaxDailyVar = 500_000,
            MaxWeeklyVar = 1_000_000,
            MaxDailyTrades = 1_000_000,
            MaxOrderValue = 2_000_000m,
            MaxOrdersPerSecond = 65_536,
            MaxSignalAgeMs = 0,
            MaxMarketAgeMs = 0,
            Breakers = new BreakerOptions { ThrottledOrdersPerSecond = 65_536 },
            MaxPositionShare = 0.25,
            MaxSectorShare = 0.3,
            MaxCorrelation = 1,
        },
        Instruments =
        [
            new InstrumentOptions { Id = 1, Symbol = "ES" },
            new InstrumentOptions { Id = 7, Symbol = "MES", Multiplier = 5, MarginPerContract = 2_000m },
        ],
        Correlations = [new InstrumentCorrelation { First = 1, Second = 7, Correlation = 0.95 }],
    };

    /// <summary>The same with algorithms that take their time, and with exits.</summary>
    public static PipelineOptions Managed(Topology topology) => Options(topology) with
    {
        Bracket = new BracketOptions(),
        Execution = new ExecutionOptions(),
    };

    /// <summary>The same with drawn actions, canaries, and limits and breakers that trip now and then.</summary>
    public static PipelineOptions Mixed(Topology topology)
    {
        var options = Managed(topology);
        return options with
        {
            Inference = new InferenceOptions
            {
                DeadlineUs = 2_500,
                Actions = ActionChoice.Sample,
                Brackets = BracketChoice.Gaussian,
                SizingGuard = new SizingGuardOptions { MaxContracts = 4 },
                Canary = new CanaryOptions { MinDecisions = 20, MaxInvalid = 2 },
            },
            Limits = options.Limits with
            {
                CutToAdmissibleSize = true,
                MaxMarketAgeMs = 5_000,
                KillSwitch = new KillSwitchOptions { MaxRefusals = 50 },
                Breakers = new BreakerOptions
                {
                    WindowLength = 20,
                    MinimumSamples = 5,
                    SystemLoad = new BreakerLimit { Threshold = 0.4, RecoveryS = 5 },
                    ThrottledOrdersPerSecond = 3,
                },
            },
        };
    }

    public static RuleBasedPolicy Rules() => new(new RuleBasedPolicyOptions());
}
