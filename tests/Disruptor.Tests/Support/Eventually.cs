namespace ExecutionPipeline.Disruptor.Tests.Support;

/// <summary>Waits for what other threads do, with a limit that only a failure reaches.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    public static void Holds(Func<bool> condition, string what)
    {
        Assert.That(SpinWait.SpinUntil(condition, Limit), Is.True, what);
    }

    /// <summary>As <see cref="Holds"/>, without the milliseconds of sleep.</summary>
    public static void HoldsSoon(Func<bool> condition, string what)
    {
        var start = TimeProvider.System.GetTimestamp();
        var spinWait = new AggressiveSpinWait();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > Limit)
                Assert.Fail(what);

            spinWait.SpinOnce();
        }
    }

    public static void Completes(Task task, string what)
    {
        Assert.That(task.Wait(Limit), Is.True, what);
    }

    public static T Result<T>(Task<T> task, string what)
    {
        Completes(task, what);
        return task.Result;
    }
}
