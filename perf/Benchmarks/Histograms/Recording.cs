namespace ExecutionPipeline.Benchmarks.Histograms;

/// <summary>Records the same values again and again.</summary>
public static class Recording
{
    /// <summary>What records all values once, and checks that they are counted.</summary>
    /// <exception cref="InvalidOperationException">Thrown by what is returned, when values are lost.</exception>
    public static Func<int> Of<TCalls>(TCalls calls, long[] values)
        where TCalls : struct, IRecordingCalls
    {
        var expected = 0L;
        return () =>
        {
            RecordAll(calls, values);
            expected += values.Length;
            if (calls.TotalCount != expected)
                throw new InvalidOperationException($"{calls.TotalCount} values are counted, {expected} were recorded");

            return values.Length;
        };
    }

    private static void RecordAll<TCalls>(TCalls calls, long[] values)
        where TCalls : struct, IRecordingCalls
    {
        foreach (var value in values)
            calls.Record(value);
    }
}
