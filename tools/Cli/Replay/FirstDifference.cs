using System.Buffers.Binary;
using System.Globalization;
using ExecutionPipeline.Cli.Journal;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Replay;

/// <summary>A field of two messages that should be equal.</summary>
/// <param name="Name">As the schema has it.</param>
/// <param name="Expected">As text; null: the message has none, or there is no message.</param>
/// <param name="Replayed">The same of the replay's.</param>
public sealed record FieldPair(string Name, string? Expected, string? Replayed)
{
    public bool IsDifferent => Expected != Replayed;
}

/// <summary>The first outbound message that is not as it was expected, and the event that led to it.</summary>
public sealed record FirstDifference
{
    /// <summary>The number of the event whose message it is; null: the replay sent none here.</summary>
    public long? EventSequence { get; init; }

    /// <summary>The event's fields by their names.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Event { get; init; } = [];

    /// <summary>The number of the message from the start; the first is 0.</summary>
    public long Message { get; init; }

    /// <summary>The kind of the expected message; null: there is none, or it is none of the schema's.</summary>
    public string? Expected { get; init; }

    /// <summary>The same of the replay's message.</summary>
    public string? Replayed { get; init; }

    /// <summary>The fields of both in the schema's order.</summary>
    public IReadOnlyList<FieldPair> Fields { get; init; } = [];

    /// <summary>
    /// Finds it by another replay, in the topology that tells which event a message is of.
    /// </summary>
    /// <param name="folder">The journal.</param>
    /// <param name="expectedFile">The messages, each behind its length.</param>
    /// <param name="differenceAt">The first byte that differs.</param>
    /// <param name="options">Of the pipeline.</param>
    /// <param name="backend">As in the replay.</param>
    /// <param name="openModels">As in the replay.</param>
    /// <param name="until">The event before which the replay stopped.</param>
    /// <param name="cancel">Ends it with an exception.</param>
    public static FirstDifference Find(
        string folder, string expectedFile, long differenceAt, PipelineOptions options, IPolicyBackend backend,
        Func<ModelVersion, LoadedPolicy>? openModels, long until, CancellationToken cancel)
    {
        using var found = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var sink = new MessageAt(differenceAt, found);
        var inline = options with { Ring = options.Ring with { Topology = Topology.Inline } };
        var replay = new JournalReplay(inline, backend, sink, openModels) { Until = until };
        sink.Sequence = () => replay.Count;
        try
        {
            using var reader = new JournalReader(folder);
            replay.Run(reader, found.Token);
        }
        catch (OperationCanceledException) when (sink.Message is not null)
        {
            cancel.ThrowIfCancellationRequested();
        }

        return Of(folder, sink, MessageOf(expectedFile, sink.Start));
    }

    /// <summary>Writes the event, and both messages beside each other with the fields that differ marked.</summary>
    public void Show(IAnsiConsole console)
    {
        if (EventSequence is { } sequence)
        {
            console.WriteLine(FormattableString.Invariant(
                $"the first difference is message {Message}, which event {sequence} led to:"));
            console.WriteLine(string.Join(' ', Event.Select(static field => $"{field.Key}={field.Value}")));
        }
        else
        {
            console.WriteLine(
                FormattableString.Invariant($"the first difference is message {Message}: the replay sent none"));
        }

        FigureTable.Write(
            console, null, ["field", "", "expected", "replayed"],
            [
                ["message", Expected == Replayed ? "" : "*", Expected ?? "-", Replayed ?? "-"],
                .. Fields.Select(static field => (string[])
                    [field.Name, field.IsDifferent ? "*" : "", field.Expected ?? "-", field.Replayed ?? "-"]),
            ]);
    }

    private static FirstDifference Of(string folder, MessageAt sink, byte[] expected)
    {
        var (expectedName, expectedFields) = FieldsOf(expected);
        var (replayedName, replayedFields) = FieldsOf(sink.Message ?? []);
        var names = expectedFields.Select(static field => field.Key)
            .Union(replayedFields.Select(static field => field.Key));
        var (left, right) = (expectedFields.ToDictionary(), replayedFields.ToDictionary());
        return new FirstDifference
        {
            EventSequence = sink.EventSequence,
            Event = sink.EventSequence is { } sequence ? EventOf(folder, sequence) : [],
            Message = sink.Number,
            Expected = expectedName,
            Replayed = replayedName,
            Fields =
            [
                .. names.Select(name =>
                    new FieldPair(name, left.GetValueOrDefault(name), right.GetValueOrDefault(name))),
            ],
        };
    }

    /// <summary>The message of a file at a place; empty: the file ends there.</summary>
    private static byte[] MessageOf(string file, long start)
    {
        using var stream = File.OpenRead(file);
        stream.Position = Math.Min(start, stream.Length);
        var length = new byte[sizeof(int)];
        if (stream.ReadAtLeast(length, length.Length, throwOnEndOfStream: false) < length.Length)
            return [];

        // A file that is no such file may state any length.
        var bytes = BinaryPrimitives.ReadInt32LittleEndian(length);
        var message = new byte[Math.Clamp(bytes, 0, (int)Math.Min(int.MaxValue, stream.Length - stream.Position))];
        stream.ReadExactly(message);
        return message;
    }

    private static (string? Name, IReadOnlyList<KeyValuePair<string, string>> Fields) FieldsOf(byte[] message)
    {
        if (WireFields.Of(message) is { } wire)
            return (wire.Name, [.. wire.Fields.Select(static field => KeyValuePair.Create(field.Key, TextOf(field)))]);

        return message.Length == 0
            ? (null, [])
            : (null, [KeyValuePair.Create("bytes", Convert.ToHexStringLower(message))]);
    }

    private static string TextOf(KeyValuePair<string, object?> field) => field.Value switch
    {
        null => "none",
        long timeNs when field.Key.EndsWith("imeNs", StringComparison.Ordinal) => EventFields.TimeOf(timeNs),
        _ => Convert.ToString(field.Value, CultureInfo.InvariantCulture)!,
    };

    private static IReadOnlyList<KeyValuePair<string, string>> EventOf(string folder, long sequence)
    {
        using var reader = new JournalReader(folder);
        var e = default(PipelineEvent);
        while (reader.TryRead(ref e))
        {
            if (reader.Sequence == sequence)
            {
                return [.. EventFields.Of(e, sequence)
                    .Select(static field => KeyValuePair.Create(field.Name, EventFields.TextOf(field.Value)))];
            }
        }

        return [];
    }

    /// <summary>Keeps the message that a byte is in, and ends the replay with it.</summary>
    private sealed class MessageAt(long at, CancellationTokenSource found) : IOutboundSink
    {
        /// <summary>Of the event that the stages are at.</summary>
        public Func<long> Sequence { get; set; } = static () => 0;

        /// <summary>The place of the message's length; at the end, where the next message's would be.</summary>
        public long Start { get; private set; }

        public long Number { get; private set; }

        public byte[]? Message { get; private set; }

        public long? EventSequence { get; private set; }

        public bool TrySend(ReadOnlySpan<byte> message)
        {
            if (Message is not null)
                return true;

            var end = Start + sizeof(int) + message.Length;
            if (at < end)
            {
                Message = message.ToArray();
                EventSequence = Sequence();
                found.Cancel();
                return true;
            }

            Start = end;
            Number++;
            return true;
        }
    }
}
