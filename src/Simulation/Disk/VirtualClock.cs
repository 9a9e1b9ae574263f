namespace ExecutionPipeline.Simulation.Disk;

/// <summary>The time that a disk is measured by: it stands still but for what a slow disk takes.</summary>
internal sealed class VirtualClock : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;

    public void Pass(TimeSpan time) => _ticks += time.Ticks;
}
