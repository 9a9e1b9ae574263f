using System.CommandLine;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Drivers;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Cli.Commands;

/// <summary>Everything that an operator's command was asked for, validated.</summary>
public sealed record OperatorOptions
{
    public required CommandKind Kind { get; init; }

    /// <summary>As it is typed, such as cancel-all.</summary>
    public required string Name { get; init; }

    /// <summary>The instrument's id; null: all of them.</summary>
    public uint? Instrument { get; init; }

    /// <summary>For the audit trail.</summary>
    public int Reason { get; init; }

    /// <summary>The folder of the media driver that the pipeline is reached through.</summary>
    public required string AeronDirectory { get; init; }

    /// <summary>The pipeline's configuration, for its streams; null: the demo's own.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>The Aeron channel of every stream; null: those of the configuration.</summary>
    public string? Channel { get; init; }

    /// <summary>How long to wait for the pipeline, and again for its answer.</summary>
    public double TimeoutSeconds { get; init; }

    /// <summary>Where the answer goes as JSON; null: nowhere.</summary>
    public string? JsonFile { get; init; }
}

/// <summary>`xp kill`, `resume`, `cancel-all`, `close-all` and `status`: their options.</summary>
public sealed class OperatorCommand : System.CommandLine.Command
{
    /// <summary>The commands, as they are typed.</summary>
    public static readonly IReadOnlyList<(CommandKind Kind, string Name, string Description)> All =
    [
        (CommandKind.Kill, "kill", "Latches the kill switch of a running pipeline and cancels its orders."),
        (CommandKind.Resume, "resume", "Releases the kill switch of a running pipeline."),
        (CommandKind.CancelAll, "cancel-all", "Cancels the working orders of a running pipeline."),
        (CommandKind.CloseAll, "close-all", "Cancels, then closes the positions of a running pipeline."),
        (CommandKind.Query, "status", "Shows kill switch, breakers, positions, orders and rates of a pipeline."),
    ];

    private const int DefaultReason = 1;
    private const double MaxTimeoutSeconds = 3600;
    private const long AllInstruments = -1;

    private readonly ValueOption<long> _instrument = new(
        "--instrument", "ID", "The instrument.", Numbers.Whole("instrument id", 1, uint.MaxValue - 1), AllInstruments,
        "all");

    private readonly ValueOption<int?> _reason = new(
        "--reason", "N", "The reason code for the audit trail.",
        new ValueReader<int?>(Numbers.WholeInt("code", 1, int.MaxValue).Help, text =>
        {
            var read = Numbers.WholeInt("code", 1, int.MaxValue).Read(text);
            return new ReadValue<int?>(read.Value, read.Problem);
        }),
        null, "1; resume must be given one");

    private readonly ValueOption<string?> _aeronDirectory = DriverDirectories.ToLookAt();
    private readonly ValueOption<string?> _config = RunOptions.StreamsConfig();
    private readonly ValueOption<string?> _channel = RunOptions.Channel();

    private readonly ValueOption<double> _timeout = new(
        "--timeout", "S", "How long to wait for the pipeline, and again for its answer.",
        Numbers.Positive("s", MaxTimeoutSeconds), 10, "10");

    private readonly ValueOption<string?> _json = RunOptions.Json();

    /// <summary>The command; <paramref name="run"/> does its work and returns the exit code.</summary>
    public OperatorCommand(
        CommandKind kind, string name, string description,
        Func<OperatorOptions, CancellationToken, Task<int>> run)
        : base(name, description)
    {
        if (kind is CommandKind.CancelAll or CommandKind.CloseAll)
            Add(_instrument);
        if (kind != CommandKind.Query)
            Add(_reason);
        Option[] options = [_aeronDirectory, _config, _channel, _timeout, _json];
        foreach (var option in options)
            Add(option);

        SetAction((parsed, cancel) =>
        {
            var instrument = parsed.GetValue(_instrument);
            var reason = parsed.GetValue(_reason);
            if (kind == CommandKind.Resume && reason is null)
                throw new UsageException("--reason must be given: a resume is recorded with its reason");

            return run(
                new OperatorOptions
                {
                    Kind = kind,
                    Name = name,
                    Instrument = instrument > 0 ? (uint)instrument : null,
                    Reason = reason ?? DefaultReason,
                    AeronDirectory = parsed.GetValue(_aeronDirectory) ?? DriverDirectories.Default,
                    ConfigFile = parsed.GetValue(_config),
                    Channel = parsed.GetValue(_channel),
                    TimeoutSeconds = parsed.GetValue(_timeout),
                    JsonFile = parsed.GetValue(_json),
                },
                cancel);
        });
    }
}
