using System.Diagnostics;
using System.Text.Json;
using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Control.Security;
using ExecutionPipeline.Messages.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace ExecutionPipeline.Control.Tests.Page;

/// <summary>The page in a real browser, with the live data of a pipeline that trades.</summary>
[NonParallelizable]
public sealed class PageBrowserTests
{
    private static readonly string[] Programs = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    [Test]
    public async Task ShouldShowFiguresAndHoldNobodyOutWhenABrowserOpensIt()
    {
        var program = Array.Find(Programs, File.Exists);
        if (program is null)
            Assert.Ignore("chromium is not installed: apt-get install chromium");
        var modules = await ModulesAsync();
        await using var running = await RunningPipeline.StartAsync();
        // With its first message a pipeline that begins makes forget what was there of before.
        await RunningPipeline.PostAsync(running.As(Role.Trader), "/commands/cancel-all", new { reason = 1 });
        Fill(running.Server.Services.GetRequiredService<PipelineRecords>().Trades);
        await TradeAsync(running);

        var (code, said) = await RunAsync(
            "node", SourceOf("page.mjs"), $"{running.Server.Address}", running.Keys[Role.Viewer], program, modules);

        Assert.That(code, Is.Zero, said);
        var found = JsonDocument.Parse(said.Split('\n').Single(static line => line.StartsWith('{'))).RootElement;
        var figures = found.GetProperty("figures");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Texts(found, "errors"), Is.Empty, "the console has errors");
            Assert.That(Texts(found, "violations"), Is.Empty, "somebody cannot use it");
            Assert.That(Texts(found, "requests"), Is.Empty, "it asks another host");
            Assert.That(figures.GetProperty("switch").GetString(), Does.StartWith("Trading"));
            Assert.That(figures.GetProperty("equity").GetString(), Does.StartWith("2"));
            Assert.That(figures.GetProperty("story").GetString(), Does.Contain("The trade is closed"));
            Assert.That(figures.GetProperty("isHeld").GetBoolean(), Is.True, "the word is not typed yet");
            Assert.That(figures.GetProperty("killText").GetString(), Does.Match("stops and targets stay").IgnoreCase);
            Assert.That(figures.GetProperty("isReleased").GetBoolean(), Is.True);
            Assert.That(figures.GetProperty("chart").GetInt32(), Is.EqualTo(5), "the chart is drawn");
            Assert.That(figures.GetProperty("legend").GetString(), Does.Match(@"\d\d:\d\d"), "with the newest time");
            Assert.That(figures.GetProperty("tradesBesideAFault").GetInt32(), Is.EqualTo(8), "they are still shown");
            Assert.That(figures.GetProperty("asked").GetInt32(), Is.EqualTo(1), "typed once, sent once");
            Assert.That(figures.GetProperty("stops").GetString(), Is.EqualTo("not known"));
            Assert.That(figures.GetProperty("stale").GetString(), Does.StartWith("No answer"));
            Assert.That(figures.GetProperty("switchWhenStale").GetString(), Does.StartWith("UNKNOWN"));
        }

        TestContext.Out.WriteLine(
            $"the page is there after {found.GetProperty("loadMs")} ms, its figures {found.GetProperty("deskMs")} ms "
            + "after the key");
    }

    /// <summary>A million trades of earlier times, with numbers below any that will come.</summary>
    private static void Fill(History trades)
    {
        const int count = 1_000_000;
        var message = new byte[TradeClosedEncoder.EncodedLength];
        for (var i = 0; i < count; i++)
        {
            _ = new TradeClosedEncoder(message) { TradeId = ulong.MaxValue - 1 - (ulong)i, Quantity = 1, NetPnlE6 = i };
            trades.Put(ulong.MaxValue - 1 - (ulong)i, i - count, message);
        }

        Assert.That(trades.Count, Is.EqualTo(count));
    }

    /// <summary>A trade is opened and closed, and enough signals come for latencies.</summary>
    private static async Task TradeAsync(RunningPipeline running)
    {
        var id = 5_000;
        await running.AwaitAsync(async () =>
        {
            running.SendMarket(4_150_000_000_000);
            var (status, _) = await RunningPipeline.PostAsync(running.As(Role.Trader), "/execute", new
            {
                decision = new { action = id % 2 == 0 ? "long" : "short", confidence = 0.9, urgency_factor = 0.9 },
                market_context = new { current_price = 4150.25 },
                metadata = new { signal_id = ++id },
            });
            Assert.That((int)status, Is.LessThan(300));
            using var trades = JsonDocument.Parse(await running.As(Role.Viewer).GetStringAsync("/trades"));
            return trades.RootElement.GetProperty("items").GetArrayLength() > 0;
        });
    }

    /// <summary>The packages of package-lock.json, in a folder beside the tests; ignored without npm.</summary>
    private static async Task<string> ModulesAsync()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "browser");
        Directory.CreateDirectory(folder);
        foreach (var file in (string[])["package.json", "package-lock.json"])
            File.Copy(SourceOf(file), Path.Combine(folder, file), overwrite: true);
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "playwright-core")))
        {
            try
            {
                var (code, said) = await RunAsync("npm", "ci", "--ignore-scripts", "--no-audit", "--prefix", folder);
                if (code != 0)
                    Assert.Ignore($"npm cannot fetch playwright-core and axe-core: {said}");
            }
            catch (System.ComponentModel.Win32Exception)
            {
                Assert.Ignore("npm is not installed: apt-get install npm");
            }
        }

        return folder;
    }

    private static string SourceOf(string file) =>
        RepositoryFiles.PathOf("tests", "Control.Tests", "Page", "Browser", file);

    private static string[] Texts(JsonElement found, string name) =>
        [.. found.GetProperty(name).EnumerateArray().Select(static one => one.GetString()!).Distinct()];

    private static async Task<(int Code, string Said)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var timeout = new CancellationTokenSource(Timeout);
        await process.WaitForExitAsync(timeout.Token);
        return (process.ExitCode, await output + await errors);
    }
}
