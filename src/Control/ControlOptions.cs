using System.Net;
using ExecutionPipeline.Control.Alerts;
using ExecutionPipeline.Control.Api;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Control;

/// <summary>Everything that a control plane is started with; paths are absolute.</summary>
public sealed record ControlOptions
{
    private const long BytesPerMb = 1 << 20;

    /// <summary>The folder of the pipeline's media driver.</summary>
    public required string AeronDirectory { get; init; }

    /// <summary>The pipeline's streams. Default: its defaults.</summary>
    public StreamOptions Streams { get; init; } = new();

    /// <summary>The file of the API keys' hashes; it is made, with an administrator, where it is missing.</summary>
    public required string KeyFile { get; init; }

    /// <summary>Where it listens. Default: loopback, which only this machine reaches.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port of API and page; 0: any that is free. Default: 8002.</summary>
    public int Port { get; init; } = 8002;

    /// <summary>The port of the Prometheus text; 0: any that is free. Default: 9092.</summary>
    public int MetricsPort { get; init; } = 9092;

    /// <summary>
    /// How long a request waits for the ring's answer before it is told where to look. Default: 2 seconds.
    /// </summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Outbound messages that are kept for whoever resumes, at least 16. Default: 131,072, 32 MB.</summary>
    public int KeptEvents { get; init; } = 131_072;

    /// <summary>Ended orders, executions and decisions each that are kept. Default: 20,000.</summary>
    public int KeptRecords { get; init; } = 20_000;

    /// <summary>Closed trades that are kept. Default: 1,000,000, some 250 MB once there are so many.</summary>
    public int KeptTrades { get; init; } = 1_000_000;

    /// <summary>
    /// Requests a second of one name, or of one address without; 0: any number. Default: 1,000, and 2,000 at once.
    /// </summary>
    public int RequestsPerSecond { get; init; } = 1_000;

    /// <summary>Requests that may come at once.</summary>
    public int RequestBurst { get; init; } = 2_000;

    /// <summary>Connections at a time, and as many WebSockets. Default: 1,000.</summary>
    public int MaxConnections { get; init; } = 1_000;

    /// <summary>Whether two persons must ask for the release of the kill switch. Default: one does.</summary>
    public bool ResumeByTwo { get; init; }

    /// <summary>How long the first of two requests counts. Default: 5 minutes.</summary>
    public TimeSpan ResumeWithin { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The file of calls and refusals. Default: control-audit.jsonl beside the file of keys.</summary>
    public string AuditFile
    {
        get => field.Length > 0 ? field : Path.Combine(Path.GetDirectoryName(KeyFile) ?? "", "control-audit.jsonl");
        init;
    } = "";

    /// <summary>Its size at which another is begun. Default: 64 MB.</summary>
    public long AuditBytes { get; init; } = 64 * BytesPerMb;

    /// <summary>How many of them are kept. Default: 16.</summary>
    public int AuditFiles { get; init; } = 16;

    /// <summary>How long a client of a WebSocket may not read at all. Default: 10 seconds.</summary>
    public TimeSpan SlowClientTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>TLS of both ports. Default: none.</summary>
    public ControlTlsOptions Tls { get; init; } = new();

    /// <summary>Tokens that are taken. Default: none.</summary>
    public ControlTokenOptions Tokens { get; init; } = new();

    /// <summary>How it tells what is wrong. Default: the file alone, and nobody is told.</summary>
    public AlertSettings Alerts { get; init; } = new();

    /// <summary>The store of models; null: there is none. Default: null.</summary>
    public IModelDesk? Models { get; init; }

    /// <summary>Where keys are where no file is named.</summary>
    public static string DefaultKeyFile => Path.Combine(
        Environment.GetFolderPath(
            Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "execution-pipeline", "control-keys.json");

    /// <summary>What a configuration says of the control plane.</summary>
    /// <exception cref="InvalidDataException">A receiver's address is not where it should be, or is none.</exception>
    public static ControlOptions Of(PipelineOptions configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var control = configuration.Control;
        var keyFile = control.KeyFile.Length > 0 ? Path.GetFullPath(control.KeyFile) : DefaultKeyFile;
        var aeronDirectory = configuration.Host.Resolve().AeronDirectory;
        return new ControlOptions
        {
            AeronDirectory = aeronDirectory,
            Streams = configuration.Streams,
            KeyFile = keyFile,
            Address = IPAddress.Parse(control.Address),
            Port = control.Port,
            MetricsPort = control.MetricsPort,
            AnswerTimeout = TimeSpan.FromMilliseconds(control.AnswerTimeoutMs),
            KeptEvents = control.KeptEvents,
            KeptRecords = control.KeptRecords,
            KeptTrades = control.KeptTrades,
            RequestsPerSecond = control.RequestsPerSecond,
            RequestBurst = control.RequestBurst,
            MaxConnections = control.MaxConnections,
            ResumeByTwo = control.ResumeByTwo,
            ResumeWithin = TimeSpan.FromSeconds(control.ResumeWithinS),
            AuditFile = FullPath(control.AuditFile),
            AuditBytes = control.AuditMb * BytesPerMb,
            AuditFiles = control.AuditFiles,
            Tls = control.Tls with
            {
                Certificate = FullPath(control.Tls.Certificate),
                Key = FullPath(control.Tls.Key),
                ClientAuthorities = FullPath(control.Tls.ClientAuthorities),
            },
            Tokens = control.Tokens with { KeyFile = FullPath(control.Tokens.KeyFile) },
            Alerts = AlertSettings.Of(control.Alerts, keyFile, aeronDirectory, Environment.GetEnvironmentVariable),
        };
    }

    private static string FullPath(string path) => path.Length > 0 ? Path.GetFullPath(path) : "";
}
