using System.Runtime.InteropServices;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Pipeline.Tests.Journal;

/// <summary>A journal with small segments, whose keeper takes a turn when a test says so.</summary>
internal sealed class JournalRig : IDisposable
{
    public JournalRig(
        string folder,
        long segmentBytes,
        JournalOptions? options = null,
        ISegmentFiles? files = null,
        Func<long>? snapshots = null,
        Action<string, string, CancellationToken>? move = null)
    {
        var none = default(ConfigurationHash);
        options ??= new JournalOptions();
        Journal = new EventJournal(
            folder, options, in none, JournalPosition.Start, files ?? new MappedSegmentFiles(), segmentBytes,
            retention: new SegmentRetention(options, snapshots, move));
    }

    public EventJournal Journal { get; }

    /// <summary>Appends, and lets the keeper make the next segment.</summary>
    public void Append(ref PipelineEvent e)
    {
        Journal.Append(in e);
        Journal.Keeper.TakeTurn(0);
    }

    /// <summary>Appends timers with ids from <paramref name="firstId"/> on.</summary>
    public void AppendTimers(int count, ulong firstId = 1)
    {
        for (var i = 0; i < count; i++)
        {
            var e = Timer(firstId + (ulong)i);
            Append(ref e);
        }
    }

    /// <summary>A timer whose last byte is no zero, so that every cut is seen.</summary>
    public static PipelineEvent Timer(ulong id)
    {
        var e = new PipelineEvent { Header = { Kind = EventKind.Timer, CorrelationId = id, TimeNs = (long)id } };
        e.Payload.Timer = new TimerTick { TimerId = id, Subject = ulong.MaxValue };
        return e;
    }

    /// <summary>The bytes of the payload that the event's kind has.</summary>
    public static byte[] PayloadOf(ref readonly PipelineEvent e) => MemoryMarshal
        .AsBytes(new ReadOnlySpan<EventPayload>(in e.Payload))[
            ..(RecordLayout.BodyBytesOf(e.Header.Kind) - EventHeader.SizeBytes)]
        .ToArray();

    public void Dispose() => Journal.Dispose();
}
