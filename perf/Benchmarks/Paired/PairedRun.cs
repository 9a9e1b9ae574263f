namespace ExecutionPipeline.Benchmarks.Paired;

/// <summary>
/// Runs subjects in turn, A B A B, with the raw round trip read between, so that each is measured under the same
/// changes of the machine.
/// </summary>
internal sealed class PairedRun(string pattern, Subject[] subjects)
{
    private static readonly TimeSpan RunTime = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Measures every subject so many times and prints a line for each subject and state of the machine.
    /// </summary>
    public void Run(int rounds, TextWriter output)
    {
        foreach (var subject in subjects)
            subject.WarmUp(WarmUpTime);

        for (var round = 0; round < rounds; round++)
        {
            foreach (var subject in subjects)
                subject.Measure(RunTime);
        }

        foreach (var subject in subjects)
            Print(subject, output);
    }

    private void Print(Subject subject, TextWriter output)
    {
        foreach (var (state, orderedNs) in subject.Figures())
        {
            output.WriteLine(
                $"{pattern,-18} {subject.Name,-10} {state,-7} {orderedNs.Length,8} timed  "
                + $"p10 {At(orderedNs, 0.1),9:F2}  p50 {At(orderedNs, 0.5),9:F2}  p90 {At(orderedNs, 0.9),9:F2}  "
                + $"p99 {At(orderedNs, 0.99),9:F2}  p99.9 {At(orderedNs, 0.999),9:F2} ns  "
                + $"{1e3 / At(orderedNs, 0.5),8:F1} M/s");
        }
    }

    private static double At(double[] ordered, double share) => ordered[(int)(share * (ordered.Length - 1))];
}
