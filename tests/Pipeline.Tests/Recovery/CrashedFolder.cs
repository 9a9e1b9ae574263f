using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Journal;

namespace ExecutionPipeline.Pipeline.Tests.Recovery;

/// <summary>Journals' folders as a killed process leaves them: what was written into mapped files is there.</summary>
internal sealed class CrashedFolder : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("xp-crash-").FullName;
    private int _count;

    /// <summary>A folder that is not there yet.</summary>
    public string New() => Path.Combine(_root, $"{_count++}");

    /// <summary>A copy of a journal that may be written meanwhile.</summary>
    public string Copy(string folder)
    {
        var copy = New();
        Copy(folder, copy);
        return copy;
    }

    /// <summary>Tears the last event: all behind its record's header was never written.</summary>
    public static void Tear(string folder)
    {
        const int headerBytes = 16;
        using var reader = new JournalReader(folder, owner: null);
        var e = default(PipelineEvent);
        var last = 0L;
        while (reader.TryReadRecord(ref e))
            last = reader.Kind == RecordKind.Event ? reader.Offset : last;

        using var file = new FileStream(reader.SegmentPath, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.Position = last + headerBytes;
        file.Write(new byte[reader.Position.Offset - file.Position]);
    }

    /// <summary>Takes away the first event that is wanted and all behind it: they were never written.</summary>
    public static void CutBefore(string folder, Func<PipelineEvent, bool> isWanted)
    {
        using var reader = new JournalReader(folder);
        var e = default(PipelineEvent);
        do
            Assert.That(reader.TryReadRecord(ref e), "there is no such event");
        while (!isWanted(e));

        using var file = new FileStream(reader.SegmentPath, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        var length = file.Length;
        file.SetLength(reader.Offset);
        file.SetLength(length);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var path in Directory.EnumerateFiles(from).Where(static path => !path.EndsWith(JournalLock.FileName)))
            File.Copy(path, Path.Combine(to, Path.GetFileName(path)));
        foreach (var path in Directory.EnumerateDirectories(from))
            Copy(path, Path.Combine(to, Path.GetFileName(path)));
    }
}
