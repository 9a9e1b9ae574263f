using System.Collections.Concurrent;
using System.Globalization;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Daemons;
using ExecutionPipeline.Pipeline.Hosting;

namespace ExecutionPipeline.Cli.Demo;

/// <summary>
/// The dashboard of a demo: a control plane as a process of its own, with a key that is made for the run and goes with
/// it. It ends with the demo, and is started again where it dies.
/// </summary>
internal sealed class DemoDashboard : IDisposable
{
    private const string KeyMark = "shown this once: ";
    private const string PageMark = "page ";

    private readonly string _folder = Directory.CreateTempSubdirectory("xp-demo-").FullName;
    private readonly WatchedChild _control;
    private readonly ConcurrentQueue<string> _lines = new();
    private string _key = "";

    private DemoDashboard(DemoOptions options)
    {
        List<string> arguments =
        [
            "control", "--aeron-dir", options.AeronDirectory, "--keys", Path.Combine(_folder, "keys.json"),
            "--port", options.DashboardPort!.Value.ToString(CultureInfo.InvariantCulture), "--metrics-port", "0",
        ];
        if (options.ConfigFile is not null)
            arguments.AddRange(["--config", options.ConfigFile]);
        ConfigurationInputs.AddTo(arguments, options.Settings);
        if (options.ModelsDirectory is not null)
            arguments.AddRange(["--set", $"host.models={options.ModelsDirectory}"]);
        if (options.Channel is not null)
            arguments.AddRange(["--set", $"streams.outbound_channel={options.Channel}"]);
        _control = new WatchedChild("control", arguments, TellLine) { IsNice = true };
    }

    /// <summary>Starts it; null: none is asked for.</summary>
    /// <param name="options">Of the demo.</param>
    /// <param name="session">Publishes figures once, so that there is something to see at once.</param>
    public static DemoDashboard? Start(DemoOptions options, PipelineSession session)
    {
        if (options.DashboardPort is null)
            return null;

        session.Counters?.Publish();
        var dashboard = new DemoDashboard(options);
        dashboard._control.Start();
        return dashboard;
    }

    /// <summary>Starts it again where it has died. Returns what there is to be told; null: nothing.</summary>
    public string? Watch()
    {
        _control.Watch();
        return _lines.TryDequeue(out var line) ? line : null;
    }

    public void Dispose()
    {
        _control.TryEnd();
        _control.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void TellLine(string name, string line)
    {
        if (line.IndexOf(KeyMark, StringComparison.Ordinal) is var at and >= 0)
        {
            _key = line[(at + KeyMark.Length)..];
        }
        else if (line.StartsWith(PageMark, StringComparison.Ordinal))
        {
            var parts = line.Split(", ");
            _lines.Enqueue($"dashboard: {parts[0][PageMark.Length..]} with the key {_key}");
            _lines.Enqueue(parts[1]);
        }
        else if (name == "up" || line.StartsWith("xp control", StringComparison.Ordinal))
        {
            _lines.Enqueue(line);
        }
    }
}
