using System.Text.Json;
using ExecutionPipeline.Cli.Backtest;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Tests.CommandLine;
using ExecutionPipeline.Pipeline.Configuration;
using ExecutionPipeline.Pipeline.Hosting;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Tests.Backtest;

/// <summary>Backtests over values of the configuration and over seeds.</summary>
public sealed class SweepTests
{
    private string _folder = "";

    [OneTimeSetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-sweep-").FullName;

    [OneTimeTearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task ShouldWriteTheSameBytesHoweverManyRunsAreMadeAtATime()
    {
        var one = await FilesOf("one", jobs: 1);
        var many = await FilesOf("many", jobs: 4);

        Assert.That(many.Json, Is.EqualTo(one.Json));
        Assert.That(many.Page, Is.EqualTo(one.Page));
        using var figures = JsonDocument.Parse(one.Json);
        var variants = figures.RootElement.GetProperty("variants");
        var runs = figures.RootElement.GetProperty("runs");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                variants.EnumerateArray().Select(static v => v.GetProperty("variant").GetString()),
                Is.EqualTo(new[] { "IMMEDIATE", "TWAP_5MIN" }));
            Assert.That(runs.GetArrayLength(), Is.EqualTo(6));
            Assert.That(
                runs.EnumerateArray().Select(static run => run.GetProperty("outbound_sha256").GetString()).Distinct()
                    .Count(),
                Is.EqualTo(6), "no two runs are the same");
            Assert.That(variants[0].GetProperty("saved").ValueKind, Is.EqualTo(JsonValueKind.Null));
            Assert.That(variants[1].GetProperty("saved").GetProperty("half_width95").GetDouble(), Is.GreaterThan(0));
        }
    }

    [Test]
    public void ShouldRunEachValueOfAKeyWithEachOfTheOthers()
    {
        var options = (SweepOptions)Xp.Run(
            "backtest", "sweep", "--set", "execution.passive_share=0.2,0.8", "--over", "strategy", "--set",
            "limits.max_order_size=50", "--seeds", "7", "--jobs", "3").Options!;
        var names = options.Variants().Select(static variant => variant.Name).ToArray();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((options.Seeds, options.Jobs), Is.EqualTo((7, 3)));
            Assert.That(names, Has.Length.EqualTo(12).And.Unique);
            Assert.That(names[0], Is.EqualTo("execution.passive_share=0.2, strategy=IMMEDIATE"));
            Assert.That(
                options.Variants()[0].ConfigurationSettings()[^1],
                Is.EqualTo(ConfigurationSetting.Option("--set", "limits.max_order_size", "50")));
        }
    }

    /// <summary>Of a long file only the first records are looked through.</summary>
    [Test]
    public void ShouldTellAndFailWhenTheDataAreDamagedBehindWhatWasLookedThrough()
    {
        var file = Path.Combine(_folder, "damaged.csv");
        WriteQuotes(file);
        var options = Options("damaged", 1) with { Axes = [], Seeds = 2 };
        options = options with { Backtest = options.Backtest with { DataFiles = [file] } };
        var pipeline = DemoConfiguration.LoadScheduled(null);
        var market = new BacktestMarket(options.Backtest, pipeline.Instruments[0], default);
        File.AppendAllText(file, "no row of a market\n");

        var (code, error) = ConsoleError.Of(() => SweepRunner.Run(
            options, options.Variants(), [pipeline], market, Console(TextWriter.Null), default));

        using var figures = JsonDocument.Parse(File.ReadAllText(options.JsonFile!));
        var problem = figures.RootElement.GetProperty("problem").GetString();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(market.Problem, Is.Null, "it was whole when it was looked through");
            Assert.That(problem, Does.StartWith("damaged.csv: line 602"));
            Assert.That(error, Is.EqualTo($"xp backtest sweep: {problem}\n"));
            Assert.That(code, Is.EqualTo(ExitCode.Failed));
            Assert.That(
                figures.RootElement.GetProperty("runs").EnumerateArray()
                    .Select(static run => run.GetProperty("problem").GetString()),
                Is.All.EqualTo(problem));
        }
    }

    [TestCase("execution.passive_share", "not a key, an equals sign and values")]
    [TestCase("strategy=FASTEST", "'FASTEST' is none of")]
    [TestCase("execution.passive_share=1,1", "names a value twice")]
    public void ShouldRefuseASettingThatIsNone(string setting, string said)
    {
        var xp = Xp.Run("backtest", "sweep", "--set", setting);

        Assert.That(xp.ExitCode, Is.EqualTo(ExitCode.Unusable));
        Assert.That(xp.Error, Does.Contain("--set").And.Contain(said));
    }

    [Test]
    public void ShouldNameAKeyThatTheConfigurationDoesNotHave()
    {
        var options = Options("unknown", 1) with { Axes = [new SweepAxis("execution.pasive_share", ["1"])] };

        Assert.That(
            async () => await SweepRunner.RunAsync(options, Console(TextWriter.Null), default),
            Throws.TypeOf<UsageException>().With.Message.Contains("pasive_share"));
    }

    /// <summary>A quote each second for ten minutes.</summary>
    private static void WriteQuotes(string path)
    {
        var start = DateTimeOffset.UnixEpoch.AddDays(19_724).AddHours(15);
        var rows = Enumerable.Range(0, 600).Select(second =>
        {
            var bid = 4_800 + 0.25m * (second / 5 % 7);
            return FormattableString.Invariant(
                $"{start.AddSeconds(second).ToUnixTimeSeconds()},{bid},{bid + 0.25m},20,20");
        });
        File.WriteAllLines(path, rows.Prepend("ts,bid,ask,bid_size,ask_size"));
    }

    private async Task<(string Json, string Page)> FilesOf(string name, int jobs)
    {
        var options = Options(name, jobs);
        Assert.That(await SweepRunner.RunAsync(options, Console(TextWriter.Null), default), Is.EqualTo(ExitCode.Done));
        return (await File.ReadAllTextAsync(options.JsonFile!), await File.ReadAllTextAsync(options.PageFile!));
    }

    private SweepOptions Options(string name, int jobs) => new()
    {
        Backtest = new BacktestOptions
        {
            Minutes = 20,
            Signals = new SignalChoice(6, null),
            Inference = InferenceChoice.Rules,
        },
        Axes = [new SweepAxis("strategy", ["IMMEDIATE", "TWAP_5MIN"])],
        Seeds = 3,
        Jobs = jobs,
        PageFile = Path.Combine(_folder, $"{name}.html"),
        JsonFile = Path.Combine(_folder, $"{name}.json"),
    };

    private static IAnsiConsole Console(TextWriter text) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.No,
        ColorSystem = ColorSystemSupport.NoColors,
        Out = new AnsiConsoleOutput(text),
    });
}
