using System.CommandLine;
using System.Globalization;
using ExecutionPipeline.Aeron.Monitoring;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Drivers;
using ExecutionPipeline.Daemon;
using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Configuration;
using ExecutionPipeline.Pipeline.Hosting;

namespace ExecutionPipeline.Cli.Daemons;

/// <summary>`xp up`: its options and how they become <see cref="UpOptions"/>.</summary>
public sealed class UpCommand : Command, IServiceCommand
{
    private readonly ValueOption<string?> _config = RunOptions.Config();
    private readonly ValuesOption<ConfigurationSetting> _set = ConfigurationInputs.Set();
    private readonly ValueOption<string?> _aeronDirectory = DriverDirectories.ToRunIn();
    private readonly ValueOption<string?> _models = RunOptions.Models();

    private readonly ValueOption<InferenceChoice> _inference = RunOptions.Choice(
        "--inference", "NAME", "Who decides: the ONNX models, compiled or by ONNX Runtime, or the rule-based policy.",
        InferenceChoice.Auto);

    private readonly ValueOption<string?> _journal = RunOptions.Journal();
    private readonly FlagOption _engine = new("--engine", "Starts the demo's tactical engine, too.");

    private readonly ValueOption<double> _rate = new(
        "--rate", "R", "Signals a second of that engine.",
        Numbers.Positive("events/s", RunOptions.MaxRatePerSecond), 1_000, "1000");

    private readonly FlagOption _noControl = new("--no-control", "Leaves the control plane out.");
    private readonly ValueOption<string?> _keys = ControlCommand.Keys();
    private readonly ValueOption<int> _port = ControlCommand.Port();
    private readonly ValueOption<int> _metricsPort = ControlCommand.MetricsPort();

    /// <summary>The command; <paramref name="run"/> does its work and returns the exit code.</summary>
    public UpCommand(Func<UpOptions, CancellationToken, Task<int>> run)
        : base("up", "Starts media driver, pipeline and control plane; restarts what dies; Ctrl-C ends all.")
    {
        Option[] options =
        [
            _config, _set, _aeronDirectory, _models, _inference, _journal, _engine, _rate, _noControl, _keys, _port,
            _metricsPort,
        ];
        foreach (var option in options)
            Add(option);

        SetAction((parsed, cancel) => run(OptionsOf(parsed), cancel));
    }

    private UpOptions OptionsOf(ParseResult parsed)
    {
        ConfigurationSetting[] settings =
        [
            .. parsed.GetValue(_set)!,
            .. ConfigurationInputs.Given(parsed, _aeronDirectory, "host.aeron_directory"),
            .. ConfigurationInputs.Given(parsed, _models, "host.models"),
            .. ConfigurationInputs.Given(parsed, _inference, "host.inference"),
            .. ConfigurationInputs.Given(parsed, _journal, "host.journal"),
            .. ControlCommand.Given(parsed, _keys, _port, _metricsPort),
        ];
        var file = parsed.GetValue(_config);
        var loaded = ConfigurationInputs.Load(DemoConfiguration.SourcesOf(file, settings));
        return new UpOptions
        {
            ConfigFile = file,
            Settings = settings,
            AeronDirectory = loaded.Options.Host.Resolve().AeronDirectory,
            InstrumentId = loaded.Options.Instruments.Count > 0 ? loaded.Options.Instruments[0].Id : 1,
            HasEngine = parsed.GetValue(_engine),
            RatePerSecond = parsed.GetValue(_rate),
            HasControl = !parsed.GetValue(_noControl),
        };
    }
}

/// <summary>Everything that `xp up` was asked for, validated; paths are absolute.</summary>
public sealed record UpOptions
{
    /// <summary>The configuration of all; null: the demo's own.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>Keys of it that are set over the file.</summary>
    public IReadOnlyList<ConfigurationSetting> Settings { get; init; } = [];

    /// <summary>The media driver's folder.</summary>
    public required string AeronDirectory { get; init; }

    /// <summary>The instrument that the demo's tactical engine trades: the first that is configured.</summary>
    public uint InstrumentId { get; init; } = 1;

    /// <summary>Whether the demo's tactical engine runs, too.</summary>
    public bool HasEngine { get; init; }

    /// <summary>Signals a second of that engine.</summary>
    public double RatePerSecond { get; init; } = 1_000;

    /// <summary>Whether the control plane runs, too.</summary>
    public bool HasControl { get; init; } = true;

    /// <summary>The control plane's command.</summary>
    public IReadOnlyList<string> ControlArguments => Configured("control");

    /// <summary>The media driver's command.</summary>
    public IReadOnlyList<string> DriverArguments =>
        ["driver", "--aeron-dir", AeronDirectory, "--term-length", $"{PipelineSession.TermBytes}"];

    /// <summary>The pipeline's command.</summary>
    public IReadOnlyList<string> PipelineArguments => Configured("run", "--driver", "external");

