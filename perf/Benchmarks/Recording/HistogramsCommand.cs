using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using ExecutionPipeline.Benchmarks.Histograms;

namespace ExecutionPipeline.Benchmarks.Recording;

/// <summary>
/// <c>histograms [--against HISTOGRAMS.DLL] [--rounds N] [PATTERN…]</c>: what a call of a histogram costs, chunk by
/// chunk in turn with another build of the same patterns, so that both see the same changes of the machine.
/// </summary>
public static class HistogramsCommand
{
    private const int SetUps = 9;
    private const int DefaultRounds = 100;
    private const int WarmUpRounds = 10;
    private const int BadUsage = 2;

    /// <summary>Runs the command.</summary>
    /// <returns>0, or 2 when the arguments are wrong.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        var rounds = DefaultRounds;
        var own = HistogramPatterns.All();
        IReadOnlyDictionary<string, Func<Func<int>>>? other = null;
        var patterns = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            var value = i + 1 < args.Length ? args[i + 1] : string.Empty;
            if (args[i] == "--rounds" && int.TryParse(value, CultureInfo.InvariantCulture, out rounds) && rounds > 0)
                i++;
            else if (args[i] == "--against" && File.Exists(value))
                other = Load(args[++i]);
            else if (own.ContainsKey(args[i]))
                patterns.Add(args[i]);
            else
            {
                error.WriteLine($"histograms: '{args[i]}' is no option and no pattern: {string.Join(", ", own.Keys)}");
                return BadUsage;
            }
        }

        foreach (var pattern in patterns.Count == 0 ? own.Keys : patterns)
        {
            Func<Func<int>>[] sides = other is null ? [own[pattern]] : [own[pattern], other[pattern]];
            Print(pattern, Measure(sides, rounds), output);
        }

        return 0;
    }

    /// <summary>The patterns of another build, by reflection: both builds have the same type names.</summary>
    private static IReadOnlyDictionary<string, Func<Func<int>>> Load(string path)
    {
        var type = Assembly.LoadFrom(Path.GetFullPath(path)).GetType(typeof(HistogramPatterns).FullName!, true)!;
        var all = type.GetMethod(nameof(HistogramPatterns.All))!;
        return (IReadOnlyDictionary<string, Func<Func<int>>>)all.Invoke(null, null)!;
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

    private static void Print(string pattern, double[][] sides, TextWriter output)
    {
        var text = string.Join("  ", sides.Select((chunksNs, side) => string.Create(
            CultureInfo.InvariantCulture,
            $"{(side == 0 ? "this" : "against")} p10 {At(chunksNs, 0.1),8:F2} p50 {At(chunksNs, 0.5),8:F2} ns")));
        var ratio = sides.Length < 2 ? 1 : At(sides[0], 0.5) / At(sides[1], 0.5);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{pattern,-21} {text}  ratio {ratio:F2}"));
    }

    private static double At(double[] ordered, double share) => ordered[(int)(share * (ordered.Length - 1))];
}
