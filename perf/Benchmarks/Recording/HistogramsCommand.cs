using System.CommandLine;
using System.Diagnostics;
using ExecutionPipeline.Benchmarks.Commands;
using ExecutionPipeline.Benchmarks.Histograms;
using ExecutionPipeline.Benchmarks.Paired;

namespace ExecutionPipeline.Benchmarks.Recording;

/// <summary>
/// <c>histograms</c>: what a call of a histogram costs, chunk by chunk in turn with another build of the same patterns,
/// so that both see the same changes of the machine.
/// </summary>
internal static class HistogramsCommand
{
    private const int SetUps = 9;
    private const int DefaultRounds = 100;
    private const int WarmUpRounds = 10;

    public static Command Create() => new MeasureCommand(
        "histograms",
        "Calls histograms, chunk by chunk in turn with another build of the patterns.",
        HistogramPatterns.All().Keys,
        DefaultRounds,
        (options, _) => Measure(options));

    private static IEnumerable<Figure> Measure(MeasureOptions options)
    {
        var sides = new Dictionary<string, IReadOnlyDictionary<string, Func<Func<int>>>>
        {
            ["this"] = HistogramPatterns.All(),
        };
        if (options.Against is { } path)
            sides["against"] = BuildLoader.AllOf<Func<Func<int>>>(
                path, typeof(HistogramPatterns), options.Patterns);

        return options.Patterns.SelectMany(pattern =>
        {
            var chunksNs = Measure([.. sides.Values.Select(side => side[pattern])], options.Rounds);
            return sides.Keys.Select((name, side) => Figure.Of(pattern, name, null, chunksNs[side]));
        });
    }

    /// <summary>Nanoseconds a call, ascending, for each side.</summary>
    /// <remarks>
    /// Each side is set up several times: where its memory happens to lie makes a fifth of the time of a call.
    /// </remarks>
    private static double[][] Measure(Func<Func<int>>[] sides, int rounds)
    {
        var chunksNs = Array.ConvertAll(sides, _ => new List<double>());
        for (var setUp = 0; setUp < SetUps; setUp++)
        {
            var plays = Array.ConvertAll(sides, side => side());
            for (var round = -WarmUpRounds; round < rounds; round++)
            {
                for (var side = 0; side < plays.Length; side++)
                {
                    var ns = TimeNs(plays[side]);
                    if (round >= 0)
                        chunksNs[side].Add(ns);
                }
            }
        }

        return Array.ConvertAll(chunksNs, chunks => chunks.Order().ToArray());
    }

    private static double TimeNs(Func<int> play)
    {
        var start = Stopwatch.GetTimestamp();
        var calls = play();
        return (Stopwatch.GetTimestamp() - start) * 1e9 / Stopwatch.Frequency / calls;
    }
}
