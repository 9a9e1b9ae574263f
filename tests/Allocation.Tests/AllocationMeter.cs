namespace ExecutionPipeline.Allocation.Tests;

/// <summary>Counts the bytes that a body of code allocates, on a thread that does nothing else.</summary>
internal static class AllocationMeter
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Runs <paramref name="body"/> for the indices up to <paramref name="warmup"/>, then for
    /// <paramref name="measured"/> more, and returns the bytes that the second part allocated.
    /// </summary>
    public static long BytesOf(Action<int> body, int warmup, int measured)
    {
        long bytes = -1;
        Exception? problem = null;
        var thread = new Thread(() =>
        {
            try
            {
                for (var i = 0; i < warmup; i++)
                    body(i);

                var before = GC.GetAllocatedBytesForCurrentThread();
                for (var i = warmup; i < warmup + measured; i++)
                    body(i);
                bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            }
            catch (Exception thrown)
            {
                problem = thrown;
            }
        });
        thread.Start();
        Assert.That(thread.Join(Timeout), Is.True, "the measured code did not end");
        Assert.That(problem, Is.Null);
        return bytes;
    }
}
