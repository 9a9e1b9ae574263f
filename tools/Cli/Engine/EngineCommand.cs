using System.CommandLine;
using ExecutionPipeline.Cli.CommandLine;

namespace ExecutionPipeline.Cli.Engine;

/// <summary>`xp engine`: its options and how they become <see cref="EngineOptions"/>.</summary>
public sealed class EngineCommand : Command
{
    private const double MaxConnectSeconds = 3600;

    private readonly ValueOption<string?> _aeronDirectory = new(
        "--aeron-dir", "DIR", "The folder of the running media driver.",
        Paths.ExistingDirectory, null, "none, it must be given");

    private readonly ValueOption<string?> _config = RunOptions.StreamsConfig();
    private readonly ValueOption<string?> _channel = RunOptions.Channel();
    private readonly ValueOption<long?> _events = RunOptions.Events();
    private readonly ValueOption<double?> _seconds = RunOptions.Seconds();
    private readonly ValueOption<double> _rate = RunOptions.Rate();
    private readonly ValueOption<long> _warmup = RunOptions.Warmup();
    private readonly ValueOption<string?> _data = RunOptions.Data();
    private readonly ValueOption<IReadOnlyList<uint>> _dataInstruments = RunOptions.DataInstruments();
    private readonly ValueOption<double> _speed = RunOptions.Speed();
    private readonly ValueOption<long> _seed = RunOptions.Seed();
    private readonly ValueOption<int> _malformed = RunOptions.Malformed();

    private readonly ValueOption<long> _instrument = new(
        "--instrument", "ID", "The instrument that the messages name.",
        Numbers.Whole("instrument id", 0, uint.MaxValue - 1), 1, "1");

    private readonly ValueOption<IReadOnlyList<int>> _cpu = new(
        "--cpu", "N", "The processor to pin the sender to.", CpuLists.One, [], "none");

    private readonly ValueOption<double> _connectTimeout = new(
        "--connect-timeout", "S", "How long to wait for the pipeline's subscriptions.",
        Numbers.Positive("s", MaxConnectSeconds), 30, "30");

    private readonly FlagOption _closeAll = new("--close-all", "Sends the command CLOSE_ALL after the last signal.");

    private readonly FlagOption _watchInput = new("--watch-stdin", "Ends when standard input does.");

    /// <summary>The command; <paramref name="run"/> does its work and returns the exit code.</summary>
    public EngineCommand(Func<EngineOptions, CancellationToken, Task<int>> run)
        : base("engine", "Is the tactical engine: sends market data and TRADE_QUALIFIED signals over Aeron.")
    {
        Option[] options =
        [
            _aeronDirectory, _config, _channel, _events, _seconds, _rate, _warmup, _data, _dataInstruments, _speed,
            _seed, _malformed, _instrument, _cpu, _connectTimeout, _closeAll, _watchInput,
        ];
        foreach (var option in options)
            Add(option);

        SetAction((parsed, cancel) => run(OptionsOf(parsed), cancel));
    }

    private EngineOptions OptionsOf(ParseResult parsed) => new()
    {
        AeronDirectory = parsed.GetValue(_aeronDirectory) ?? throw new UsageException("--aeron-dir must be given"),
        ConfigFile = parsed.GetValue(_config),
        Channel = parsed.GetValue(_channel),
        Events = RunOptions.EventCount(
            parsed.GetValue(_events), parsed.GetValue(_seconds), parsed.GetValue(_rate)),
        RatePerSecond = parsed.GetValue(_rate),
        WarmupEvents = parsed.GetValue(_warmup),
        DataFile = parsed.GetValue(_data),
        DataInstruments = parsed.GetValue(_dataInstruments)!,
        Speed = parsed.GetValue(_speed),
        Seed = parsed.GetValue(_seed),
        MalformedPerKind = parsed.GetValue(_malformed),
        InstrumentId = (uint)parsed.GetValue(_instrument),
        Cpu = parsed.GetValue(_cpu) is [var cpu] ? cpu : null,
        ConnectTimeoutSeconds = parsed.GetValue(_connectTimeout),
        IsClosingAll = parsed.GetValue(_closeAll),
        IsWatchingInput = parsed.GetValue(_watchInput),
    };
}
