using System.CommandLine;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Drivers;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Pipeline.Configuration;

namespace ExecutionPipeline.Cli.Commands;

/// <summary>Everything that an operator's command was asked for, validated.</summary>
public sealed record OperatorOptions
{
    public required CommandKind Kind { get; init; }

    /// <summary>As it is typed, such as cancel-all.</summary>
    public required string Name { get; init; }

    /// <summary>The instrument's id; null: all of them.</summary>
    public uint? Instrument { get; init; }

    /// <summary>The parent order's id; null: the command concerns none.</summary>
    public ulong? ParentId { get; init; }

    /// <summary>The contracts that an amended parent order shall execute in all; 0: it is not amended.</summary>
    public int Quantity { get; init; }

    /// <summary>For the audit trail.</summary>
    public int Reason { get; init; }

    /// <summary>The number of whoever gives the command; 0: it is not said.</summary>
    public uint OperatorId { get; init; }

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

/// <summary>
/// `xp kill`, `resume`, `stop-entries`, `resume-entries`, `cancel-all`, `close-all`, `status`, and `xp order` with its
/// commands: their options.
/// </summary>
public sealed class OperatorCommand : System.CommandLine.Command
{
    /// <summary>The commands, as they are typed.</summary>
    public static readonly IReadOnlyList<(CommandKind Kind, string Name, string Description)> All =
    [
        (CommandKind.Kill, "kill", "Latches the kill switch, and cancels the orders that add risk."),
        (CommandKind.Resume, "resume", "Releases the kill switch of a running pipeline."),
        (CommandKind.StopEntries, "stop-entries", "Takes no orders that add risk, and lets exits go on."),
        (CommandKind.ResumeEntries, "resume-entries", "Takes orders that add risk again."),
        (CommandKind.CancelAll, "cancel-all", "Ends the parent orders; stops and targets stay."),
        (CommandKind.CloseAll, "close-all", "Cancels every order, and closes the positions of a running pipeline."),
        (CommandKind.Query, "status", "Shows kill switch, breakers, positions, orders and rates of a pipeline."),
    ];

    private static readonly IReadOnlyList<(CommandKind Kind, string Name, string Description)> OnOrders =
    [
        (CommandKind.PauseOrder, "pause", "Lets a parent order send nothing until it is resumed."),
        (CommandKind.ResumeOrder, "resume", "Lets a paused parent order go on."),
        (CommandKind.CancelOrder, "cancel", "Cancels what is left of a parent order."),
        (CommandKind.AmendOrder, "amend", "Gives a parent order a smaller quantity."),
    ];

    private const int DefaultReason = 1;
    private const double MaxTimeoutSeconds = 3600;
    private const long AllInstruments = -1;

    private readonly ValueOption<long> _instrument = new(
        "--instrument", "ID", "The instrument.", Numbers.Whole("instrument id", 1, uint.MaxValue - 1), AllInstruments,
        "all");

    private readonly ValueOption<long> _parent = new(
        "--id", "ID", "The parent order, as its DECISION and xp status name it.",
        Numbers.Whole("parent id", 1, long.MaxValue), 0, "must be given");

    private readonly ValueOption<int> _quantity = new(
        "--quantity", "N", "What it shall execute in all, less than before.",
        Numbers.WholeInt("contracts", 1, FieldLimits.QuantityMax), 0, "must be given");

    private readonly ValueOption<int?> _reason = new(
        "--reason", "N", "The reason code for the audit trail.",
        new ValueReader<int?>(Numbers.WholeInt("code", 1, int.MaxValue).Help, text =>
        {
            var read = Numbers.WholeInt("code", 1, int.MaxValue).Read(text);
            return new ReadValue<int?>(read.Value, read.Problem);
        }),
        null, "1; resume and resume-entries must be given one");

    private readonly ValueOption<long> _operator = new(
        "--operator", "N", "The number of whoever gives the command, for the audit trail.",
        Numbers.Whole("number", 1, uint.MaxValue), 0, "not said");


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
        var isOnOrder = kind is >= CommandKind.PauseOrder and <= CommandKind.AmendOrder;
        if (isOnOrder)
            Add(_parent);
        if (kind == CommandKind.AmendOrder)
            Add(_quantity);
        if (isOnOrder || kind is CommandKind.CancelAll or CommandKind.CloseAll
            or CommandKind.StopEntries or CommandKind.ResumeEntries)
            Add(_instrument);
        if (kind != CommandKind.Query)
        {
            Add(_reason);
            Add(_operator);
        }

        Option[] options = [_aeronDirectory, _config, _channel, _timeout, _json];
        foreach (var option in options)
            Add(option);

        SetAction((parsed, cancel) =>
        {
            var instrument = parsed.GetValue(_instrument);
            var reason = parsed.GetValue(_reason);
            if (kind is CommandKind.Resume or CommandKind.ResumeEntries && reason is null)
                throw new UsageException("--reason must be given: a resume is recorded with its reason");
            if (isOnOrder && parsed.GetValue(_parent) == 0)
                throw new UsageException("--id must be given: the parent order, as its DECISION and xp status name it");
            if (kind == CommandKind.AmendOrder && parsed.GetValue(_quantity) == 0)
                throw new UsageException("--quantity must be given: what the order shall execute in all");

            WrittenFiles.MustStandAlone(ConfigurationLoader.FilesOf(parsed.GetValue(_config)), parsed.GetValue(_json));
            return run(
                new OperatorOptions
                {
                    Kind = kind,
                    Name = isOnOrder ? $"order {name}" : name,
                    Instrument = instrument > 0 ? (uint)instrument : null,
                    ParentId = isOnOrder ? (ulong)parsed.GetValue(_parent) : null,
                    Quantity = kind == CommandKind.AmendOrder ? parsed.GetValue(_quantity) : 0,
                    Reason = reason ?? DefaultReason,
                    OperatorId = (uint)parsed.GetValue(_operator),
                    AeronDirectory = parsed.GetValue(_aeronDirectory) ?? DriverDirectories.Default,
                    ConfigFile = parsed.GetValue(_config),
                    Channel = parsed.GetValue(_channel),
                    TimeoutSeconds = parsed.GetValue(_timeout),
                    JsonFile = parsed.GetValue(_json),
                },
                cancel);
        });
    }

    /// <summary>`xp order`, with a command for each thing that can be asked of one parent order.</summary>
    public static System.CommandLine.Command OfOrder(Func<OperatorOptions, CancellationToken, Task<int>> run)
    {
        var order = new System.CommandLine.Command("order", "Pauses, resumes, cancels or amends one parent order.");
        foreach (var (kind, name, description) in OnOrders)
            order.Add(new OperatorCommand(kind, name, description, run));
        return order;
    }
}
