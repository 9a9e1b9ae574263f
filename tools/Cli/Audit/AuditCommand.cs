using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using ExecutionPipeline.Audit.Records;
using ExecutionPipeline.Audit.Running;
using ExecutionPipeline.Audit.Store;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Journal;
using ExecutionPipeline.Pipeline.Configuration;
using ExecutionPipeline.Pipeline.Hosting;

namespace ExecutionPipeline.Cli.Audit;

/// <summary>`xp audit` and its commands.</summary>
public sealed class AuditCommand : Command
{
    /// <summary>The command; <paramref name="run"/> does the work of each and returns the exit code.</summary>
    public AuditCommand(Func<AuditCommandOptions, CancellationToken, Task<int>> run)
        : base("audit", "Keeps, checks and shows records of why each order was sent.")
    {
        foreach (var action in Enum.GetValues<AuditAction>())
            Add(new AuditActionCommand(action, run));
    }
}

/// <summary>One of the commands: its options and how they are read.</summary>
internal sealed class AuditActionCommand : Command
{
    private const int MostDays = 36_525;
    private const int DefaultLimit = 50;

    private readonly AuditAction _action;

    private readonly ValueOption<string> _store = new(
        "--store", "STORE", "Where the records are: a file of SQLite, or a connection string (Host=...).",
        new ValueReader<string>("unit: path or connection string", ReadStore), Path.GetFullPath("audit.db"),
        "what audit.store of the configuration names, else audit.db");

    private readonly ValueOption<string?> _journal = new(
        "--journal", "DIR", "The journal. It must be given.", Paths.ExistingDirectory, null, "none");

    private readonly FlagOption _follow = new("--follow", "Goes on at the journal's end until it is interrupted.");

    private readonly ValueOption<string?> _snapshots = new(
        "--snapshots", "DIR", "Where it keeps snapshots, so that another start need not replay everything.",
        Paths.WritableDirectory, null, "beside a file of SQLite; none for PostgreSQL");

    private readonly ValueOption<string?> _signKey = new(
        "--sign-key", "FILE", "The private ECDSA P-256 key, PEM, that the chain's head is signed with.",
        Paths.ExistingFile, null, "the head is not signed");

    private readonly ValueOption<string?> _key = new(
        "--key", "FILE", "The public or private key, PEM, that the head's signature is checked with.",
        Paths.ExistingFile, null, "the signature is not checked");

