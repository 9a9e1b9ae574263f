using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using ExecutionPipeline.Pipeline.Journal;

namespace ExecutionPipeline.Pipeline.Tests.Support;

/// <summary>The system's files on a disk that a power failure takes back to what was synced.</summary>
internal sealed class LosingFiles : ISegmentFiles
{
    private readonly MappedSegmentFiles _files = new();
    private readonly ConcurrentDictionary<string, byte[]> _stable = new();

    public ISegmentFile Create(string path, long bytes)
    {
        _stable[Path.GetFileName(path)] = new byte[bytes];
        return new LosingFile(_files.Create(path, bytes), _stable[Path.GetFileName(path)]);
    }

    /// <summary>Takes from a copy of the journal's folder what no sync has brought onto the disk.</summary>
    public void FailPower(string copy)
    {
        foreach (var path in JournalFiles.In(copy).Values)
        {
            if (!_stable.TryGetValue(Path.GetFileName(path), out var stable))
                continue;

            lock (stable)
                File.WriteAllBytes(path, stable);
        }
    }

    private sealed class LosingFile(ISegmentFile file, byte[] stable) : ISegmentFile
    {
        public nint Address => file.Address;

        public void Sync(long offset, long bytes)
        {
            lock (stable)
                Marshal.Copy(file.Address + (nint)offset, stable, (int)offset, (int)bytes);
        }

        public void Dispose() => file.Dispose();
    }
}
