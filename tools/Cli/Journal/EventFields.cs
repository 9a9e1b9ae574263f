using System.Globalization;
using System.Reflection;
using System.Text.Json;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Cli.Journal;

/// <summary>A journalled event's fields by their names, as they are written for people and machines.</summary>
internal static class EventFields
{
    /// <summary>Of every event, before those of its kind.</summary>
    public static IReadOnlyList<string> Common { get; } =
        ["sequence", "time", "kind", "instrument", "correlation_id"];

    private static readonly Dictionary<EventKind, FieldInfo[]> ByKind = new()
    {
        [EventKind.TradeQualified] = FieldsOf(typeof(TradeQualified)),
        [EventKind.MarketUpdate] = FieldsOf(typeof(MarketUpdate)),
        [EventKind.ExecutionReport] = FieldsOf(typeof(ExecutionReport)),
        [EventKind.Command] = FieldsOf(typeof(Command)),
        [EventKind.Timer] = FieldsOf(typeof(TimerTick)),
        [EventKind.VenueRequest] = FieldsOf(typeof(VenueRequest)),
        [EventKind.Model] = FieldsOf(typeof(Command)),
    };

    /// <summary>Every field that any kind has.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. Common, .. ByKind.Values.SelectMany(static fields => fields).Select(NameOf).Distinct()];

    /// <summary>The fields of an event with their values; a number that is not given is left out.</summary>
    public static IEnumerable<(string Name, object Value)> Of(PipelineEvent e, long sequence)
    {
        yield return (Common[0], sequence);
        yield return (Common[1], TimeOf(e.Header.TimeNs));
        yield return (Common[2], JsonNamingPolicy.SnakeCaseLower.ConvertName($"{e.Header.Kind}"));
        yield return (Common[3], e.Header.InstrumentIndex);
        yield return (Common[4], e.Header.CorrelationId);
        if (PayloadOf(in e) is not { } payload)
            yield break;

        foreach (var field in ByKind[e.Header.Kind])
        {
            var value = field.GetValue(payload)!;
            if (value is not (double.NaN or MarketUpdate.NoPrice))
                yield return (NameOf(field), ValueOf(field.Name, value));
        }
    }

    /// <summary>A time in UTC with all its digits.</summary>
    public static string TimeOf(long timeNs) => string.Create(
        CultureInfo.InvariantCulture,
        $"{DateTime.UnixEpoch.AddTicks(timeNs / 100):yyyy-MM-ddTHH:mm:ss.fffffff}{timeNs % 100:00}Z");

    /// <summary>A value as text.</summary>
    public static string TextOf(object value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private static object? PayloadOf(ref readonly PipelineEvent e) => e.Header.Kind switch
    {
        EventKind.TradeQualified => e.Payload.TradeQualified,
        EventKind.MarketUpdate => e.Payload.MarketUpdate,
        EventKind.ExecutionReport => e.Payload.ExecutionReport,
        EventKind.Command or EventKind.Model => e.Payload.Command,
        EventKind.Timer => e.Payload.Timer,
        EventKind.VenueRequest => e.Payload.VenueRequest,
        _ => null,
    };

    private static FieldInfo[] FieldsOf(Type type) => type.GetFields(BindingFlags.Instance | BindingFlags.Public);

    private static string NameOf(FieldInfo field)
    {
        // "kind" is the event's own.
        var name = field.Name == nameof(EventHeader.Kind) ? KindOf(field.DeclaringType!.Name) : field.Name;
        if (name.EndsWith("E9", StringComparison.Ordinal) || name.EndsWith("E6", StringComparison.Ordinal))
            name = name[..^2];
        return JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
    }

    private static string KindOf(string type) => type switch
    {
        nameof(ExecutionReport) => "report_kind",
        nameof(VenueRequest) => "request_kind",
        _ => $"{type}Kind",
    };

    private static object ValueOf(string name, object value) => value switch
    {
        long price when name.EndsWith("E9", StringComparison.Ordinal) => price / 1_000_000_000m,
        long money when name.EndsWith("E6", StringComparison.Ordinal) => money / 1_000_000m,
        Enum word => JsonNamingPolicy.SnakeCaseLower.ConvertName($"{word}"),
        _ => value,
    };
}
