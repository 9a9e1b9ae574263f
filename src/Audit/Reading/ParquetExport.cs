using System.Text.Json;
using ExecutionPipeline.Audit.Recording;
using ExecutionPipeline.Audit.Records;
using Parquet;
using Parquet.Schema;

namespace ExecutionPipeline.Audit.Reading;

/// <summary>
/// Records as a Parquet file, with a column for each of the policies' inputs, null but for decisions.
/// </summary>
public static class ParquetExport
{
    private const int RowsOfGroup = 10_000;

    private static readonly string[] Texts = ["kind", "outcome", "explanation", "document", "previous", "hash"];
    private static readonly string[] Numbers = ["id", "journal", "sequence", "instrument"];

    private static readonly ParquetSchema Schema = new(
    [
        .. Numbers.Select(static name => new DataField<long>(name)),
        new DataField<ulong>("signal"),
        new DataField<DateTime>("time"),
        .. Texts.Select(static name => new DataField(name, typeof(string), isNullable: false)),
        .. EventRecorder.FeatureNames.Select(static name => new DataField<float>("feature_" + name, nullable: true)),
    ]);

    /// <summary>Writes the records. Returns how many.</summary>
    public static async Task<long> WriteAsync(
        IEnumerable<AuditRecord> records, Stream output, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(records);
        var count = 0L;
        var writer = await ParquetWriter.CreateAsync(Schema, output, cancellationToken: cancel).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            foreach (var rows in records.Chunk(RowsOfGroup))
            {
                using var group = writer.CreateRowGroup();
                await WriteGroupAsync(group, rows, cancel).ConfigureAwait(false);
                count += rows.Length;
            }
        }

        return count;
    }

    private static async Task WriteGroupAsync(
        ParquetRowGroupWriter group, AuditRecord[] rows, CancellationToken cancel)
    {
        var features = rows.Select(FeaturesOf).ToArray();
        foreach (var name in Numbers)
        {
            var values = rows.Select(row => NumberOf(row, name)).ToArray();
            await group.WriteAsync<long>(Schema.FindDataField(name), values, cancellationToken: cancel)
                .ConfigureAwait(false);
        }

        var signals = rows.Select(static row => row.Entry.SignalId).ToArray();
        await group.WriteAsync<ulong>(Schema.FindDataField("signal"), signals, cancellationToken: cancel)
            .ConfigureAwait(false);
        var times = rows
            .Select(static row => DateTime.UnixEpoch.AddTicks(row.Entry.TimeUs * TimeSpan.TicksPerMicrosecond))
            .ToArray();
        await group.WriteAsync<DateTime>(Schema.FindDataField("time"), times, cancellationToken: cancel)
            .ConfigureAwait(false);
        foreach (var name in Texts)
        {
            await group.WriteAsync(Schema.FindDataField(name), rows.Select(row => TextOf(row, name)).ToArray())
                .ConfigureAwait(false);
        }

        for (var i = 0; i < EventRecorder.FeatureNames.Count; i++)
        {
            var place = i;
            var values = features.Select(row => row?[place]).ToArray();
            var field = Schema.FindDataField("feature_" + EventRecorder.FeatureNames[i]);
            await group.WriteAsync<float>(field, new ReadOnlyMemory<float?>(values), cancellationToken: cancel)
                .ConfigureAwait(false);
        }
    }

    private static float?[]? FeaturesOf(AuditRecord row)
    {
        if (row.Entry.Kind != AuditKind.Decision)
            return null;

        using var document = JsonDocument.Parse(row.Entry.Document);
        var features = document.RootElement.GetProperty("input_context").GetProperty("features");
        return [.. EventRecorder.FeatureNames.Select(name => NumberOf(features.GetProperty(name)))];
    }

    private static float? NumberOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number ? value.GetSingle() : null;

    private static long NumberOf(AuditRecord row, string name) => name switch
    {
        "id" => row.Id,
        "journal" => row.Journal,
        "sequence" => row.Entry.Sequence,
        _ => row.Entry.InstrumentId,
    };

    private static string TextOf(AuditRecord row, string name) => name switch
    {
        "kind" => RecordChain.NameOf(row.Entry.Kind),
        "outcome" => row.Entry.Outcome,
        "explanation" => row.Entry.Explanation,
        "document" => row.Entry.Document,
        "previous" => Convert.ToHexStringLower(row.Previous.Span),
        _ => Convert.ToHexStringLower(row.Hash.Span),
    };
}
