using System.Globalization;
using ExecutionPipeline.Benchmarks.Queues;
using ExecutionPipeline.Benchmarks.Rings;

namespace ExecutionPipeline.Benchmarks.Paired;

/// <summary>
/// <c>paired [--against RINGS.DLL] [--rounds N] [PATTERN…]</c>: the ring, interleaved with the same patterns of
/// another build of them, and with the framework's queues.
/// </summary>
public static class PairedCommand
{
    private const int DefaultRounds = 15;
    private const int BadUsage = 2;

    /// <summary>Runs the command.</summary>
    /// <returns>0, or 2 when the arguments are wrong.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        var rounds = DefaultRounds;
        var libraries = new Dictionary<string, IReadOnlyDictionary<string, Func<TimeSpan, double[]>>>
        {
            ["this"] = RingPatterns.All(),
        };
        var patterns = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            var value = i + 1 < args.Length ? args[i + 1] : string.Empty;
            if (args[i] == "--rounds" && int.TryParse(value, CultureInfo.InvariantCulture, out rounds))
                i++;
            else if (args[i] == "--against" && File.Exists(value))
                libraries["against"] = Load(args[++i]);
            else if (libraries["this"].ContainsKey(args[i]))
                patterns.Add(args[i]);
            else
                return Refuse(error, args[i], libraries["this"].Keys);
        }

        foreach (var pattern in patterns.Count == 0 ? [.. libraries["this"].Keys] : patterns)
            new PairedRun(pattern, SubjectsOf(pattern, libraries)).Run(rounds, output);

        return 0;
    }

    private static Subject[] SubjectsOf(
        string pattern,
        Dictionary<string, IReadOnlyDictionary<string, Func<TimeSpan, double[]>>> libraries)
    {
        var rings = libraries.Select(library => new Subject(library.Key, library.Value[pattern]));
        var queues = QueuePatterns.Of(pattern).Select(queue => new Subject(queue.Key, queue.Value));
        return [.. rings, .. queues];
    }

    /// <summary>The patterns of another build, by reflection: both builds have the same type names.</summary>
    private static IReadOnlyDictionary<string, Func<TimeSpan, double[]>> Load(string path)
    {
        var assembly = new BuildLoader(Path.GetFullPath(path)).LoadBuild();
        var type = assembly.GetType(typeof(RingPatterns).FullName!, throwOnError: true)!;
        var all = type.GetMethod(nameof(RingPatterns.All))!;
        return (IReadOnlyDictionary<string, Func<TimeSpan, double[]>>)all.Invoke(null, null)!;
    }

    private static int Refuse(TextWriter error, string argument, IEnumerable<string> patterns)
    {
        error.WriteLine($"paired: '{argument}' is no option and no pattern. Patterns: {string.Join(", ", patterns)}");
        return BadUsage;
    }
}
