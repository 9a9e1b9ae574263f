using ExecutionPipeline.Benchmarks.Commands;

namespace ExecutionPipeline.Benchmarks.Paired;

/// <summary>
/// Runs subjects in turn, A B A B, with the raw round trip read between, so that each is measured under the same
/// changes of the machine.
/// </summary>
internal sealed class PairedRun(string pattern, Subject[] subjects)
{
    private static readonly TimeSpan RunTime = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromMilliseconds(20);

    /// <summary>Measures every subject so many times: a figure for each subject and state of the machine.</summary>
    public IEnumerable<Figure> Run(int rounds)
    {
        foreach (var subject in subjects)
            subject.WarmUp(WarmUpTime);

        for (var round = 0; round < rounds; round++)
        {
            foreach (var subject in subjects)
                subject.Measure(RunTime);
        }

        return subjects.SelectMany(subject => subject.Figures()
            .Select(figure => Figure.Of(pattern, subject.Name, figure.State.ToString(), figure.OrderedNs)));
    }
}
