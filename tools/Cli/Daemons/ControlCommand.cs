using System.CommandLine;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Drivers;
using ExecutionPipeline.Cli.Models;
using ExecutionPipeline.Control;
using ExecutionPipeline.Control.Security;
using ExecutionPipeline.Daemon;
using ExecutionPipeline.Pipeline.Configuration;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Stages.Inference.Models;

namespace ExecutionPipeline.Cli.Daemons;

/// <summary>`xp control`: its options and how they become <see cref="ControlRun"/>.</summary>
public sealed class ControlCommand : Command, IServiceCommand
{
    private const int MostPort = 65_535;

    private readonly ValueOption<string?> _config = RunOptions.Config();
    private readonly ValuesOption<ConfigurationSetting> _set = ConfigurationInputs.Set();
    private readonly ValueOption<string?> _aeronDirectory = DriverDirectories.ToRunIn();
    private readonly ValueOption<string?> _keys = Keys();
    private readonly ValueOption<int> _port = Port();
    private readonly ValueOption<int> _metricsPort = MetricsPort();

    private readonly ValueOption<string?> _addKey = new(
        "--add-key", "NAME", "Makes a key for somebody, shows it once, and ends.",
        new ValueReader<string?>("a name", static text => string.IsNullOrWhiteSpace(text)
            ? ReadValue<string?>.Not("a name must not be empty")
            : ReadValue<string?>.Of(text)),
        null, "none");

    private readonly ValueOption<Role> _role = RunOptions.Choice(
        "--role", "ROLE", "What the holder of that key may do.", Role.Viewer);

    /// <summary>The command; <paramref name="run"/> does its work and returns the exit code.</summary>
    public ControlCommand(Func<ControlRun, CancellationToken, Task<int>> run)
        : base("control", "Runs the control plane: page, API, WebSockets and metrics of a running pipeline.")
    {
        Option[] options = [_config, _set, _aeronDirectory, _keys, _port, _metricsPort, _addKey, _role];
        foreach (var option in options)
            Add(option);

        SetAction((parsed, cancel) => run(OptionsOf(parsed), cancel));
    }

    /// <summary>The option that names the file of keys.</summary>
    public static ValueOption<string?> Keys() => new(
        "--keys", "FILE", "The file of the API keys' hashes; made, with an administrator, where it is missing.",
        Paths.OutputFile, null, "control-keys.json in the user's configuration folder");

    /// <summary>The option that names the port of page and API.</summary>
    public static ValueOption<int> Port() => new(
        "--port", "N", "The port of page and API; 0: any that is free.",
        Numbers.WholeInt("port", 0, MostPort), 8002, "8002");

    /// <summary>The option that names the port of the metrics.</summary>
    public static ValueOption<int> MetricsPort() => new(
        "--metrics-port", "N", "The port of the Prometheus text; 0: any that is free.",
        Numbers.WholeInt("port", 0, MostPort), 9092, "9092");

    /// <summary>What the options of a control plane set in the configuration.</summary>
    public static IEnumerable<ConfigurationSetting> Given(
        ParseResult parsed, Option<string?> keys, Option<int> port, Option<int> metricsPort) =>
    [
        .. ConfigurationInputs.Given(parsed, keys, "control.key_file"),
        .. ConfigurationInputs.Given(parsed, port, "control.port"),
        .. ConfigurationInputs.Given(parsed, metricsPort, "control.metrics_port"),
    ];

    private ControlRun OptionsOf(ParseResult parsed)
    {
        var sources = DemoConfiguration.SourcesOf(
            parsed.GetValue(_config),
            [
                .. parsed.GetValue(_set)!,
                .. ConfigurationInputs.Given(parsed, _aeronDirectory, "host.aeron_directory"),
                .. Given(parsed, _keys, _port, _metricsPort),
            ]);
        var configured = ConfigurationInputs.Load(sources).Options;
        var models = configured.Host.Resolve().Models;
        return new ControlRun(
            ControlOptions.Of(configured) with
            {
                Models = models is not null && ModelStore.IsStore(models) ? new ModelDesk(models) : null,
            },
            parsed.GetValue(_addKey),
            parsed.GetValue(_role));
    }
}

/// <summary>What `xp control` was asked for.</summary>
/// <param name="Options">Of the control plane.</param>
/// <param name="AddKey">Whose key is to be made; null: the control plane is to run.</param>
/// <param name="Role">That of the key.</param>
public sealed record ControlRun(ControlOptions Options, string? AddKey, Role Role);

/// <summary>Runs a control plane until a signal ends it.</summary>
public static class ControlRunner
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>Runs until it is asked to end. Returns the exit code.</summary>
    /// <exception cref="IOException">A port is taken, or the file of keys cannot be used.</exception>
    /// <exception cref="InvalidDataException">The file of keys is none.</exception>
    public static async Task<int> RunAsync(ControlRun run, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(output);
        if (run.AddKey is { } name)
        {
            var key = ApiKeys.Open(run.Options.KeyFile, out var created).Add(name, run.Role);
            if (created is not null)
                TellKey(output, "administrator", created);
            TellKey(output, name, key);
            return ExitCode.Done;
        }

        using var signals = new DaemonSignals();
        var server = await ControlServer.StartAsync(run.Options, CancellationToken.None).ConfigureAwait(false);
        await using (server.ConfigureAwait(false))
        {
            if (server.CreatedKey is { } created)
                TellKey(output, "administrator", created);
            output.WriteLine($"page {server.Address}, metrics {server.MetricsAddress}, keys {run.Options.KeyFile}");
            await output.FlushAsync().ConfigureAwait(false);
            using var service = new ServiceManager(Environment.GetEnvironmentVariable);
            service.TellReady();
            await Task.Run(() => AwaitEnd(signals)).ConfigureAwait(false);
            service.TellStopping();
        }

        return ExitCode.Done;
    }

    /// <summary>
    /// There is nothing to reload: a hang-up ends it as it ends every other command, and whoever is watched over leaves
    /// it to the parent.
    /// </summary>
    private static void AwaitEnd(DaemonSignals signals)
    {
        while (!signals.IsEndAsked && (Supervision.IsSupervised || !signals.TryTakeReload()))
            signals.Wait(LookInterval);
    }

    private static void TellKey(TextWriter output, string name, string key) =>
        output.WriteLine($"key of {name}, shown this once: {key}");
}
