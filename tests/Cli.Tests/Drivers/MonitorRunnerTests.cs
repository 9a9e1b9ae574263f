using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.Aeron.Protocol;
using ExecutionPipeline.Cli.Drivers;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Tests.Drivers;

/// <summary>What the commands show of a driver whose turns are the test's own.</summary>
public sealed class MonitorRunnerTests
{
    private const int StreamId = 1001;

    private string _directory = "";
    private MediaDriver _driver = null!;
    private AeronClient _aeron = null!;

    [SetUp]
    public void LaunchDriver()
    {
        _directory = Path.Combine(Path.GetTempPath(), $"xp-driver-tests-{Guid.NewGuid():N}");
        _driver = MediaDriver.Launch(new MediaDriver.Context()
            .AeronDirectoryName(_directory)
            .ThreadingMode(ThreadingMode.INVOKER)
            .DirDeleteOnShutdown(false));
        _aeron = AeronClient.Connect(new AeronClient.Context()
            .AeronDirectoryName(_directory)
            .UseConductorAgentInvoker(true)
            .DriverAgentInvoker(_driver.SharedAgentInvoker()!));
    }

    [TearDown]
    public void CloseDriver()
    {
        _aeron.Dispose();
        _driver.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Test]
    public void ShouldShowEveryCounterWhenNoneIsNamed()
    {
        var lines = Look((options, console) => MonitorRunner.StatAsync(options, console, CancellationToken.None));

        Assert.That(lines, Has.Length.GreaterThan(46));
        Assert.That(lines, Has.Some.Match(@"^ +34: .* - Aeron software: version=1\.51"));
    }

    [Test]
    public void ShouldShowNoControlCharactersWhenALabelHasThem()
    {
        _aeron.AddCounter(5001, "red \u001B[31m Größe");

        var lines = Look((options, console) =>
            MonitorRunner.StatAsync(options with { TypeId = 5001 }, console, CancellationToken.None));

        Assert.That(lines[1], Does.EndWith(@" - red \x1B[31m Größe"));
    }

    [Test]
    public void ShouldShowOnlyWhatIsAskedForWhenCountersAreFiltered()
    {
        _aeron.AddCounter(5001, "a desk's own");

        var byType = Look((options, console) =>
            MonitorRunner.StatAsync(options with { TypeId = 5001 }, console, CancellationToken.None));
        var byLabel = Look((options, console) =>
            MonitorRunner.StatAsync(options with { Label = "DESK'S" }, console, CancellationToken.None));

        Assert.That(byType, Has.Length.EqualTo(2));
        Assert.That(byType[1], Does.EndWith(" 0 - a desk's own"));
        Assert.That(byLabel[1], Is.EqualTo(byType[1]));
    }

    [Test]
    public void ShouldShowLagAndWindowWhenASubscriberIsBehind()
    {
        var subscription = _aeron.AddSubscription("aeron:ipc", StreamId);
        var publication = _aeron.AddExclusivePublication("aeron:ipc?term-length=64k", StreamId);
        _driver.SharedAgentInvoker()!.Invoke();
        for (var i = 0; i < 3; i++)
            Assert.That(publication.Offer(new UnsafeBuffer(new byte[32])), Is.Positive);

        _aeron.ConductorAgentInvoker!.Invoke();
        subscription.Poll((_, _, _, _) => { }, 1);
        _driver.SharedAgentInvoker()!.Invoke();
        var lines = Look((options, console) =>
            MonitorRunner.StreamsAsync(options, console, CancellationToken.None));

        Assert.That(lines, Has.Length.EqualTo(6));
        Assert.That(lines[1], Is.EqualTo($"stream {StreamId} session {publication.SessionId}"));
        Assert.That(lines[2], Does.Match(@"^  pub-pos +192 +registration \d+ counter \d+ aeron:ipc\?term-length=64k$"));
        Assert.That(lines[3], Does.Match(@"^  pub-lmt +32,\d{3} window 32,\d{3} "));
        Assert.That(lines[4], Does.Match(@"^  sub-pos +64 lag 128 +registration \d+ counter \d+ aeron:ipc$"));
        Assert.That(lines[5], Is.EqualTo("1 streams"));
    }

    [Test]
    public void ShouldShowWhatTheDriverLoggedWhenAChannelIsRefused()
    {
        Assert.That(
            () => _aeron.AddPublication("aeron:udp?endpoint=localhost:40123", StreamId),
            Throws.Exception.With.Message.Contains("official media driver"));

        var lines = Look((options, console) => MonitorRunner.ErrorsAsync(options, console, CancellationToken.None));

        Assert.That(lines[1], Does.StartWith("1 observations from 20"));
        Assert.That(lines[2], Does.Contain("start an official media driver for channel=aeron:udp"));
        Assert.That(lines[^1], Is.EqualTo("1 distinct errors"));
    }

