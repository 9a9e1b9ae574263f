using System.Globalization;
using ExecutionPipeline.Cli.Engine;

namespace ExecutionPipeline.Cli.CommandLine;

/// <summary>Options that several commands share, so that they read and mean the same everywhere.</summary>
public static class RunOptions
{
    public const long MaxEvents = 1_000_000_000;
    public const double MaxRatePerSecond = 10_000_000;
    public const double MaxSeconds = 86_400;
    private const long MaxTailNs = 60_000_000_000;
    private const double MaxSpeed = 1_000_000;
    private const int MaxMalformed = 100_000;

    public static ValueOption<long?> Events() => new(
        "--events", "N", "Measured signals to send; not together with --seconds.",
        Optional(Numbers.Whole("events", 1, MaxEvents)), null, "200000");

    public static ValueOption<double?> Seconds() => new(
        "--seconds", "S", "How long to send measured signals, instead of a number of them.",
        Optional(Numbers.Positive("s", MaxSeconds)), null, "by --events");

    public static ValueOption<double> Rate() => new(
        "--rate", "R", "Signals a second, sent at fixed times whatever the pipeline does.",
        Numbers.Positive("events/s", MaxRatePerSecond), 20_000, "20000");

    public static ValueOption<long> Warmup() => new(
        "--warmup", "N", "Signals sent before the measured ones, at the same rate.",
        Numbers.Whole("events", 0, MaxEvents), 20_000, "20000");

    public static ValuesOption<string> Data() => new(
        "--data", "FILE ...", "Market data to play: Databento DBN (mbo, mbp-1, mbp-10, tbbo) or CSV; plain or packed.",
        Paths.ExistingFile, "a seeded generator");

    public static ValueOption<IReadOnlyList<uint>> DataInstruments() => new(
        "--data-instruments", "LIST", "The file's instruments to follow, one after the other, as at a future's roll.",
        new ValueReader<IReadOnlyList<uint>>("unit: the venue's ids, such as 17077,17078", ReadInstruments),
        [], "all if they follow one another, else the busiest");

    public static ValueOption<double> Speed() => new(
        "--speed", "X", "How fast market data play.", Numbers.Positive("times real time", MaxSpeed), 60, "60");

    public static ValueOption<long> Seed() => new(
        "--seed", "N", "Seed of the signal mix and of the market data generator.",
        Numbers.Whole("number", 0, long.MaxValue), 42, "42");

    public static ValueOption<double> Holds() => new(
        "--holds", "F", "Share of the signals that say hold; of the others half say long, half short.",
        Numbers.Share, SignalMix.UsualHolds, "0.2");

    public static ValueOption<int> Malformed() => new(
        "--malformed", "N", "Malformed messages of each kind to mix into the measured signals.",
        Numbers.WholeInt("messages of each kind", 0, MaxMalformed), 0, "0");

    public static ValueOption<string?> Config() => new(
        "--config", "FILE", "The pipeline's configuration, YAML or JSON.",
        Paths.ExistingFile, null, "the demo's own: one ES future, limits that admit it");

    public static ValueOption<string?> Models() => new(
        "--models", "DIR", "The folder with the ONNX models and their manifest.",
        Paths.ExistingDirectory, null, "models-onnx, looked for upwards from here and from the program");

    public static ValueOption<string?> StreamsConfig() => new(
        "--config", "FILE", "The pipeline's configuration, for its streams.",
        Paths.ExistingFile, null, "the demo's own: signals 1001, market 1002, commands 1003, outbound 2001");

    public static ValueOption<string?> Channel() => new(
        "--channel", "URI", "The Aeron channel of every stream; a network's needs an official media driver.",
        new ValueReader<string?>("unit: Aeron channel", ReadChannel), null, "the configuration's, or aeron:ipc");

    public static ValueOption<string?> Journal() => new(
        "--journal", "DIR", "Keeps a journal of the pipeline's input in this folder, for xp replay.",
        Paths.WritableDirectory, null, "no journal");

    public static FlagOption Force() => new("--force", "Writes over files that are there already.");

    public static ValueOption<string?> Json() => new(
        "--json", "FILE", "Writes the figures as JSON.", Paths.OutputFile, null, "not written");

    public static ValueOption<T> Choice<T>(
        string name, string valueName, string description, T defaultValue, params IReadOnlyList<T> leftOut)
        where T : struct, Enum =>
        new(
            name, valueName, description, Choices.Of(leftOut), defaultValue,
            defaultValue.ToString().ToLowerInvariant());

    /// <summary>A choice that says whether it was given: null when not.</summary>
    public static ValueOption<T?> OptionalChoice<T>(string name, string valueName, string description, string help)
        where T : struct, Enum =>
        new(name, valueName, description, Optional(Choices.Of<T>()), null, help);

    public static ValueOption<long?> Tail() => new(
        "--tail", "NS", "Says what the signals waited for that took longer than this end to end.",
        Optional(Numbers.Whole("ns", 0, MaxTailNs)), null, "not said");

    /// <summary>The events that were asked for, by number or by time.</summary>
    /// <exception cref="UsageException">Both were given, or the time comes to too many.</exception>
    public static long EventCount(long? events, double? seconds, double ratePerSecond)
    {
        const long defaultEvents = 200_000;
        if (seconds is null)
            return events ?? defaultEvents;
        if (events is not null)
            throw new UsageException("--events and --seconds exclude each other");

        var count = Math.Ceiling(seconds.Value * ratePerSecond);
        return count <= MaxEvents
            ? (long)count
            : throw new UsageException(string.Create(
                CultureInfo.InvariantCulture,
                $"--seconds: {seconds} s at {ratePerSecond} events/s are more than {MaxEvents} events"));
    }

    private static ValueReader<T?> Optional<T>(ValueReader<T> values)
        where T : struct =>
        new(values.Help, text =>
        {
            var read = values.Read(text);
            return new ReadValue<T?>(read.Value, read.Problem);
        })
        {
            Words = values.Words,
        };

    private static ReadValue<IReadOnlyList<uint>> ReadInstruments(string text)
    {
        var ids = new List<uint>();
        foreach (var part in text.Split(','))
        {
            if (!uint.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                return ReadValue<IReadOnlyList<uint>>.Not($"'{part}' is not an instrument id");
            if (ids.Contains(id))
                return ReadValue<IReadOnlyList<uint>>.Not($"instrument {id} is named twice");

            ids.Add(id);
        }

        return ReadValue<IReadOnlyList<uint>>.Of(ids);
    }

    /// <summary>An Aeron channel whose parameters are known and can be used, as it was written.</summary>
    internal static ReadValue<string?> ReadChannel(string text)
    {
        try
        {
            return ReadValue<string?>.Of(ChannelParameters.Check(ChannelUri.Parse(text)).ToString());
        }
        catch (ArgumentException problem)
        {
            return ReadValue<string?>.Not($"'{text}' is no Aeron channel: {problem.Message}");
        }
    }
}
