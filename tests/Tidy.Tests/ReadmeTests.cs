using System.Text.RegularExpressions;
using ExecutionPipeline.Cli.CommandLine;

namespace ExecutionPipeline.Tidy.Tests;

/// <summary>The commands that the README tells a newcomer to type must exist.</summary>
public sealed partial class ReadmeTests
{
    private const string Readme = "README.md";
    private const string ThroughDotnet = "dotnet run -c Release --project tools/Cli -- ";

    private static IEnumerable<string> Commands() => Repository.HasFile(Readme)
        ? CodeBlocks().Matches(Repository.Read(Readme))
            .SelectMany(block => block.Groups[1].Value.Split('\n'))
            .Select(line => line.Split('#')[0].Trim().TrimStart('$').Trim())
            .Where(line => line.Length > 0)
        : [];

    [Test]
    public void ShouldNameTheTwoCommandsWhenRead()
    {
        Assert.That(Repository.HasFile(Readme), Is.True, "there is a README");
        Assert.That(Commands(), Does.Contain($"{ThroughDotnet}demo").And.Contain("dotnet test -c Release"));
    }

    [Test]
    public void ShouldParseWhenACommandOfXp()
    {
        var lines = Commands()
            .Select(line => line.Replace(ThroughDotnet, "", StringComparison.Ordinal))
            .Select(line => XpPrefix().Replace(line, ""))
            .Where(line => FirstWords.Contains(line.Split(' ')[0]));
        foreach (var line in lines)
        {
            var parsed = XpCommandLine.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), NoHandlers);
            Assert.That(parsed.UnmatchedTokens, Is.Empty, $"README: {line}");
            foreach (var option in line.Split(' ').Where(word => word.StartsWith("--", StringComparison.Ordinal)))
            {
                var names = parsed.CommandResult.Command.Options.Select(known => known.Name).Append("--help");
                Assert.That(names, Does.Contain(option.Split('=')[0]), $"README: {line}");
            }
        }
    }

    [Test]
    public void ShouldPointAtAFileWhenAProjectOrScriptIsNamed()
    {
        foreach (var line in Commands())
        {
            foreach (Match match in Projects().Matches(line))
            {
                var project = Path.Combine(Repository.Root, match.Groups[1].Value);
                Assert.That(Directory.Exists(project) || File.Exists(project), Is.True, $"README: {line}");
            }

            var first = line.Split(' ')[0].TrimStart('.', '/');
            if (line.StartsWith("./", StringComparison.Ordinal) || line.StartsWith(".ci/", StringComparison.Ordinal))
                Assert.That(Repository.HasFile(first) || Repository.HasFile("." + first), Is.True, $"README: {line}");
        }
    }

    private static readonly string[] FirstWords =
        [
        "demo", "config", "engine", "venue", "replay", "journal", "audit", "backtest", "simulate", "tca", "latency",
        "models", "hist", "driver",
        "stat", "streams", "errors", "status", "kill", "resume", "stop-entries", "resume-entries", "cancel-all",
        "close-all", "order", "doctor",
    ];

    private static XpHandlers NoHandlers { get; } = new()
    {
        Demo = (_, _) => Task.FromResult(0),
        Run = (_, _) => Task.FromResult(0),
        Up = (_, _) => Task.FromResult(0),
        Control = (_, _) => Task.FromResult(0),
        Top = (_, _) => Task.FromResult(0),
        Doctor = (_, _) => Task.FromResult(0),
        Operator = (_, _) => Task.FromResult(0),
        Engine = (_, _) => Task.FromResult(0),
        Venue = (_, _) => Task.FromResult(0),
        Replay = (_, _) => Task.FromResult(0),
        Journal = (_, _) => Task.FromResult(0),
        Audit = (_, _) => Task.FromResult(0),
        Backtest = (_, _) => Task.FromResult(0),
        BacktestSweep = (_, _) => Task.FromResult(0),
        Simulate = (_, _) => Task.FromResult(0),
        Tca = (_, _) => Task.FromResult(0),
        Latency = (_, _) => Task.FromResult(0),
        ModelsFit = (_, _) => Task.FromResult(0),
        ModelsVerify = (_, _) => Task.FromResult(0),
        ModelStore = (_, _) => Task.FromResult(0),
        Config = (_, _) => Task.FromResult(0),
        HistPrint = (_, _) => Task.FromResult(0),
        HistMerge = (_, _) => Task.FromResult(0),
        HistCompare = (_, _) => Task.FromResult(0),
        HistReport = (_, _) => Task.FromResult(0),
        Driver = (_, _) => Task.FromResult(0),
        Stat = (_, _) => Task.FromResult(0),
        Streams = (_, _) => Task.FromResult(0),
        Errors = (_, _) => Task.FromResult(0),
    };

    [GeneratedRegex("```(?:sh|bash|console|shell)?\\r?\\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlocks();

    [GeneratedRegex("^(\\S*/)?xp ")]
    private static partial Regex XpPrefix();

    [GeneratedRegex("--project (\\S+)")]
    private static partial Regex Projects();
}
