using System.Globalization;
using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.Benchmarks.Paired;
using ExecutionPipeline.Benchmarks.Streams;

namespace ExecutionPipeline.Benchmarks.Messaging;

/// <summary>
/// <c>streams [--against STREAMS.DLL --directory DIR] [--rounds N] [PATTERN…]</c>: this project's client with a driver
/// in this process, interleaved with another build of the same patterns at the driver of a directory.
/// </summary>
public static class StreamsCommand
{
    private const int DefaultRounds = 15;
    private const int BadUsage = 2;

    /// <summary>Runs the command.</summary>
    /// <returns>0, or 2 when the arguments are wrong.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        var rounds = DefaultRounds;
        var known = StreamPatterns.All().Keys.ToArray();
        var patterns = new List<string>();
        var (against, directory) = ((string?)null, (string?)null);
        for (var i = 0; i < args.Length; i++)
        {
            var value = i + 1 < args.Length ? args[i + 1] : string.Empty;
            if (args[i] == "--rounds" && int.TryParse(value, CultureInfo.InvariantCulture, out rounds) && rounds > 0)
                i++;
            else if (args[i] == "--against" && File.Exists(value))
                against = args[++i];
            else if (args[i] == "--directory" && Directory.Exists(value))
                directory = args[++i];
            else if (known.Contains(args[i]))
                patterns.Add(args[i]);
            else
                return Refuse(error, $"'{args[i]}' is no option and no pattern: {string.Join(", ", known)}");
        }

        if (against is null != directory is null)
            return Refuse(error, "--against names the other build, --directory that of its driver: give both");

        using var driver = MediaDriver.LaunchEmbedded(new MediaDriver.Context().TermBufferSparseFile(false));
        using var own = DriverProcess.Embedded();
        using var other = directory is null ? null : DriverProcess.Of(directory);
        List<StreamSide> sides = [new("this", StreamPatterns.All(), driver.AeronDirectoryName, own)];
        if (other is not null)
            sides.Add(new("against", Load(against!), directory!, other));

        foreach (var pattern in patterns.Count == 0 ? [.. known] : patterns)
            Measure(pattern, sides, other, rounds, output);

        return 0;
    }

    private static void Measure(
        string pattern,
        List<StreamSide> sides,
        DriverProcess? other,
        int rounds,
        TextWriter output)
    {
        foreach (var side in sides)
            side.Open(pattern);

        var subjects = sides.ConvertAll(side => new Subject(side.Name, time => side.Run(time, other)));
        new PairedRun(pattern, [.. subjects]).Run(rounds, output);
        foreach (var side in sides)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{pattern,-18} {side.Name,-10} driver {side.DriverShare,6:P2} of a core, "
                + $"{side.AllocatedBytes} bytes allocated"));
            side.Close();
        }
    }

    /// <summary>The patterns of another build, by reflection: both builds have the same type names.</summary>
    private static
        IReadOnlyDictionary<string, Func<string, (IDisposable Streams, Func<TimeSpan, double[]> Run, Func<long> Bytes)>>
        Load(string path)
    {
        var assembly = new BuildLoader(Path.GetFullPath(path)).LoadBuild();
        var type = assembly.GetType(typeof(StreamPatterns).FullName!, throwOnError: true)!;
        var all = type.GetMethod(nameof(StreamPatterns.All))!;
        return (IReadOnlyDictionary<string, Func<string, (IDisposable, Func<TimeSpan, double[]>, Func<long>)>>)
            all.Invoke(null, null)!;
    }

    private static int Refuse(TextWriter error, string what)
    {
        error.WriteLine($"streams: {what}");
        return BadUsage;
    }
}
