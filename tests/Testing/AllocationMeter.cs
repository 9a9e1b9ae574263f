namespace ExecutionPipeline.Testing;

/// <summary>
/// Counts the bytes that code allocates on the calling thread, without what the runtime adds by chance: a class that
/// it initialises late, or a method that it compiles anew, costs bytes once. So the code is measured again and again,
/// and the fewest bytes count: code that allocates does so each time. The same code must do the same work each time.
/// </summary>
public sealed class AllocationMeter
{
    /// <summary>How often code that allocates is measured.</summary>
    public const int Repetitions = 5;

    private long _before;

    /// <summary>The fewest bytes between <see cref="Begin"/> and <see cref="End"/>; -1 before the first end.</summary>
    public long FewestBytes { get; private set; } = -1;

    /// <summary>Runs <paramref name="act"/> once to warm up; then measures it until it allocates nothing.</summary>
    /// <returns>The fewest bytes of a measured run.</returns>
    public static long FewestBytesOf(Action act)
    {
        act();
        return FewestBytesOfEach(() => act);
    }

    /// <summary>
    /// As the other, for code that counts its rounds: it runs for the rounds below <paramref name="warmUp"/>, and for
    /// the next <paramref name="measured"/> ones in each measured run.
    /// </summary>
    public static long FewestBytesOf(Action<int> body, int warmUp, int measured)
    {
        var round = 0;
        Run(warmUp);
        return FewestBytesOfEach(() => () => Run(measured));

        void Run(int rounds)
        {
            for (var end = round + rounds; round < end; round++)
                body(round);
        }
    }

    /// <summary>
    /// As the others, for code that uses something up: <paramref name="prepare"/> sets it up and warms it up before
    /// each measured run, and returns what is measured.
    /// </summary>
    public static long FewestBytesOfEach(Func<Action> prepare)
    {
        var meter = new AllocationMeter();
        for (var i = 0; i < Repetitions && meter.FewestBytes != 0; i++)
        {
            var act = prepare();
            meter.Begin();
            act();
            meter.End();
        }

        return meter.FewestBytes;
    }

    /// <summary>Starts a measurement on the calling thread.</summary>
    public void Begin() => _before = GC.GetAllocatedBytesForCurrentThread();

    /// <summary>Ends the measurement that this thread began.</summary>
    public void End()
    {
        var bytes = GC.GetAllocatedBytesForCurrentThread() - _before;
        FewestBytes = FewestBytes < 0 ? bytes : Math.Min(FewestBytes, bytes);
    }
}
