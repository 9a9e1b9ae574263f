namespace ExecutionPipeline.Benchmarks.Paired;

/// <summary>What is measured, and its figures so far.</summary>
internal sealed class Subject(string name, Func<TimeSpan, double[]> run, Placement placement)
{
    private readonly Dictionary<MachineState, List<double>> _chunksNs = [];

    public string Name => name;

    /// <summary>Runs once, for nothing: code is compiled and memory touched.</summary>
    public void WarmUp(TimeSpan time) => placement.Run(() => run(time));

    /// <summary>Runs once, with the raw round trip read before and after.</summary>
    public void Measure(TimeSpan time)
    {
        var before = MachineStates.Of(placement.Run(RawRoundTrip.MeasureNs));
        var chunks = placement.Run(() => run(time));
        var after = MachineStates.Of(placement.Run(RawRoundTrip.MeasureNs));

        var state = before == after ? before : MachineState.Mixed;
        if (!_chunksNs.TryGetValue(state, out var figures))
            _chunksNs.Add(state, figures = []);

        figures.AddRange(chunks);
    }

    /// <summary>The figures of each state of the machine, ascending.</summary>
    public IEnumerable<(MachineState State, double[] OrderedNs)> Figures()
    {
        return _chunksNs
            .Where(figures => figures.Value.Count != 0)
            .OrderBy(figures => figures.Key)
            .Select(figures => (figures.Key, figures.Value.Order().ToArray()));
    }
}
