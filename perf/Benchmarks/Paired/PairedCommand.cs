using System.CommandLine;
using ExecutionPipeline.Benchmarks.Commands;
using ExecutionPipeline.Benchmarks.Queues;
using ExecutionPipeline.Benchmarks.Rings;

namespace ExecutionPipeline.Benchmarks.Paired;

/// <summary>
/// <c>paired</c>: the ring, interleaved with the same patterns of another build of them, and with the framework's
/// queues.
/// </summary>
internal static class PairedCommand
{
    private const int DefaultRounds = 15;

    public static Command Create() => new MeasureCommand(
        "paired",
        "Plays the ring's patterns in turn with another build of them and with the framework's queues.",
        RingPatterns.All().Keys,
        DefaultRounds,
        (options, _) => Measure(options));

    private static IEnumerable<Figure> Measure(MeasureOptions options)
    {
        var sides = new Dictionary<string, IReadOnlyDictionary<string, Func<TimeSpan, double[]>>>
        {
            ["this"] = RingPatterns.All(),
        };
        if (options.Against is { } path)
            sides["against"] = BuildLoader.AllOf<Func<TimeSpan, double[]>>(
                path, typeof(RingPatterns), options.Patterns);

        return options.Patterns.SelectMany(
            pattern => new PairedRun(pattern, SubjectsOf(pattern, sides)).Run(options.Rounds));
    }

    private static Subject[] SubjectsOf(
        string pattern,
        Dictionary<string, IReadOnlyDictionary<string, Func<TimeSpan, double[]>>> sides)
    {
        var rings = sides.Select(side => new Subject(side.Key, side.Value[pattern]));
        var queues = QueuePatterns.Of(pattern).Select(queue => new Subject(queue.Key, queue.Value));
        return [.. rings, .. queues];
    }
}
