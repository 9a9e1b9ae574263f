using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using ExecutionPipeline.Analysis.Costs;
using ExecutionPipeline.Analysis.Market;
using ExecutionPipeline.Analysis.Reports;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Trades;
using ExecutionPipeline.Messages.Events;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Tests.Reports;

public sealed class CostReportTests
{
    private const long SecondNs = 1_000_000_000;
    private const long TickE9 = 250_000_000;
    private const long StartNs = 1_699_970_400 * SecondNs;

    private static readonly TimeSpan NodeTimeout = TimeSpan.FromMinutes(5);

    [Test]
    public void ShouldFitEightyColumnsAndCutNoFigure()
    {
        var narrow = TextOf(Analysis(), 80);
        var wide = TextOf(Analysis(), 1_000);

        Assert.That(narrow.Split('\n').Where(static line => line.TrimEnd().Length > 80), Is.Empty);
        var words = narrow.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToHashSet();
        var figures = wide.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)
            .Where(static word => word.Any(char.IsAsciiDigit)).ToArray();
        Assert.That(figures, Has.Length.GreaterThan(100));
        Assert.That(figures.Where(word => !words.Contains(word)), Is.Empty, narrow);
        Assert.That(wide, Does.Contain("IMPLEMENTATION_SHORTFALL").And.Contain("position_sizing"));
    }

    [Test]
    public void ShouldSaySoWhenThereIsNothingToAnalyse()
    {
        var analysis = AnalysisFigures.Of(new ExecutionAnalysis([], new Dictionary<string, MarketSeries>()));

        Assert.That(TextOf(analysis, 80), Does.Contain("There are no orders"));
        Assert.That(CostReport.Html(analysis), Does.Contain("\"all\":null"));
    }

    [Test]
    public void ShouldNeedNothingButItselfWhenThePageIsOpened()
    {
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "sample-tca.html");
        CostReport.WriteHtml(path, Analysis());

        var page = File.ReadAllText(path);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                Regex.Matches(page, "https?://[^\"' ]+").Select(static match => match.Value),
                Is.All.EqualTo("http://www.w3.org/2000/svg"));
            Assert.That(page, Does.Not.Contain("{{").And.Not.Contain("@import").And.Not.Contain("url("));
            Assert.That(page, Does.Not.Match("<(link|img|iframe)[ >]"));
            Assert.That(Regex.Matches(page, "</script>"), Has.Count.EqualTo(2));
            foreach (Match match in Regex.Matches(page, "byId\\(\"([a-z-]+)\"\\)"))
                Assert.That(page, Does.Contain($"id=\"{match.Groups[1].Value}\""), "what the script fills is there");
        }
    }

    /// <summary>A call takes no more arguments than fit onto the stack, about 125,000.</summary>
    [Test]
    public void ShouldDrawAndFillEverythingWhenThereAreMoreOrdersThanACallTakesArguments()
    {
        const int most = 150_000;
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "many-tca.html");
        var prices = Enumerable.Range(0, 100)
            .Select(static i => new PricePoint(StartNs + i * SecondNs, 4_150, 4_151, 4_150.5m)).ToArray();
        FillPoint[] fills = [TradingChart.Fill(StartNs + 99 * SecondNs, 16_600 * TickE9, 1, Side.Buy, isEntry: true)];
        CostReport.WriteHtml(path, Analysis() with { Chart = new TradingChart("ES", prices, fills, []) });

        using var elements = JsonDocument.Parse(Node("page-elements.mjs", path, $"{most}"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Of("price"), Is.GreaterThan(2 * most), "each execution is there, with its title");
            Assert.That(Of("estimates"), Is.GreaterThan(most), "each order that was executed is there");
            Assert.That(Of("course"), Is.GreaterThan(1));
            Assert.That(Of("strategies"), Is.GreaterThan(100));
            Assert.That(Of("orders"), Is.EqualTo(21 * 9), "the head and the dearest, eight columns each");
        }

        int Of(string id) => elements.RootElement.GetProperty(id).GetInt32();
    }

    [Test]
    public void ShouldWriteMoneyExactlyWhenMachinesRead()
    {
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "sample-tca.json");
        CostReport.WriteJson(path, Analysis());

        using var json = JsonDocument.Parse(File.ReadAllText(path));
        var all = json.RootElement.GetProperty("all");
        var cost = all.GetProperty("cost");
        var parts = new[] { "delay", "spread", "impact", "timing", "opportunity", "fees" };
        Assert.That(
            parts.Sum(part => cost.GetProperty(part).GetDecimal()),
            Is.EqualTo(cost.GetProperty("total").GetDecimal()));
        Assert.That(
            json.RootElement.GetProperty("orders").GetArrayLength(),
            Is.EqualTo(all.GetProperty("orders").GetInt32()));
        Assert.That(all.GetProperty("mark_out1_s_bps").GetDouble(), Is.Not.Zero);
    }

    [Test]
    public void ShouldShowTheSameTablesWhenReadFromAFile()
    {
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "read-tca.json");
        CostReport.WriteJson(path, Analysis());

        Assert.That(TextOf(CostReport.ReadJson(path), 80), Is.EqualTo(TextOf(Analysis(), 80)));
    }

    [TestCase("{}")]
    [TestCase("[1]")]
    [TestCase("not JSON")]
    [TestCase("{\"version\": 1, \"signals\": 5}")]
    public void ShouldRefuseInOneLineWhenAFileIsNoAnalysis(string text)
    {
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "other-tca.json");
        File.WriteAllText(path, text);

        Assert.That(
            () => CostReport.ReadJson(path),
            Throws.TypeOf<UsageException>().With.Message.Contains(path).And.Message.Not.Contains("\n"));
    }

    /// <summary>What a script says; ignored without node.</summary>
    private static string Node(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            "node", [RepositoryFiles.PathOf("tests", "Cli.Tests", "Reports", script), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Ignore("node is not installed: apt-get install nodejs");
            throw;
        }

        using (process)
        {
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(NodeTimeout))
                process.Kill();
            process.WaitForExit();
            Assert.That(process.ExitCode, Is.Zero, errors.Result);
            return output.Result;
        }
    }

    private static string TextOf(AnalysisFigures analysis, int width)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = width;
        CostReport.Write(console, analysis);
        return text.ToString();
    }

    /// <summary>Orders of every strategy on a market that wanders, and two trades.</summary>
    private static AnalysisFigures Analysis()
    {
        var random = new Random(7);
        var instrument = new InstrumentTable([new InstrumentOptions { Id = 1, Symbol = "ES" }])[0];
        var market = new MarketSeries();
        var bids = new List<long>();
        for (var second = 0; second < 4_000; second++)
        {
            bids.Add((second == 0 ? 16_600 * TickE9 : bids[^1]) + TickE9 * random.Next(-1, 2));
            market.AddQuote(StartNs + second * SecondNs, bids[^1], bids[^1] + TickE9);
            market.AddTrade(StartNs + second * SecondNs, bids[^1], random.Next(1, 50));
        }

        var orders = Enumerable.Range(0, 240).Select(i => Order(i, random, instrument, bids));
        TradeSummary[] trades =
            [Trade(ExitReason.TakeProfit, 3, instrument), Trade(ExitReason.StopLoss, -2, instrument)];
        return AnalysisFigures.Of(new ExecutionAnalysis(
            orders, new Dictionary<string, MarketSeries> { ["ES"] = market }, trades));
    }

    private static ExecutedOrder Order(int i, Random random, Instrument instrument, List<long> bids)
    {
        var second = 15 * i + 1;
        var side = (Side)random.Next(1, 3);
        var fills = Enumerable.Range(0, random.Next(0, 5)).Select(k =>
        {
            var at = second + 2 + 10 * k;
            var priceE9 = bids[at] + TickE9 * random.Next(0, 2);
            var venue = random.Next(3) == 0 ? "XCME" : "SIM";
            return new OrderFill(StartNs + at * SecondNs + 1, random.Next(1, 9), priceE9, 3_800_000, venue);
        }).ToArray();
        return new ExecutedOrder
        {
            OrderId = (ulong)i + 1,
            Instrument = instrument,
            Side = side,
            Strategy = (ExecutionStrategy)(i % 6),
            Quantity = fills.Sum(static fill => fill.Quantity) + random.Next(0, 2) + 1,
            DecisionPriceE9 = bids[second],
            DecisionTimeNs = StartNs + second * SecondNs,
            ArrivalTimeNs = StartNs + (second + 1) * SecondNs,
            EndTimeNs = StartNs + (second + 60) * SecondNs,
            Fills = fills,
        };
    }

    private static TradeSummary Trade(ExitReason reason, int points, Instrument instrument) => new(
        new Trade
        {
            ExitReason = reason,
            Side = Side.Buy,
            EntryQuantity = 1,
            ExitQuantity = 1,
            FirstEntryNs = StartNs,
            LastExitNs = StartNs + 600 * SecondNs,
            EntrySumE9 = 16_600 * TickE9,
            ExitSumE9 = (16_600 + 4 * points) * TickE9,
            EntryValueE6 = 207_500_000_000,
            ExitValueE6 = 207_500_000_000 + points * 50_000_000L,
            EntryFeesE6 = 3_800_000,
            ExitFeesE6 = 3_800_000,
        },
        instrument);
}
