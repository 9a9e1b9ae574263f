using System.Net;

namespace ExecutionPipeline.Pipeline.Options;

/// <summary>The control plane.</summary>
public sealed record ControlPlaneOptions
{
    /// <summary>The IP address that it listens on. Default 127.0.0.1: only this machine reaches it.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>The port of page and API; 0: any that is free. Default 8002.</summary>
    public int Port { get; init; } = 8002;

    /// <summary>The port of the Prometheus text; 0: any that is free. Default 9092.</summary>
    public int MetricsPort { get; init; } = 9092;

    /// <summary>
    /// The file of the API keys' hashes, made, with an administrator, where it is missing; empty: control-keys.json in
    /// the user's configuration folder. Default empty.
    /// </summary>
    public string KeyFile { get; init; } = "";

    /// <summary>
    /// How long a request waits for the ring's answer before it is told where to look, in milliseconds. Default 2,000.
    /// </summary>
    public int AnswerTimeoutMs { get; init; } = 2_000;

    /// <summary>Outbound messages that are kept for whoever resumes. Default 131,072, 32 MB.</summary>
    public int KeptEvents { get; init; } = 131_072;

    /// <summary>Ended orders, executions and decisions each that are kept. Default 20,000.</summary>
    public int KeptRecords { get; init; } = 20_000;

    /// <summary>Closed trades that are kept. Default 1,000,000, some 250 MB once there are so many.</summary>
    public int KeptTrades { get; init; } = 1_000_000;

    /// <summary>
    /// Requests that somebody may send in a second, by name, or by address who is not known; what reduces risk is not
    /// limited. 0: any number. Default 1,000.
    /// </summary>
    public int RequestsPerSecond { get; init; } = 1_000;

    /// <summary>Requests that may come at once before that counts. Default 2,000.</summary>
    public int RequestBurst { get; init; } = 2_000;

    /// <summary>
    /// Connections at a time, over all ports, and as many WebSockets; who comes beyond that is hung up on. Default
    /// 1,000.
    /// </summary>
    public int MaxConnections { get; init; } = 1_000;

    /// <summary>Whether two persons must ask for the release of the kill switch. Default false.</summary>
    public bool ResumeByTwo { get; init; }

    /// <summary>How long the first request for that counts, in seconds. Default 300.</summary>
    public int ResumeWithinS { get; init; } = 300;

    /// <summary>
    /// The file that every call and refusal is written to, a line of JSON each; empty: control-audit.jsonl beside the
    /// file of keys. Default empty.
    /// </summary>
    public string AuditFile { get; init; } = "";

    /// <summary>The size at which that file is set aside and another begun, in MB. Default 64.</summary>
    public int AuditMb { get; init; } = 64;

    /// <summary>How many of these files are kept. Default 16.</summary>
    public int AuditFiles { get; init; } = 16;

    /// <summary>TLS, without which it listens on loopback alone.</summary>
    public ControlTlsOptions Tls { get; init; } = new();

    /// <summary>Tokens that somebody else issues.</summary>
    public ControlTokenOptions Tokens { get; init; } = new();

    /// <summary>How it tells what is wrong.</summary>
    public AlertOptions Alerts { get; init; } = new();

    /// <exception cref="ArgumentException">A value cannot be used.</exception>
    public void Validate()
    {
        if (!IPAddress.TryParse(Address, out var address))
            throw new ArgumentException($"control: set address to an IP address such as 127.0.0.1: it is '{Address}'");
        if (!IPAddress.IsLoopback(address) && !Tls.IsOn)
        {
            throw new ArgumentException(
                $"control: set tls.certificate and tls.key, without which {Address} would send keys in the clear, or "
                + "address to 127.0.0.1");
        }

        if (Port == MetricsPort && Port != 0)
            throw new ArgumentException("control: set metrics_port to another port than port");
        Tls.Validate();
        Tokens.Validate();
        Alerts.Validate();
    }
}

/// <summary>The store of audit records.</summary>
public sealed record AuditStoreOptions
{
    /// <summary>
    /// Where the connection string of the store is kept, or the path of its file, for `xp audit` where it is not given
    /// --store.
    /// </summary>
    public SecretSource Store { get; init; } = new();
}