    [Test]
    public void ShouldKeepItsColumnsInATerminalOf80Characters()
    {
        var label = string.Join(' ', Enumerable.Range(1, 30).Select(number => $"word{number}"));
        _aeron.AddCounter(5001, label);
        _aeron.AddExclusivePublication($"aeron:ipc?term-length=64k|alias={new string('a', 100)}", StreamId);
        Assert.That(() => _aeron.AddPublication("aeron:udp?endpoint=localhost:40123", StreamId), Throws.Exception);

        var counters = LookInATerminal((options, console) =>
            MonitorRunner.StatAsync(options with { TypeId = 5001 }, console, CancellationToken.None));
        var streams = LookInATerminal((options, console) =>
            MonitorRunner.StreamsAsync(options, console, CancellationToken.None));
        var errors = LookInATerminal((options, console) =>
            MonitorRunner.ErrorsAsync(options, console, CancellationToken.None));

        Assert.That(counters.Concat(streams).Concat(errors), Has.All.Length.LessThanOrEqualTo(80));
        Assert.That(counters[1], Does.Match("^ *[0-9]+: +0 - word1 word2"));
        Assert.That(counters.Skip(2), Has.All.Match("^ {30}word"));
        Assert.That(string.Join(' ', counters.Skip(1).Select(line => line[30..])), Is.EqualTo(label));
        Assert.That(streams.Skip(2).SkipLast(1), Has.All.Match("^(  (pub|sub)-| {11}[^ ])"));
        Assert.That(errors[^1], Is.EqualTo("1 distinct errors"));
    }

    [Test]
    public void ShouldRefuseADeadDriverUnlessItIsAskedFor()
    {
        _aeron.Dispose();
        _driver.Dispose();
        var options = Options();

        Assert.That(
            () => MonitorRunner.ErrorsAsync(options, NewConsole(new StringWriter()), CancellationToken.None),
            Throws.InstanceOf<IOException>().With.Message.Contains($"of '{_directory}'")
                .And.Message.Contains("has been shut down (--dead shows what it left)"));
        var lines = Look((_, console) => MonitorRunner.ErrorsAsync(
            options with { IsDeadAllowed = true, IntervalSeconds = 1 }, console, CancellationToken.None));
        Assert.That(lines[0], Does.Contain("has been shut down"));
    }

    [Test]
    public void ShouldSayWhatIsMissingWhenThereIsNoDriver()
    {
        var empty = Directory.CreateTempSubdirectory("xp-driver-tests-").FullName;
        try
        {
            var cnc = Path.Combine(empty, CncFileDescriptor.CNC_FILE);
            Assert.That(() => LookAt(Path.Combine(empty, "no")), Throws.Exception.With.Message.Contains("there is no"));
            Assert.That(() => LookAt(empty), Throws.Exception.With.Message.Contains("no media driver uses"));
            File.WriteAllBytes(cnc, new byte[100]);
            Assert.That(() => LookAt(empty), Throws.Exception.With.Message.Contains("not complete"));
            File.WriteAllBytes(cnc, [1, 0, 1, .. new byte[4095]]);
            Assert.That(() => LookAt(empty), Throws.Exception.With.Message.Contains("not compatible"));
            File.WriteAllBytes(cnc, [0, 2, 0, .. new byte[4095]]);
            Assert.That(() => LookAt(empty), Throws.InstanceOf<InvalidDataException>());
        }
        finally
        {
            Directory.Delete(empty, recursive: true);
        }
    }

    private static void LookAt(string directory) => MonitorRunner.StreamsAsync(
        new MonitorOptions { AeronDirectory = directory }, NewConsole(new StringWriter()), CancellationToken.None)
        .GetAwaiter().GetResult();

    private static IAnsiConsole NewConsole(TextWriter output) =>
        AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });

    private StatOptions Options() => new() { AeronDirectory = _directory };

    private string[] LookInATerminal(Func<StatOptions, IAnsiConsole, Task<int>> look)
    {
        using var output = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new Terminal(output) });
        Assert.That(look(Options(), console).GetAwaiter().GetResult(), Is.Zero);
        return output.ToString().TrimEnd().Split(Environment.NewLine);
    }

    private string[] Look(Func<StatOptions, IAnsiConsole, Task<int>> look)
    {
        using var output = new StringWriter();
        Assert.That(look(Options(), NewConsole(output)).GetAwaiter().GetResult(), Is.Zero);
        return output.ToString().TrimEnd().Split(Environment.NewLine);
    }

    private sealed class Terminal(TextWriter writer) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => true;

        public int Width => 80;

        public int Height => 24;

        public void SetEncoding(System.Text.Encoding encoding)
        {
        }
    }
}
