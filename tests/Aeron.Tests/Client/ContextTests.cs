using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using ExecutionPipeline.Aeron.Driver;
using AeronClient = ExecutionPipeline.Aeron.Client.Aeron;

namespace ExecutionPipeline.Aeron.Tests.Client;

public sealed class ContextTests : AeronTestBase
{
    private AeronClient.Context Context => new AeronClient.Context().AeronDirectoryName(Directory);

    [Test]
    public void ShouldThrowWhenSettingsCannotBe()
    {
        var invoker = new AgentInvoker(new CallbackErrorHandler(_ => { }), new FakeDriverless());
        Assert.That(
            () => AeronClient.Connect(Context.ClientName(new string('x', 101))),
            Throws.TypeOf<ConfigurationException>().With.Message.Contain("clientName"));
        Assert.That(
            () => AeronClient.Connect(Context.IdleSleepDurationNs(1_000_000_001)),
            Throws.TypeOf<ConfigurationException>().With.Message.Contain("idleSleepDurationNs"));
        Assert.That(
            () => AeronClient.Connect(Context.DriverAgentInvoker(invoker)),
            Throws.TypeOf<ConfigurationException>().With.Message.Contain("UseConductorAgentInvoker"));
    }

    [Test]
    public void ShouldThrowWhenTheKeepaliveIsTooSlowForTheDriver()
    {
        var clock = new ManualClock();
        using var driver = new FakeDriver(Directory, clock, clientLivenessTimeoutNs: 500_000_000);
        Assert.That(
            () => AeronClient.Connect(Context.EpochClock(clock).KeepAliveIntervalNs(500_000_000)),
            Throws.TypeOf<ConfigurationException>().With.Message.Contain("keepAliveIntervalNs"));
    }

    [Test]
    public void ShouldServeOneClientAlone()
    {
        LaunchDriver();
        var context = Context;
        Assert.That(context.IsConcluded, Is.False);
        var clone = context.Clone();
        var aeron = Keep(AeronClient.Connect(context));
        Assert.That(context.IsConcluded, Is.True);
        Assert.That(context.ClientId(), Is.EqualTo(aeron.ClientId));
        Assert.That(context.FilePageSize(), Is.EqualTo(4096));
        Assert.That(context.InterServiceTimeoutNs(), Is.EqualTo(10_000_000_000));
        Assert.That(context.CountersValuesBuffer().Capacity, Is.EqualTo(1024 * 1024));
        Assert.That(() => AeronClient.Connect(context), Throws.TypeOf<ConcurrentConcludeException>());
        Keep(AeronClient.Connect(clone));
    }

    [Test]
    public void ShouldSayWhetherADriverIsActive()
    {
        var log = new List<string>();
        Assert.That(Context.IsDriverActive(1000, log.Add), Is.False);
        Assert.That(log, Is.Empty);
        var driver = LaunchDriver(context => context.DirDeleteOnShutdown(false));
        Assert.That(Context.IsDriverActive(10_000, log.Add), Is.True);
        Assert.That(log[0], Does.Contain(Context.CncFile().Name));
        driver.Dispose();
        Assert.That(Context.IsDriverActive(10_000, log.Add), Is.False);
        Context.DeleteAeronDirectory();
        Assert.That(System.IO.Directory.Exists(Directory), Is.False);
        Context.DeleteAeronDirectory();
    }

    [Test]
    public void ShouldAskADriverToEnd()
    {
        var directory = new DirectoryInfo(Directory);
        Assert.That(AeronClient.Context.RequestDriverTermination(directory, null, 0, 0), Is.False);
        var token = Array.Empty<byte>();
        var driver = LaunchDriver(context => context
            .ThreadingMode(ThreadingMode.INVOKER)
            .TerminationValidator(bytes =>
            {
                token = bytes.ToArray();
                return false;
            }));
        var buffer = new UnsafeBuffer("xtoken"u8.ToArray());
        Assert.That(AeronClient.Context.RequestDriverTermination(directory, buffer, 1, 5), Is.True);
        driver.SharedAgentInvoker()!.Invoke();
        Assert.That(token, Is.EqualTo("token"u8.ToArray()));
    }

    [Test]
    public void ShouldPrintCountersAndErrors()
    {
        LaunchDriver();
        var aeron = Connect();
        aeron.AddCounter(1001, "of mine").Set(1234);
        var counters = new StringWriter();
        aeron.PrintCounters(counters);
        Assert.That(counters.ToString(), Does.Contain("1,234 - of mine"));
        Assert.That(() => aeron.AddPublication("aeron:ipc?mtu=100", StreamId), Throws.TypeOf<RegistrationException>());
        var errors = new StringWriter();
        Assert.That(aeron.Ctx.SaveErrorLog(errors), Is.EqualTo(1));
        Assert.That(errors.ToString(), Does.Contain("FRAME_ALIGNMENT").And.Contain("1 distinct errors observed."));
    }

    private sealed class FakeDriverless : IAgent
    {
        public string RoleName() => "nobody";

        public void OnStart()
        {
        }

        public int DoWork() => 0;

        public void OnClose()
        {
        }
    }
}