    /// <summary>The engine's command: a day of signals, after which it is started again.</summary>
    public IReadOnlyList<string> EngineArguments
    {
        get
        {
            var seconds = Math.Min(RunOptions.MaxSeconds, Math.Floor(RunOptions.MaxEvents / RatePerSecond));
            return Configured(
                "engine", "--watch-stdin", "--warmup", "0", "--speed", "1",
                "--instrument", InstrumentId.ToString(CultureInfo.InvariantCulture),
                "--rate", RatePerSecond.ToString(CultureInfo.InvariantCulture),
                "--seconds", seconds.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>A command on the driver's folder and the configuration of all.</summary>
    private List<string> Configured(params IReadOnlyList<string> command)
    {
        List<string> arguments = [.. command, "--aeron-dir", AeronDirectory];
        if (ConfigFile is not null)
            arguments.AddRange(["--config", ConfigFile]);
        ConfigurationInputs.AddTo(arguments, Settings);
        return arguments;
    }
}

/// <summary>`xp up`: keeps its own children running, and ends no other process.</summary>
public static class UpRunner
{
    // What clients and drivers of all languages count as dead.
    private const long DriverTimeoutMs = 10_000;
    private const long PauseNs = 20_000_000;
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// So long after a child has ended as when it is told to, the signal is awaited that told it: SIGTERM to the whole
    /// group reaches all at once, and this process may be the last to see it.
    /// </summary>
    private static readonly TimeSpan SameSignal = TimeSpan.FromSeconds(1);

    /// <summary>Runs until it is asked to end. Returns the exit code.</summary>
    public static int Run(UpOptions options, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var signals = new DaemonSignals();
        var gate = new Lock();
        using var driver = new WatchedChild("driver", options.DriverArguments, Tell);
        using var pipeline = new WatchedChild("pipeline", options.PipelineArguments, Tell);
        using var engine = new WatchedChild("engine", options.EngineArguments, Tell);
        using var control = new WatchedChild("control", options.ControlArguments, Tell) { IsNice = true };
        List<WatchedChild> running = [driver];
        driver.Start();
        Tell("up", $"driver in {options.AeronDirectory}, process {driver.ProcessId}");
        var code = AwaitDriver(options, signals, driver);
        if (code == ExitCode.Done && !signals.IsEndAsked)
        {
            pipeline.Start();
            running.Add(pipeline);
            var configuration = options.ConfigFile ?? "the demo's configuration";
            Tell("up", $"pipeline with {configuration}, process {pipeline.ProcessId}");
            if (options.HasEngine)
            {
                engine.Start();
                running.Add(engine);
                Tell("up", $"engine at {options.RatePerSecond:0.##} signals a second, process {engine.ProcessId}");
            }

            if (options.HasControl)
            {
                control.Start();
                running.Add(control);
            }

            Tell("up", $"look: xp top --aeron-dir {options.AeronDirectory}; Ctrl-C ends all");
            code = Watch(signals, running, pipeline);
        }

        var isWhole = true;
        for (var i = running.Count - 1; i >= 0; i--)
            isWhole &= running[i].TryEnd();
        return isWhole || code != ExitCode.Done ? code : ExitCode.Failed;

        void Tell(string name, string line)
        {
            lock (gate)
            {
                try
                {
                    output.WriteLine($"{name,-8} {line}");
                    output.Flush();
                }
                catch (IOException)
                {
                    // Where there is no room for what they say, they go on all the same.
                }
            }
        }
    }

    /// <summary>Waits for the driver, which the others need. Returns its exit code where it has ended.</summary>
    private static int AwaitDriver(UpOptions options, DaemonSignals signals, WatchedChild driver)
    {
        while (!signals.IsEndAsked && !IsAlive(options.AeronDirectory, driver.ProcessId))
        {
            if (LookAt(driver, signals) is { } code)
                return code == ExitCode.Done ? ExitCode.Failed : code;

            ThreadPark.SleepNs(PauseNs);
        }

        return ExitCode.Done;
    }

    private static bool IsAlive(string directory, int process)
    {
        try
        {
            using var monitor = DriverMonitor.Open(directory);
            return monitor.Pid == process && monitor.DescribeDeath(DriverTimeoutMs) is null;
        }
        catch (Exception problem) when (problem is IOException or InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>Restarts what dies. A configuration that cannot be used would not become better by that.</summary>
    private static int Watch(DaemonSignals signals, IReadOnlyList<WatchedChild> running, WatchedChild pipeline)
    {
        while (!signals.IsEndAsked)
        {
            signals.Wait(LookInterval);
            if (signals.IsEndAsked)
                break;
            if (signals.TryTakeReload())
                pipeline.Reload();
            foreach (var child in running)
            {
                if (LookAt(child, signals) == ExitCode.Unusable && child == pipeline && child.Restarts == 0)
                    return ExitCode.Unusable;
            }
        }

        return ExitCode.Done;
    }

    /// <summary>The same as <see cref="WatchedChild.Watch"/>, but for a child that all are ended with.</summary>
    private static int? LookAt(WatchedChild child, DaemonSignals signals)
    {
        if (child.EndedWith is ExitCode.Done or ExitCode.Interrupted)
            signals.End.WaitHandle.WaitOne(SameSignal);
        return signals.IsEndAsked ? null : child.Watch();
    }
}
