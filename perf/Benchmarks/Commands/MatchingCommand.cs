using System.CommandLine;
using System.Text.Json;
using ExecutionPipeline.Benchmarks.Matching;

namespace ExecutionPipeline.Benchmarks.Commands;

/// <summary>
/// <c>matching</c>: how many messages a second one matching book takes on one thread, with exchange-core's mix and
/// with streams of the public matching-engine benchmark, whose results it prints as a hash.
/// </summary>
internal static class MatchingCommand
{
    private const string MixName = "mix";
    private const int MixMessages = 3_000_000;
    private const int MixResting = 1_000;
    private const int MixSeed = 1;

    public static Command Create()
    {
        var streams = new Option<DirectoryInfo>("--streams")
        {
            Description = "A folder with streams (*.bin) that the benchmark's generator has written.",
        };
        var rounds = MeasureCommand.Rounds("How often each flow is played.", 5);
        var json = new Option<FileInfo>("--json") { Description = "Writes the figures to this file." };
        streams.AcceptExistingOnly();
        var command = new Command("matching", "Plays flows of orders through one matching book.")
        {
            streams, rounds, json,
        };
        command.SetAction(parsed => Run(
            parsed.InvocationConfiguration,
            parsed.GetValue(streams)?.FullName,
            parsed.GetValue(rounds),
            parsed.GetValue(json)?.FullName));
        return command;
    }

    private static int Run(InvocationConfiguration console, string? folder, int rounds, string? jsonFile)
    {
        var figures = new List<object>();
        try
        {
            var mix = OrderFlow.Mix(MixMessages, MixResting, MixSeed);
            figures.Add(Measure(console, MixName, mix, MixResting, rounds, digest: null));
            string[] streams = folder == null ? [] : Directory.GetFiles(folder, "*.bin");
            foreach (var path in streams.Order(StringComparer.Ordinal))
            {
                var flow = OrderFlow.Read(path);
                var name = Path.GetFileNameWithoutExtension(path);
                figures.Add(Measure(console, name, flow, 0, rounds, FlowPlayer.DigestOf(flow)));
            }
        }
        catch (IOException problem)
        {
            console.Error.WriteLine(problem.Message);
            return 1;
        }

        if (jsonFile != null)
            File.WriteAllText(jsonFile, JsonSerializer.Serialize(figures, MeasureCommand.Json));

        return 0;
    }

    private static object Measure(
        InvocationConfiguration console, string name, FlowMessage[] flow, int untimed, int rounds, string? digest)
    {
        var results = Enumerable.Range(0, rounds).Select(_ => FlowPlayer.Play(flow, untimed)).ToArray();
        var rates = results.Select(result => (flow.Length - untimed) * 1e3 / result.ElapsedNs).Order().ToArray();
        var allocated = results.Max(result => result.AllocatedBytes);
        console.Output.WriteLine(string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{name,-14} median {rates[rates.Length / 2],6:F2}  best {rates[^1],6:F2} M messages/s  {allocated} bytes"
            + $"  {results[0].TradedQuantity} contracts  {digest}"));
        return new
        {
            Flow = name,
            Messages = flow.Length - untimed,
            MedianPerSecond = rates[rates.Length / 2] * 1e6,
            BestPerSecond = rates[^1] * 1e6,
            AllocatedBytes = allocated,
            results[0].TradedQuantity,
            Sha256 = digest,
        };
    }
}
