using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Pipeline.Backtest;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Tests.Support;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;

namespace ExecutionPipeline.Pipeline.Tests.Snapshots;

/// <summary>The stages with a simulated exchange and timers, fed at random with all that there is.</summary>
internal sealed class MixedRun
{
    private readonly MemoryStream _outbound = new();

    public MixedRun()
    {
        Run = new VirtualRun(Options, TestPipelines.Rules(), new StreamSink(_outbound), Inputs.StartNs);
        Run.Chain.Inference.Models.Open = static version =>
            version == 0 ? LoadedPolicy.Rules() : MixedModels.Open(new ModelVersion(version));
    }

    public static PipelineOptions Options { get; } = WithLittleRoom(TestPipelines.Mixed(Topology.Inline));

    public VirtualRun Run { get; }

    /// <summary>What was sent since the last time.</summary>
    public byte[] TakeOutbound()
    {
        var bytes = _outbound.ToArray();
        _outbound.SetLength(0);
        return bytes;
    }

    public void Take(Inputs inputs, int first, int count)
    {
        for (var i = first; i < first + count; i++)
        {
            var (header, payload) = inputs[i];
            if (header.Kind == EventKind.Model)
                MixedModels.Prepare(Run.Chain, ref payload.Command);
            Run.Take(in header, in payload);
        }
    }

    public byte[] Save()
    {
        var state = StateStream.ForWriting();
        Run.Transfer(state);
        return state.Written.ToArray();
    }

    public ulong Hash()
    {
        var state = StateStream.ForHashing();
        Run.Transfer(state);
        return state.TakeHash();
    }

    public void Load(byte[] bytes)
    {
        var state = StateStream.ForReading(bytes);
        Run.Transfer(state);
        state.End();
    }

    /// <summary>Estimated volatilities, past days, and windows that are full before long.</summary>
    private static PipelineOptions WithLittleRoom(PipelineOptions options) => options with
    {
        Limits = options.Limits with
        {
            MaxDailyTrades = 100_000,
            SignalIdsRemembered = 64,
            KillSwitch = options.Limits.KillSwitch with { RefusalWindowMs = 10_000 },
        },
        ReturnHistory =
        [
            new InstrumentReturns { Instrument = 1, DailyReturns = [.. Days(1)] },
            new InstrumentReturns { Instrument = 7, DailyReturns = [.. Days(7)] },
        ],
    };

    private static IEnumerable<double> Days(int seed)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, 50).Select(_ => 0.02 * (random.NextDouble() - 0.5));
    }
}

/// <summary>Inputs that are drawn once and can be given to several runs.</summary>
internal sealed class Inputs
{
    /// <summary>Two hours: each second of a virtual run has a timer.</summary>
    private const long LongestJumpNs = 7_200_000_000_000;

    private readonly List<(EventHeader Header, EventPayload Payload)> _events = [];

    public Inputs(int seed, int count)
    {
        var options = MixedRun.Options;
        var ids = new InstrumentIds([.. options.Instruments.Select(static o => o.Id)]);
        var input = new MixedInput(seed, options.Instruments.Count, ids) { LongestJumpNs = LongestJumpNs };
        for (var i = 0; i < count; i++)
        {
            EventHeader header = default;
            EventPayload payload = default;
            input.Next(ref header, ref payload);
            _events.Add((header, payload));
        }
    }

    public static long StartNs { get; } = new SeededInput(1, 1).TimeNs;

    public int Count => _events.Count;

    public (EventHeader Header, EventPayload Payload) this[int place] => _events[place];
}
