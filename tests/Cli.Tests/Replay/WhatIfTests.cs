using System.Text.Json;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Replay;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Recovery;

namespace ExecutionPipeline.Cli.Tests.Replay;

/// <summary>The same inputs with something else, beside the same inputs as they were.</summary>
public sealed class WhatIfTests
{
    private string _folder = "";

    private string Journal => Path.Combine(_folder, "journal");

    private string Figures => Path.Combine(_folder, "figures.json");

    [OneTimeSetUp]
    public void Record()
    {
        _folder = Directory.CreateTempSubdirectory("xp-what-if-").FullName;
        BacktestJournal.Write(Journal);
    }

    [OneTimeTearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldComeToTheSameWhenWhatIsSetIsAsItWas()
    {
        var figures = Ask("--set", "inference.seed=42");

        Assert.That(figures.GetProperty("signals_otherwise").GetInt64(), Is.Zero);
        Assert.That(Of(figures, "base", "signals"), Is.EqualTo(BacktestJournal.Signals));
        Assert.That(Of(figures, "base", "orders"), Is.GreaterThan(20));
        Assert.That(
            figures.GetProperty("what_if").GetProperty("outbound_sha256").GetString(),
            Is.EqualTo(figures.GetProperty("base").GetProperty("outbound_sha256").GetString()));
    }

    [Test]
    public void ShouldRefuseByTheLimitWhenItIsLower()
    {
        var figures = Ask("--set", "limits.max_position=2");

        var (asWas, other) = (figures.GetProperty("base"), figures.GetProperty("what_if"));
        Assert.That(figures.GetProperty("signals_otherwise").GetInt64(), Is.Positive);
        Assert.That(Of(figures, "what_if", "contracts_ordered"), Is.LessThan(Of(figures, "base", "contracts_ordered")));
        Assert.That(
            other.GetProperty("configuration").GetString(),
            Is.Not.EqualTo(asWas.GetProperty("configuration").GetString()));
        Assert.That(Of(figures, "what_if", "net_pnl"), Is.Not.EqualTo(Of(figures, "base", "net_pnl")));
        Assert.That(Refusals(other), Is.GreaterThan(Refusals(asWas)));
    }

    [Test]
    public void ShouldWorkEveryDecisionByTheAlgorithmThatIsNamed()
    {
        var report = Path.Combine(_folder, "report");
        var figures = Ask("--set", "strategy=IMMEDIATE", "--report", report);

        Assert.That(
            Of(figures, "what_if", "child_orders"), Is.LessThan(Of(figures, "base", "child_orders")),
            "nothing is worked in slices");
        var page = File.ReadAllText(Path.Combine(report, WhatIfRunner.Page));
        Assert.That(page, Does.Contain("strategy=IMMEDIATE").And.Contain("What this is, and what it is not"));
    }

    [Test]
    public void ShouldAccountForEveryCentOfBothRuns()
    {
        var figures = Ask("--set", "limits.max_position=10");

        foreach (var run in (string[])["base", "what_if"])
        {
            var outcome = figures.GetProperty(run);
            Assert.That(
                outcome.GetProperty("net_pnl").GetDecimal(),
                Is.EqualTo(outcome.GetProperty("gross_pnl").GetDecimal() - outcome.GetProperty("fees").GetDecimal()));
            Assert.That(outcome.GetProperty("open_trades").GetInt32(), Is.Zero);
        }
    }

    /// <summary>A daemon's configuration lies beside its journal; its file may have had other limits since.</summary>
    [Test]
    public void ShouldHaveAllElseAsItWasWhenAKeyIsSetOverTheJournalsOwnConfiguration([Values] bool isReloaded)
    {
        var (file, reloaded) = (Path.Combine(_folder, "own.json"), Path.Combine(_folder, "reloaded.json"));
        File.WriteAllText(file, """{ "limits": { "max_position": 7 }, "inference": { "seed": 43 } }""");
        File.WriteAllText(reloaded, """{ "limits": { "max_position": 2 }, "inference": { "seed": 43 } }""");
        var journal = Path.Combine(_folder, $"own-{isReloaded}");
        BacktestJournal.Write(journal, file);
        JournalConfiguration.Write(journal, DemoConfiguration.LoadScheduled(file));
        string[] configured = isReloaded ? ["--base-config", reloaded] : [];

        var figures = AskOf(journal, [.. configured, "--set", "inference.seed=43"]);

        Assert.That(
            figures.GetProperty("what_if").GetProperty("configuration").GetString(),
            Is.EqualTo(figures.GetProperty("base").GetProperty("configuration").GetString()));
        Assert.That(figures.GetProperty("signals_otherwise").GetInt64(), Is.Zero);
        Assert.That(Of(figures, "base", "orders"), Is.Positive);
    }

    [Test]
    public void ShouldCountASignalAsOtherwiseWhenOnlyOneRunTakesIt()
    {
        var figures = Ask("--set", "instruments[0].max_price=100");

        Assert.That(Of(figures, "base", "signals"), Is.EqualTo(BacktestJournal.Signals));
        Assert.That(Of(figures, "what_if", "signals"), Is.Zero, "their prices are beyond what can be");
        Assert.That(figures.GetProperty("signals_otherwise").GetInt64(), Is.EqualTo(BacktestJournal.Signals));
        Assert.That(figures.GetProperty("first_signal_otherwise").GetUInt64(), Is.Positive);
    }

    [TestCase("--what-if", "nothing is otherwise")]
    [TestCase("--set inference.seed=1", "--set is for --what-if")]
    [TestCase("--what-if --set inference.seed=1 --verify", "it is no replay")]
    [TestCase("--what-if --set inference.seed=1,2", "has several values")]
    public void ShouldRefuseWhatDoesNotGoTogether(string arguments, string expected)
    {
        var xp = CommandLine.Xp.Run(["replay", "--journal", Journal, .. arguments.Split(' ')]);

        Assert.That(xp.ExitCode, Is.EqualTo(ExitCode.Unusable));
        Assert.That(xp.Error, Does.Contain(expected));
    }

    private static decimal Of(JsonElement figures, string run, string figure) =>
        figures.GetProperty(run).GetProperty(figure).GetDecimal();

    private static long Refusals(JsonElement run) =>
        run.GetProperty("refusals").EnumerateObject().Sum(static refusal => refusal.Value.GetInt64());

    private JsonElement Ask(params string[] arguments) => AskOf(Journal, arguments);

    private JsonElement AskOf(string journal, string[] arguments)
    {
        var xp = CommandLine.Xp.Run(
            ["replay", "--journal", journal, "--what-if", "--inference", "rules", "--json", Figures, .. arguments]);
        var options = (ReplayOptions)xp.Options!;
        Assert.That(options.Inference, Is.EqualTo(InferenceChoice.Rules));
        var (code, text) = BacktestJournal.Run(console => ReplayRunner.RunAsync(options, console, default));
        Assert.That(code, Is.EqualTo(ExitCode.Done), text);
        Assert.That(text, Does.Contain("difference").And.Contain("the base is not the recorded run"));
        using var figures = JsonDocument.Parse(File.ReadAllBytes(Figures));
        return figures.RootElement.Clone();
    }
}