    private readonly ValuesOption<ChainHead> _noted = new(
        "--noted", "ID:HASH",
        "A record's number and hash as they were noted before; the option may be given several times.",
        new ValueReader<ChainHead>("unit: record and hash", ReadNoted), "none")
    {
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly ValueOption<string?> _changedBy = Text(
        "--changed-by", "NAME", "Who changed the configuration since the journal before.");

    private readonly ValueOption<string?> _changeReason = Text(
        "--change-reason", "TEXT", "Why the configuration was changed.");

    private readonly ValueOption<int> _days = new(
        "--older-than", "DAYS", "Removes records that are older.", Numbers.WholeInt("days", 1, MostDays),
        Retention.DefaultDays, "2557, seven years");

    private readonly ValueOption<long?> _from = Time("--from", "The earliest records.");
    private readonly ValueOption<long?> _until = Time("--until", "Records before this time.");

    private readonly ValueOption<long> _instrument = new(
        "--instrument", "ID", "Of one instrument.", Numbers.Whole("the id of an instrument", 1, uint.MaxValue), 0,
        "all");

    private readonly ValueOption<ulong> _signal = new(
        "--signal", "ID", "Of one signal.", Numbers.Id("the id of a signal"), 0, "all");

    private readonly ValueOption<string?> _outcome = Text(
        "--outcome", "WORD", "With one outcome, such as order_sent, risk_refused, filled, stop_loss.");

    private readonly ValueOption<AuditKind?> _kind = RunOptions.OptionalChoice<AuditKind>(
        "--kind", "NAME", "Of one kind.", "all");

    private readonly ValueOption<int> _limit = new(
        "--limit", "N", "The newest so many.", Numbers.WholeInt("records", 1, int.MaxValue), DefaultLimit, "50");

    private readonly ValueOption<AuditFormat> _format = RunOptions.Choice(
        "--format", "NAME", "JSON lines, a table, or Parquet.", AuditFormat.Json);

    private readonly FlagOption _whole = new(
        "--whole", "One JSON object for each decision, with its order's whole life.");

    private readonly ValueOption<string?> _output = new(
        "--output", "FILE", "Writes to this file.", Paths.OutputFile, null, "the terminal");

    private readonly ValueOption<InferenceChoice> _inference = RunOptions.Choice(
        "--inference", "NAME", "Who decided: the ONNX models, compiled or by ONNX Runtime, or the rule-based policy.",
        InferenceChoice.Auto);

    private readonly ValueOption<string?> _config = RunOptions.Config();
    private readonly ValueOption<string?> _models = RunOptions.Models();
    private readonly ValueOption<string?> _json = RunOptions.Json();
    private readonly FlagOption _force = RunOptions.Force();

    public AuditActionCommand(AuditAction action, Func<AuditCommandOptions, CancellationToken, Task<int>> run)
        : base(action.ToString().ToLowerInvariant(), DescriptionOf(action))
    {
        _action = action;
        Add(_store);
        Add(_config);
        foreach (var option in OptionsFor(action))
            Add(option);
        SetAction((parsed, cancel) => run(Read(parsed), cancel));
    }

    private static string DescriptionOf(AuditAction action) => action switch
    {
        AuditAction.Run => "Replays a journal and writes a record for each decision, order, trade and command.",
        AuditAction.Query => "Lists records.",
        AuditAction.Show => "Shows a signal's decision with its order's whole life.",
        AuditAction.Explain => "Tells in plain sentences what became of a signal, and why.",
        AuditAction.Export => "Writes records as JSON lines, CSV or Parquet.",
        AuditAction.Verify => "Checks that no record was changed, removed or moved.",
        _ => "Removes records that are older than they must be kept.",
    };

    private IEnumerable<Option> OptionsFor(AuditAction action) => action switch
    {
        AuditAction.Run =>
        [
            _journal, _follow, _snapshots, _signKey, _changedBy, _changeReason, _inference, _models, _json,
        ],
        AuditAction.Query => [_from, _until, _instrument, _signal, _outcome, _kind, _limit, _json],
        AuditAction.Show or AuditAction.Explain => [_signal, _json],
        AuditAction.Export =>
            [_from, _until, _instrument, _signal, _outcome, _kind, _format, _whole, _output, _json, _force],
        AuditAction.Verify => [_key, _noted, _json],
        _ => [_days, _signKey, _json],
    };

    private AuditCommandOptions Read(ParseResult parsed)
    {
        var isRun = _action == AuditAction.Run;
        var isExport = _action == AuditAction.Export;
        var store = StoreOf(parsed);
        var options = new AuditCommandOptions
        {
            Action = _action,
            Store = store,
            JournalFolder = Value(parsed, _journal),
            IsFollowing = isRun && parsed.GetValue(_follow),
            SnapshotFolder = Value(parsed, _snapshots)
                ?? (PostgresStore.IsConnectionString(store) ? null : store + ".snapshots"),
            KeyFile = Value(parsed, _signKey) ?? Value(parsed, _key),
            Noted = Value(parsed, _noted) ?? [],
            ChangedBy = Value(parsed, _changedBy),
            ChangeReason = Value(parsed, _changeReason),
            RetentionDays = Value(parsed, _days),
            ConfigFile = Value(parsed, _config),
            Inference = Value(parsed, _inference),
            ModelsDirectory = Value(parsed, _models),
            Filter = FilterOf(parsed),
            Format = Value(parsed, _format),
            IsWhole = isExport && parsed.GetValue(_whole),
            OutputFile = Value(parsed, _output),
            JsonFile = Value(parsed, _json),
        };
        Check(options);
        MustStandAlone(options);
        WrittenFiles.MustBeNew(isExport && parsed.GetValue(_force), options.OutputFile);
        return options;
    }

    private static void MustStandAlone(AuditCommandOptions options)
    {
        // What is not in the store's file yet is in the two beside it.
        var store = options.Store;
        string[] files = PostgresStore.IsConnectionString(store) ? [] : [store, $"{store}-wal", $"{store}-shm"];
        string?[] inputs =
        [
            .. files, .. JournalFolders.FilesOf(options.JournalFolder), .. Policies.FilesOf(options.ModelsDirectory),
            options.KeyFile, .. ConfigurationLoader.FilesOf(options.ConfigFile),
        ];
        WrittenFiles.MustStandAlone(inputs, options.OutputFile, options.JsonFile);
    }

    /// <summary>The option's, or what the configuration says where the connection string is kept.</summary>
    private string StoreOf(ParseResult parsed)
    {
        var given = parsed.GetValue(_store)!;
        if (parsed.GetResult(_store) is { Implicit: false })
            return given;

        var loaded = ConfigurationInputs.Load(DemoConfiguration.SourcesOf(parsed.GetValue(_config), []));
        return loaded.Options.Audit.Store.Read("audit.store", Environment.GetEnvironmentVariable) is { } store
            ? ReadStore(store) is { Problem: null, Value: { } read } ? read : throw new UsageException(
                "audit.store: what is kept there is neither a connection string nor a path that can be written to")
            : given;
    }

    private void Check(AuditCommandOptions options)
    {
        if (_action == AuditAction.Run && options.JournalFolder is null)
            throw new UsageException("--journal DIR must be given: the journal that is to be audited");
        if (_action is AuditAction.Show or AuditAction.Explain && options.Filter.SignalId is null)
            throw new UsageException("--signal ID must be given: the signal that is asked for");
        if (options.Format == AuditFormat.Parquet && options.OutputFile is null)
            throw new UsageException("--output FILE must be given for Parquet");
        if (options.IsWhole && options.Format != AuditFormat.Json)
            throw new UsageException("--whole is for JSON alone");
        var isFile = !PostgresStore.IsConnectionString(options.Store);
        if (_action != AuditAction.Run && isFile && !File.Exists(options.Store))
            throw new UsageException($"there is no store '{options.Store}': xp audit run makes it");
    }

    private RecordFilter FilterOf(ParseResult parsed) => new()
    {
        FromUs = Value(parsed, _from),
        UntilUs = Value(parsed, _until),
        InstrumentId = Value(parsed, _instrument) is > 0 and var instrument ? (uint)instrument : null,
        SignalId = Value(parsed, _signal) is > 0 and var signal ? signal : null,
        Outcome = Value(parsed, _outcome),
        Kind = Value(parsed, _kind),
        Newest = _action == AuditAction.Query ? parsed.GetValue(_limit) : null,
    };

    /// <summary>An option's value; its type's own where the command has no such option.</summary>
    private T? Value<T>(ParseResult parsed, Option<T> option) =>
        Options.Contains(option) ? parsed.GetValue(option) : default;

    private static ValueOption<string?> Text(string name, string valueName, string description) => new(
        name, valueName, description, new ValueReader<string?>("unit: text", static text =>
            string.IsNullOrWhiteSpace(text) ? ReadValue<string?>.Not("an empty text") : ReadValue<string?>.Of(text)),
        null, "none");

    private static ValueOption<long?> Time(string name, string description) => new(
        name, "TIME", description,
        new ValueReader<long?>("unit: ISO 8601, UTC, such as 2026-11-28T14:00:00Z", ReadTime), null, "all");

    private static ReadValue<long?> ReadTime(string text)
    {
        const DateTimeStyles styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, styles, out var time)
            ? ReadValue<long?>.Of((time.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond)
            : ReadValue<long?>.Not($"'{text}' is no time, such as 2026-11-28T14:00:00Z");
    }

    private static ReadValue<ChainHead> ReadNoted(string text)
    {
        var parts = text.Split(':');
        var isNumber = long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0;
        return isNumber && parts.Length == 2 && parts[1].Length == 2 * SHA256.HashSizeInBytes
            && parts[1].All(char.IsAsciiHexDigit)
            ? ReadValue<ChainHead>.Of(new ChainHead(id, Convert.FromHexString(parts[1])))
            : ReadValue<ChainHead>.Not($"'{text}' is no record's number and hash, such as 17:9f86d0...");
    }

    private static ReadValue<string> ReadStore(string text)
    {
        if (PostgresStore.IsConnectionString(text))
            return ReadValue<string>.Of(text);

        var read = Paths.OutputFile.Read(text);
        return read.Problem is null ? ReadValue<string>.Of(read.Value!) : ReadValue<string>.Not(read.Problem);
    }
}
