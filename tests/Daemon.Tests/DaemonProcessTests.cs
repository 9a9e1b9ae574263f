using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.Aeron.Monitoring;
using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Configuration;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Stages.Inference;

namespace ExecutionPipeline.Daemon.Tests;

/// <summary>The daemon as a process: how it starts, what it says, how it ends.</summary>
[NonParallelizable]
public sealed class DaemonProcessTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xpd-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("TERM")]
    [TestCase("INT")]
    public void ShouldEndInOrderWhenASignalComes(string signal)
    {
        using var daemon = DaemonProcess.Start(_folder, Configurations.Small());
        daemon.AwaitEvent("ready");

        daemon.Send(signal);

        Assert.That(daemon.End(), Is.EqualTo(DaemonExit.InOrder), daemon.Error);
        Assert.That(
            daemon.Lines.Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2]),
            Is.EqualTo(["start", "driver", "streams", "limits", "models", "ready", "ending", "end"]));
        Assert.That(daemon.Error, Is.Empty);
        Assert.That(Directory.Exists(Path.Combine(_folder, "driver")), Is.False, "its driver's folder is gone");
    }

    [TestCase("cancel", "orders are cancelled, reports")]
    [TestCase("leave", "orders are left at the venue, reports")]
    [TestCase("flatten", "orders are cancelled and positions are closed, reports")]
    public void ShouldSayWhatBecomesOfOrdersWhenItEnds(string atEnd, string said)
    {
        using var daemon = DaemonProcess.Start(
            _folder, Configurations.Small($"\"state\": {{ \"orders_at_end\": \"{atEnd}\" }},"));
        daemon.AwaitEvent("ready");

        daemon.Send("TERM");

        Assert.That(daemon.End(), Is.EqualTo(DaemonExit.InOrder), daemon.Error);
        Assert.That(daemon.Lines, Has.Some.Contains(said));
    }

    [Test]
    public void ShouldLatchTheKillSwitchWhenSigusr1ComesWhileItRuns()
    {
        using var daemon = DaemonProcess.Start(_folder, Configurations.Small());
        daemon.AwaitEvent("ready");

        daemon.Send("USR1");

        daemon.AwaitText("the kill switch is latched");
        daemon.Send("TERM");
        Assert.That(daemon.End(), Is.EqualTo(DaemonExit.InOrder), daemon.Error);
    }

    /// <summary>The configuration is a pipe, so that the start waits until the signal has come.</summary>
    [Test]
    public void ShouldStartWithTheKillSwitchLatchedWhenSigusr1ComesBeforeThePipelineIsThere()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("Windows has no such signal");

        var file = Path.Combine(_folder, "xp.json");
        using (var make = Process.Start("mkfifo", [file]))
            make.WaitForExit();
        using var daemon = DaemonProcess.Start(_folder);
        // Opened for writing when the daemon has opened it for reading, which gets nothing yet.
        var opening = Task.Run(() => new StreamWriter(file));
        Assert.That(opening.Wait(DaemonProcess.Timeout), Is.True, "it does not read its configuration");
        using (var configuration = opening.Result)
        {
            daemon.Send("USR1");
            configuration.Write(Configurations.Small());
        }

        daemon.AwaitEvent("ready");
        daemon.AwaitText("the kill switch is latched");
        daemon.Send("TERM");
        Assert.That(daemon.End(), Is.EqualTo(DaemonExit.InOrder), daemon.Error);
    }

    /// <summary>A run before had its time from a clock that was an hour ahead.</summary>
    [Test]
    public void ShouldGoOnInTimeAndSaySoWhenTheJournalIsAheadOfTheSystemsTime()
    {
        var journal = Path.Combine(_folder, "journal");
        var file = Path.Combine(_folder, "xp.json");
        File.WriteAllText(file, Configurations.Small());
        using (var before = new PipelineSession(
            ConfigurationLoader.Load(new ConfigurationSources { File = file }).Options,
            new SessionOptions
            {
                AeronDirectory = Path.Combine(_folder, "before"),
                JournalFolder = journal,
                Clock = new FastClock(),
            },
            LoadedPolicy.Rules()))
        {
            before.Host.Start();
            Assert.That(SpinWait.SpinUntil(() => before.Host.Ingress.Ticks > 0, DaemonProcess.Timeout), "no event");
        }

        using var daemon = DaemonProcess.Start(_folder, Configurations.Small(), null, "--journal", journal);
        daemon.AwaitText("s ahead of the system's time: time goes on from there");
        daemon.AwaitEvent("ready");
        daemon.Send("TERM");
        Assert.That(daemon.End(), Is.EqualTo(DaemonExit.InOrder), daemon.Error);
    }

    [Test]
    public void ShouldWriteAJsonObjectForEachEventWhenAsked()
    {
        using var daemon = DaemonProcess.Start(_folder, Configurations.Small(), null, "--json-log");
        daemon.AwaitEvent("ready");
        daemon.Send("TERM");

        Assert.That(daemon.End(), Is.Zero, daemon.Error);
        foreach (var line in daemon.Lines)
        {
            using var json = JsonDocument.Parse(line);
            var time = json.RootElement.GetProperty("time").GetString();
            Assert.That(
                DateTime.TryParseExact(
                    time, "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
                Is.True, $"UTC to the microsecond: {time}");
            Assert.That(json.RootElement.GetProperty("text").GetString(), Is.Not.Empty);
        }
    }

    [TestCase("\"limits\": { \"max_position\": -3 },", "limits.max_position is -3")]
    [TestCase("\"limits\": { \"max_posision\": 3 },", "there is no key limits.max_posision")]
    [TestCase("\"log\": { \"level\": \"loud\" },", "log.level is \"loud\"")]
    public void ShouldEndWith2AndNameTheKeyWhenTheConfigurationIsBad(string more, string named)
    {
        using var daemon = DaemonProcess.Start(_folder, Configurations.Small(more));

        Assert.That(daemon.End(), Is.EqualTo(DaemonExit.Unusable));
        Assert.That(daemon.Error, Does.Contain(named).And.Contain("xp.json"));
        Assert.That(daemon.Error.Trim(), Does.Not.Contain('\n'));
        Assert.That(daemon.Lines, Is.Empty);
    }

    [Test]
    public void ShouldEndWith2WhenThereIsNoDriverToUse()
    {
        using var daemon = DaemonProcess.Start(_folder, Configurations.Small(), null, "--driver", "external");

        Assert.That(daemon.End(), Is.EqualTo(DaemonExit.Unusable));
        Assert.That(daemon.Error, Does.Contain("no media driver in"));
    }

    [Test]
    public void ShouldEndWith1AndOneLineWhenTheDriverDoesNotAnswer()
    {
        var directory = Path.Combine(_folder, "driver");
        // Its turns are this test's, which takes none: it lives and does nothing.
        using var driver = MediaDriver.Launch(
            new MediaDriver.Context().AeronDirectoryName(directory).ThreadingMode(ThreadingMode.INVOKER));
        using var daemon = DaemonProcess.Start(_folder, Configurations.Small(), null, "--driver", "external");

        Assert.That(daemon.End(), Is.EqualTo(DaemonExit.Failed), "another start may find it well");
        Assert.That(daemon.Error.Trim(), Does.Contain(directory).And.Not.Contain("\n"));
    }

    /// <summary>The driver would give the other one's client up after an hour.</summary>
    [Test]
    public void ShouldEndInOrderWhenASignalComesWhileItWaitsForAKilledPipelinesStreams()
    {
        const long hourNs = 3_600_000_000_000;
        using var driver = MediaDriver.Launch(new MediaDriver.Context()
            .AeronDirectoryName(Path.Combine(_folder, "driver"))
            .ClientLivenessTimeoutNs(hourNs)
            .PublicationUnblockTimeoutNs(2 * hourNs));
        // Its turns are the test's own, which takes none behind the claim.
        using var killed = AeronClient.Connect(new AeronClient.Context()
            .AeronDirectoryName(driver.AeronDirectoryName)
            .UseConductorAgentInvoker(true));
        var streams = new StreamOptions();
        new AeronTransport(killed).OpenInput(streams.InputChannel, streams.SignalStream);
        using var daemon = DaemonProcess.Start(_folder, Configurations.Small(), null, "--driver", "external");
        using var monitor = DriverMonitor.Open(driver.AeronDirectoryName);
        Assert.That(
            SpinWait.SpinUntil(() => monitor.Counters().Count(IsClaim) == 2, DaemonProcess.Timeout), "no second claim");

        daemon.Send("TERM");

        Assert.That(daemon.End(), Is.EqualTo(DaemonExit.InOrder), daemon.Error);
        Assert.That(daemon.Error, Is.Empty);

        bool IsClaim(CounterReading counter) => counter.TypeId == StreamClaim.CounterTypeId
            && counter.Label.EndsWith($" {streams.SignalStream}", StringComparison.Ordinal);
    }

    [Test]
    public void ShouldEndWith1AndNameTheCauseWhenTheDriverGoes()
    {
        var directory = Path.Combine(_folder, "driver");
        using var driver = MediaDriver.Launch(new MediaDriver.Context().AeronDirectoryName(directory));
        using var daemon = DaemonProcess.Start(_folder, Configurations.Small(), null, "--driver", "external");
        daemon.AwaitEvent("ready");

        driver.Dispose();

        Assert.That(daemon.End(), Is.EqualTo(DaemonExit.Failed));
        Assert.That(
            daemon.Lines, Has.Some.Contains("trading has ended: the Aeron client failed").And.Contain("has gone"));
    }

    private sealed class FastClock : IEventClock
    {
        private const long HourNs = 3_600_000_000_000;

        public long NowNs() => NanoClock.NowNs() + HourNs;
    }
}
