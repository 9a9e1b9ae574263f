using System.Runtime.InteropServices;
using ExecutionPipeline.Pipeline.Journal;

namespace ExecutionPipeline.Simulation.Disk;

/// <summary>
/// A file of a <see cref="VirtualDisk"/>: the pages that the process writes, and what of them is on the disk. A sync
/// brings whole sectors there.
/// </summary>
internal sealed class VirtualFile(VirtualDisk disk, int bytes) : ISegmentFile
{
    public const int SectorBytes = 512;

    private readonly byte[] _pages = GC.AllocateArray<byte>(bytes, pinned: true);
    private readonly byte[] _stable = new byte[bytes];
    private (long Offset, long Bytes) _late;

    /// <summary>Where it is on the disk.</summary>
    public string Path { get; private set; } = "";

    public int Bytes => bytes;

    /// <summary>Whether it is written no more.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>What is on the disk.</summary>
    public ReadOnlySpan<byte> Stable => _stable;

    /// <summary>Whether all that was written is on the disk.</summary>
    public bool IsSynced => _pages.AsSpan().SequenceEqual(_stable);

    public nint Address => Marshal.UnsafeAddrOfPinnedArrayElement(_pages, 0);

    /// <summary>Makes it a new file of zeros.</summary>
    public void Begin(string path)
    {
        Path = path;
        IsClosed = false;
        _late = default;
        _pages.AsSpan().Clear();
        _stable.AsSpan().Clear();
    }

    public void Sync(long offset, long count)
    {
        disk.OnSync();
        if (disk.SyncsOneLate)
            ((offset, count), _late) = (_late, (offset, count));

        var from = (int)(offset / SectorBytes * SectorBytes);
        var to = (int)Math.Min(bytes, (offset + count + SectorBytes - 1) / SectorBytes * SectorBytes);
        _pages.AsSpan(from, to - from).CopyTo(_stable.AsSpan(from));
    }

    /// <summary>The process is gone and the system is not: all pages come onto the disk.</summary>
    public void KeepAll() => _pages.CopyTo(_stable.AsSpan());

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
        }
    }

    /// <summary>The process writes it no more.</summary>
    public void Dispose()
    {
        IsClosed = true;
        disk.Close(this);
    }
}
