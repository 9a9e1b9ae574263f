using ExecutionPipeline.Quant;

namespace ExecutionPipeline.Execution.Algorithms;

/// <summary>
/// Moves the ends of slices by random amounts, so that nobody can tell the next slice by the last. What is moved is the
/// schedule's course, and never its beginning and end, so no contract is lost. The draw of a parent and slice is the
/// same whenever it is made.
/// </summary>
public readonly struct SliceRandomness
{
    /// <summary>Keeps these draws apart from those that decisions are sampled by, should both have one seed.</summary>
    private const ulong Stream = 0x51C3_0000_0000;

    private readonly ulong _seed;
    private readonly double _timeShare;
    private readonly double _sizeShare;

    /// <param name="seed">Of all draws.</param>
    /// <param name="timeShare">Farthest that a slice's end is moved, as a share of its length; below 0.5.</param>
    /// <param name="sizeShare">Farthest that a size is changed, as a share of it; below 1.</param>
    public SliceRandomness(long seed, double timeShare, double sizeShare)
    {
        _seed = (ulong)seed;
        _timeShare = timeShare;
        _sizeShare = sizeShare;
    }

    /// <summary>How far the end of a slice is moved, in nanoseconds.</summary>
    public long ShiftNs(ulong parentId, int slice, long lengthNs)
    {
        var farthestNs = (long)(lengthNs * _timeShare);
        var draw = Philox.Draw(_seed, parentId, Stream + (ulong)slice);
        return Within(draw.X, farthestNs);
    }

    /// <summary>
    /// How many contracts are moved over the boundary between two slices. Each slice has two boundaries, so half of its
    /// share goes to each, and the smaller slice counts.
    /// </summary>
    public int ShiftContracts(ulong parentId, int slice, int smallerSize)
    {
        var most = (int)(smallerSize * _sizeShare / 2);
        return most == 0 ? 0 : (int)Within(Philox.Draw(_seed, parentId, Stream + (ulong)slice).Y, most);
    }

    /// <summary>By how many contracts a peak departs from its size.</summary>
    public int ShiftPeak(ulong parentId, int peak, int size)
    {
        var most = (int)(size * _sizeShare);
        return most == 0 ? 0 : (int)Within(Philox.Draw(_seed, parentId, Stream + (ulong)peak).Z, most);
    }

    /// <summary>Evenly in [-most, most]: the high part of a product of 32 random bits.</summary>
    private static long Within(uint bits, long most) =>
        (long)((UInt128)bits * (ulong)(2 * most + 1) >> 32) - most;
}
