using System.Text.Json;
using ExecutionPipeline.Cli.CommandLine;

namespace ExecutionPipeline.Cli.Tests.Config;

/// <summary>`xp config check` and `xp config show`.</summary>
public sealed class ConfigCheckTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-config-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("xp.yaml", "limits:\n  max_positon: 3\ninstruments: [{ id: 1, symbol: ES }]", ":2:3: ")]
    [TestCase("xp.json", "{ \"limits\": { \"max_positon\": 3 }, \"instruments\": [{\"id\": 1}] }", ":1:15: ")]
    public async Task ShouldNamePlaceKeyAndNearestKeyWhenAKeyIsUnknown(string name, string text, string place)
    {
        var file = Write(name, text);

        var run = await ConfigRun.Of("check", file);

        Assert.That(run.Code, Is.EqualTo(ExitCode.Unusable));
        Assert.That(run.Error.Trim(), Is.EqualTo(
            $"{file}{place}there is no key limits.max_positon; did you mean 'max_position'?"));
        Assert.That(run.Output, Is.Empty);
    }

    [Test]
    public async Task ShouldSayEveryProblemAsJsonWhenAsked()
    {
        var file = Write("xp.yaml", "limits:\n  max_positon: 3\n  max_order_size: 0\n");

        var run = await ConfigRun.Of("check", file, "--json");

        Assert.That(run.Code, Is.EqualTo(ExitCode.Unusable));
        using var document = JsonDocument.Parse(run.Output);
        var problems = document.RootElement.GetProperty("problems");
        Assert.That(problems.GetArrayLength(), Is.EqualTo(2));
        Assert.That(problems[0].GetProperty("nearest").GetString(), Is.EqualTo("max_position"));
        Assert.That(problems[1].GetProperty("key").GetString(), Is.EqualTo("limits.max_order_size"));
        Assert.That(problems[1].GetProperty("value").GetString(), Is.EqualTo("0"));
        Assert.That(problems[1].GetProperty("line").GetInt32(), Is.EqualTo(3));
        Assert.That(problems[1].GetProperty("column").GetInt32(), Is.EqualTo(19));
    }

    [Test]
    public async Task ShouldEndWith1AndNameTheLimitsWhenTheyRefuseEveryOrder()
    {
        var file = Write("xp.yaml", "instruments: [{ id: 1, symbol: ES, reference_price: 4150.25 }]");

        var run = await ConfigRun.Of("check", file);

        Assert.That(run.Code, Is.EqualTo(ExitCode.Failed));
        Assert.That(run.Error, Does.Contain("every order in ES will be refused: one contract at 4150.25 needs ")
            .And.Contain("limits.max_daily_var 7,241 (it is 5,000)"));
    }

    [Test]
    public async Task ShouldSayUpToWhichPriceThereIsRoomWhenNoPriceIsKnown()
    {
        var file = Write("xp.yaml", "instruments: [{ id: 1, symbol: ES }]");

        var run = await ConfigRun.Of("check", file, "--set", "account.starting_cash=5000000");

        Assert.That(run.Code, Is.Zero);
        Assert.That(run.Output, Does.Contain(
            "limits leave room for one contract of ES up to a price of 2,865.72: limits.max_daily_var is 5,000"));
    }

    [TestCase("instruments:\n- { id: 1, symbol: ES }\n- { id: 1, symbol: NQ }\n", "share the id 1")]
    [TestCase(
        "limits: { max_position: 9 }\ninstruments: [{ id: 1, symbol: ES, max_position: 5 }]\n",
        "limits.max_position is 9: instrument ES is laid out for max_position 5")]
    [TestCase(
        "instruments: [{ id: 1, symbol: ES, volume_profile: [0, 0] }]\n",
        "volume_profile: A volume curve needs a bucket with a volume.")]
    public async Task ShouldNameWhatInstrumentsAndLimitsSayTogether(string yaml, string expected)
    {
        var file = Write("xp.yaml", yaml);

        var run = await ConfigRun.Of("check", file);

        Assert.That(run.Code, Is.EqualTo(ExitCode.Unusable));
        Assert.That(run.Error, Does.Contain(expected));
    }

    [Test]
    public async Task ShouldAcceptTheExampleThatIsShipped()
    {
        var run = await ConfigRun.Of("check", RepositoryFiles.PathOf("deploy/xp.yaml"));

        Assert.That(run.Code, Is.Zero, run.Error);
    }

    [Test]
    public async Task ShouldSayWhereEachValueCameFromWhenShown()
    {
        var file = Write("xp.yaml", "instruments: [{ id: 1, symbol: ES }]\nlimits:\n  max_position: 7\n");

        var run = await ConfigRun.Of("show", "--config", file, "--set", "ring.processors=[0]", "control.port=0");
        var all = await ConfigRun.Of("show", "--config", file, "--effective", "--json");

        Assert.That(run.Code + all.Code, Is.Zero);
        Assert.That(
            run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            Is.EqualTo(
            [
                "ring.processors = [0]  (--set)",
                $"limits.max_position = 7  ({file}:3:17)",
                $"instruments[0].id = 1  ({file}:1:21)",
                $"instruments[0].symbol = \"ES\"  ({file}:1:32)",
                "control.port = 0  (--set)",
            ]));
        using var document = JsonDocument.Parse(all.Output);
        var values = document.RootElement.GetProperty("values").EnumerateArray()
            .ToDictionary(static value => value.GetProperty("key").GetString()!);
        Assert.That(values, Has.Count.GreaterThan(150));
        Assert.That(values["limits.max_position"].GetProperty("source").GetString(), Is.EqualTo("file"));
        Assert.That(values["limits.max_notional"].GetProperty("source").GetString(), Is.EqualTo("default"));
        Assert.That(values["instruments[0].tick_size"].GetProperty("value").GetDecimal(), Is.EqualTo(0.25m));
    }

    [Test]
    public async Task ShouldShowWhereASecretIsKeptAndNotTheSecret()
    {
        var secret = Write("store", "hunter2");
        var file = Write(
            "xp.yaml", $"instruments: [{{ id: 1, symbol: ES }}]\naudit: {{ store: {{ file: {secret} }} }}\n");

        var run = await ConfigRun.Of("show", "--config", file, "--effective");

        Assert.That(run.Output, Does.Contain($"audit.store.file = \"{secret}\"").And.Not.Contain("hunter2"));
    }

    [TestCase("config check", "FILE must be given")]
    [TestCase("config check /no/such/file.yaml", "FILE: there is no file")]
    [TestCase("config import", "FILE... must be given")]
    [TestCase("config show --set limits", "--set: 'limits' is not KEY=VALUE")]
    [TestCase("config chek", "there is no command 'chek'; did you mean 'check'?")]
    public void ShouldRefuseACommandLineThatIsNone(string line, string expected)
    {
        var xp = CommandLine.Xp.Run(line.Split(' '));

        Assert.That(xp.ExitCode, Is.EqualTo(ExitCode.Unusable));
        Assert.That(xp.Error, Does.Contain(expected));
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
