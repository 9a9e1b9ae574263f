using System.Runtime.InteropServices;
using ExecutionPipeline.Pipeline.Journal;

namespace ExecutionPipeline.Simulation.Disk;

/// <summary>
/// A file of a <see cref="VirtualDisk"/>: the pages that the process writes, and what of them is on the disk. A sync
/// brings whole sectors there.
/// </summary>
internal sealed class VirtualFile(VirtualDisk disk, string path, int bytes) : ISegmentFile
{
    public const int SectorBytes = 512;

    private readonly byte[] _pages = GC.AllocateArray<byte>(bytes, pinned: true);
    private readonly byte[] _stable = new byte[bytes];
    private (long Offset, long Bytes) _late;

    public string Path => path;

    /// <summary>What is on the disk.</summary>
    public Span<byte> Stable => _stable;

    /// <summary>Whether what is on the disk has changed since it was last read.</summary>
    public bool IsChanged { get; set; } = true;

    public nint Address => Marshal.UnsafeAddrOfPinnedArrayElement(_pages, 0);

    public void Sync(long offset, long count)
    {
        disk.OnSync();
        if (disk.SyncsOneLate)
            ((offset, count), _late) = (_late, (offset, count));

        var from = (int)(offset / SectorBytes * SectorBytes);
        var to = (int)Math.Min(bytes, (offset + count + SectorBytes - 1) / SectorBytes * SectorBytes);
        _pages.AsSpan(from, to - from).CopyTo(_stable.AsSpan(from));
        IsChanged = true;
    }

    /// <summary>The process is gone and the system is not: all pages come onto the disk.</summary>
    public void KeepAll()
    {
        if (_pages.AsSpan().SequenceEqual(_stable))
            return;

        _pages.CopyTo(_stable.AsSpan());
        IsChanged = true;
    }

    /// <summary>The power is gone: of each sector that was not synced, all, nothing or a part is there.</summary>
    public void KeepSome(SeededDice dice)
    {
        for (var at = 0; at < bytes; at += SectorBytes)
        {
            var length = Math.Min(SectorBytes, bytes - at);
            var pages = _pages.AsSpan(at, length);
            var stable = _stable.AsSpan(at, length);
            if (pages.SequenceEqual(stable))
                continue;

            var kept = dice.Below(4) switch { 0 => length, 1 => dice.Below(length), _ => 0 };
            pages[..kept].CopyTo(stable);
            stable.CopyTo(pages);
            IsChanged = true;
        }
    }

    /// <summary>Takes off what lies from a place on, on the disk.</summary>
    public void Cut(long offset)
    {
        _stable.AsSpan((int)offset).Clear();
        _pages.AsSpan((int)offset).Clear();
        IsChanged = true;
    }

    public void Dispose()
    {
    }
}
