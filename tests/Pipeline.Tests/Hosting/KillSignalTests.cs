using System.Diagnostics;
using System.Runtime.InteropServices;
using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Tests.Support;
using ExecutionPipeline.Stages.Inference;

namespace ExecutionPipeline.Pipeline.Tests.Hosting;

/// <summary>SIGUSR1 to the process, whatever that is about. The signal goes to this process itself.</summary>
[NonParallelizable]
[Platform(Exclude = "Win")]
public sealed class KillSignalTests
{
    private const int User1 = 10;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);

    private MediaDriver _driver = null!;
    private PosixSignalRegistration _ear = null!;
    private int _heard;

    /// <summary>Hears the signal too, so that it does not end this process where nobody else does.</summary>
    [SetUp]
    public void Listen()
    {
        _heard = 0;
        _ear = PosixSignalRegistration.Create((PosixSignal)User1, context =>
        {
            context.Cancel = true;
            Interlocked.Increment(ref _heard);
        });
        _driver = MediaDriver.Launch(new MediaDriver.Context().AeronDirectoryName(AeronDirectories.New()));
    }

    [TearDown]
    public void Close()
    {
        _driver.Dispose();
        _ear.Dispose();
    }

    [Test]
    public void ShouldStartKilledWhenTheSignalComesBeforeThePipelineIsThere()
    {
        using var session = Open((_, reports) =>
        {
            Send();
            return VenueOf(reports);
        });
        session.Host.Start();

        Await(() => session.Host.Chain.Risk.IsKilled);
    }

    [Test]
    public void ShouldSayThatItStartsKilledWhenTheSignalComesBeforeTheSession()
    {
        using var kill = new KillSignal();
        Send();
        Await(() => kill.IsWaiting);
        using var session = Open((_, reports) => VenueOf(reports), kill);

        Assert.That(session.Host.StartNote, Is.EqualTo("SIGUSR1 came during the start: the kill switch is latched"));
        Assert.That(session.Host.IsKilled, Is.True, "before the first event");
        Assert.That(kill.IsWaiting, Is.False);
        session.Host.Start();
        Await(() => session.Host.Chain.Risk.IsKilled);
    }

    [Test]
    public void ShouldKillWhenTheSignalComesWhileThePipelineRuns()
    {
        using var session = Open((_, reports) => VenueOf(reports));
        session.Host.Start();
        Assert.That(session.Host.IsKilled, Is.False);
        Assert.That(session.Host.StartNote, Is.Null);

        Send();

        Await(() => session.Host.Chain.Risk.IsKilled);
        Assert.That(session.Host.Chain.Risk.KillCause, Is.EqualTo(KillCause.Command));
    }

    [Test]
    public void ShouldLeaveTheWarmPathAloneWhenTheSignalComes()
    {
        using var path = new WarmPath(new PipelineOptions(), TestPipelines.Rules());
        Send();

        Assert.That(path.Host.IsKilled, Is.False);
    }

    private PipelineSession Open(VenueConnector venue, KillSignal? kill = null) => new(
        TestPipelines.Options(Topology.Inline),
        new SessionOptions
        {
            AeronDirectory = _driver.AeronDirectoryName,
            IsDriverExternal = true,
            Venue = venue,
            KillSignal = kill,
        },
        LoadedPolicy.Rules());

    private static Venue VenueOf(ReportInbox reports) => new(new LateVenue(reports.OpenQueue()));

    /// <summary>Sends the signal and waits until it has come.</summary>
    private void Send()
    {
        var before = Volatile.Read(ref _heard);
        using var kill = Process.Start("kill", ["-USR1", $"{Environment.ProcessId}"]);
        kill.WaitForExit();
        Await(() => Volatile.Read(ref _heard) > before);
    }

    private static void Await(Func<bool> condition) =>
        Assert.That(SpinWait.SpinUntil(condition, Timeout), Is.True, $"not within {Timeout.TotalSeconds} s");
}
