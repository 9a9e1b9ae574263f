using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ExecutionPipeline.Benchmarks.Commands;
using ExecutionPipeline.Benchmarks.Queues;
using ExecutionPipeline.Benchmarks.Rings;
using ExecutionPipeline.Native;

namespace ExecutionPipeline.Benchmarks.Paired;

/// <summary>
/// <c>paired</c>: the ring, interleaved with the same patterns of another build of them, and with the framework's
/// queues.
/// </summary>
internal static class PairedCommand
{
    private const int DefaultRounds = 15;

    public static Command Create()
    {
        var pin = new Option<int[]>("--pin")
        {
            Description = "Processors, such as 0,1, for the threads of each pattern in the order of their start; "
                          + "nothing: wherever the system puts them.",
            HelpName = "LIST",
            CustomParser = ReadProcessors,
            DefaultValueFactory = _ => [],
        };
        return new MeasureCommand(
            "paired",
            "Plays the ring's patterns in turn with another build of them and with the framework's queues.",
            RingPatterns.All().Keys,
            DefaultRounds,
            (options, parsed) => Measure(options, new Placement(parsed.GetValue(pin)!)))
        {
            pin,
        };
    }

    private static int[] ReadProcessors(ArgumentResult given)
    {
        var allowed = ThreadAffinity.Allowed();
        var processors = new List<int>();
        foreach (var part in given.Tokens[0].Value.Split(','))
        {
            if (int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var processor)
                && allowed.Contains(processor))
                processors.Add(processor);
            else
                given.AddError($"--pin: '{part}' is none of the processors {string.Join(',', allowed)}");
        }

        return [.. processors];
    }

    private static IEnumerable<Figure> Measure(MeasureOptions options, Placement placement)
    {
        var sides = new Dictionary<string, IReadOnlyDictionary<string, Func<TimeSpan, double[]>>>
        {
            ["this"] = RingPatterns.All(),
        };
        if (options.Against is { } path)
            sides["against"] = BuildLoader.AllOf<Func<TimeSpan, double[]>>(
                path, typeof(RingPatterns), options.Patterns);

        return options.Patterns.SelectMany(
            pattern => new PairedRun(pattern, SubjectsOf(pattern, sides, placement)).Run(options.Rounds));
    }

    private static Subject[] SubjectsOf(
        string pattern,
        Dictionary<string, IReadOnlyDictionary<string, Func<TimeSpan, double[]>>> sides,
        Placement placement)
    {
        var rings = sides.Select(side => new Subject(side.Key, side.Value[pattern], placement));
        var queues = QueuePatterns.Of(pattern).Select(queue => new Subject(queue.Key, queue.Value, placement));
        return [.. rings, .. queues];
    }
}
