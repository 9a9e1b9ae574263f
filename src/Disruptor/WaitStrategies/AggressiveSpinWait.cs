using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Disruptor;

/// <summary>
/// A <see cref="SpinWait"/> that never sleeps for a millisecond: it pauses, then gives its time slice away.
/// </summary>
public struct AggressiveSpinWait
{
    internal const int NeverSleepOneMillisecond = -1;

    private SpinWait _spinWait;

    /// <summary>How often <see cref="SpinOnce"/> was called.</summary>
    public readonly int Count => _spinWait.Count;

    /// <summary>Waits a little, longer from call to call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SpinOnce() => _spinWait.SpinOnce(NeverSleepOneMillisecond);
}
