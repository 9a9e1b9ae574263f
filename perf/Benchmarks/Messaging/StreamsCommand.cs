using System.CommandLine;
using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.Benchmarks.Commands;
using ExecutionPipeline.Benchmarks.Paired;
using ExecutionPipeline.Benchmarks.Streams;
using StreamRun = (System.IDisposable Streams, System.Func<System.TimeSpan, double[]> Run, System.Func<long> Bytes);

namespace ExecutionPipeline.Benchmarks.Messaging;

/// <summary>
/// <c>streams</c>: this project's client with a driver in this process, interleaved with another build of the same
/// patterns at the driver of a directory.
/// </summary>
internal static class StreamsCommand
{
    private const int DefaultRounds = 15;

    public static Command Create()
    {
        var directory = new Option<DirectoryInfo>("--directory")
        {
            Description = "Where the other build's media driver runs.",
        };
        directory.AcceptExistingOnly();
        var command = new MeasureCommand(
            "streams",
            "Plays the patterns of a stream in turn with another build of them at its own media driver.",
            StreamPatterns.All().Keys,
            DefaultRounds,
            (options, parsed) => Measure(options, parsed.GetValue(directory)?.FullName))
        {
            directory,
        };
        command.Validators.Add(given =>
        {
            if (given.GetResult("--against") is null != given.GetResult(directory) is null)
                given.AddError("--against names the other build, --directory that of its driver: give both");
        });
        return command;
    }

    private static IEnumerable<Figure> Measure(MeasureOptions options, string? directory)
    {
        using var driver = MediaDriver.LaunchEmbedded(new MediaDriver.Context().TermBufferSparseFile(false));
        using var own = DriverProcess.Embedded();
        using var other = directory is null ? null : DriverProcess.Of(directory);
        List<StreamSide> sides = [new("this", StreamPatterns.All(), driver.AeronDirectoryName, own)];
        if (other is not null)
        {
            var patterns = BuildLoader.AllOf<Func<string, StreamRun>>(
                options.Against!, typeof(StreamPatterns), options.Patterns);
            sides.Add(new StreamSide("against", patterns, directory!, other));
        }

        foreach (var pattern in options.Patterns)
        {
            foreach (var figure in Measure(pattern, sides, other, options.Rounds))
                yield return figure;
        }
    }

    private static List<Figure> Measure(string pattern, List<StreamSide> sides, DriverProcess? other, int rounds)
    {
        foreach (var side in sides)
            side.Open(pattern);

        var subjects = sides.ConvertAll(
            side => new Subject(side.Name, time => side.Run(time, other), Placement.Anywhere));
        var timed = new PairedRun(pattern, [.. subjects]).Run(rounds).ToLookup(figure => figure.Side);
        var figures = sides.SelectMany(side => timed[side.Name]
            .DefaultIfEmpty(new Figure(pattern, side.Name, null, 0))
            .Select(figure => figure with { DriverShare = side.DriverShare, AllocatedBytes = side.AllocatedBytes }))
            .ToList();
        foreach (var side in sides)
            side.Close();

        return figures;
    }
}
