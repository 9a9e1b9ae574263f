using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;

namespace ExecutionPipeline.Cli.Tests.Demo;

public sealed class DemoConfigurationTests
{
    private string _file = "";

    [SetUp]
    public void NameFile() => _file = Path.GetTempFileName();

    [TearDown]
    public void RemoveFile() => File.Delete(_file);

    [Test]
    public void ShouldKeepInstrumentAndAccountWhenAFileSetsOneLimit()
    {
        File.WriteAllText(_file, """{ "limits": { "breakers": { "system_load": { "threshold": 0.5 } } } }""");

        var options = DemoConfiguration.Load(_file);

        Assert.That(options.Instruments.Single().Symbol, Is.EqualTo("ES"));
        Assert.That(options.Account.StartingCash, Is.EqualTo(250_000_000));
        Assert.That(options.Limits.Breakers.SystemLoad.Threshold, Is.EqualTo(0.5));
        Assert.That(options.Limits.Breakers.SystemLoad.RecoveryS, Is.EqualTo(120));
        Assert.That(options.Limits.Breakers.ThrottledOrdersPerSecond, Is.EqualTo(65_536), "the demo's own");
    }

    [TestCase("""{ "streams": { "input_channel": "ipc" } }""", "streams.input_channel: 'ipc' is no Aeron channel")]
    [TestCase(
        """{ "streams": { "outbound_channel": "aeron:ipc?termlength=64k" } }""",
        "streams.outbound_channel: 'aeron:ipc")]
    public void ShouldNameFileAndKeyWhenAChannelIsNone(string json, string expected)
    {
        File.WriteAllText(_file, json);

        Assert.That(
            () => DemoConfiguration.Load(_file),
            Throws.TypeOf<UsageException>().With.Message.StartsWith($"{_file}: {expected}"));
    }

    [Test]
    public void ShouldNameFileLineAndKeyWhenAShareIsTwo()
    {
        File.WriteAllText(_file, "{\n \"limits\": { \"max_sector_share\": 2 } }");

        Assert.That(
            () => DemoConfiguration.Load(_file),
            Throws.TypeOf<UsageException>().With.Message.EqualTo(
                $"{_file}:2:34: limits.max_sector_share is 2: "
                + "it must be above 0 and at most 1 (a share of equity)"));
    }
}
