using System.Diagnostics;
using System.Globalization;
using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.Aeron.Monitoring;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Tests.Processes;

/// <summary>
/// A driver, publishers and subscribers, a process each, one of which is killed at a random instant, again and again.
/// XP_CHAOS_KILLS sets how often; 12 times unless told.
/// </summary>
public sealed class ChaosTests : AeronTestBase
{
    private const int TimeoutMs = 4000;
    private const int DefaultKills = 12;
    private const string KillsVariable = "XP_CHAOS_KILLS";
    private static readonly string[] Roles =
        ["chaos-subscribe", "chaos-subscribe", "chaos-publish", "chaos-publish", "chaos-publish-exclusive"];

    private readonly List<ChaosMember> _members = [];
    private readonly int[] _killsByKind = new int[3];
    private string _progressDirectory = "";
    private HostProcess _driver = null!;
    private long _driverReadyAt;

    [SetUp]
    public void StartAll()
    {
        _progressDirectory = System.IO.Directory.CreateTempSubdirectory("aeron-chaos-").FullName;
        StartDriver();
        foreach (var role in Roles)
            Start(role);
    }

    [TearDown]
    public void EndAll()
    {
        foreach (var member in _members)
            member.Dispose();

        _members.Clear();
        _driver.Dispose();
        System.IO.Directory.Delete(_progressDirectory, recursive: true);
    }

    [Test]
    public void ShouldLoseNothingAndFreeEverythingWhenProcessesAreKilled()
    {
        var random = TestSeed.NewRandom();
        var kills = int.Parse(
            Environment.GetEnvironmentVariable(KillsVariable) ?? $"{DefaultKills}", CultureInfo.InvariantCulture);
        for (var kill = 0; kill < kills; kill++)
        {
            AwaitAll(member => member.IsConnectedSince(_driverReadyAt), "everybody to be connected");
            AwaitTraffic();
            // The instant is random: that is all this pause is for.
            SpinWait.SpinUntil(() => false, random.Next(50));
            if (random.Next(8) == 0)
                RestartDriver();
            else
                Replace(_members[random.Next(_members.Count)]);
        }

        TestContext.Out.WriteLine(
            $"kills: {_killsByKind[0]} publishers, {_killsByKind[1]} subscribers, {_killsByKind[2]} drivers");
        AwaitTraffic();
        EndClientsAndAwaitFreedResources();
    }

    private void Replace(ChaosMember victim)
    {
        _killsByKind[victim.IsSubscriber ? 1 : 0]++;
        victim.Kill();
        _members.Remove(victim);
        if (!victim.IsSubscriber)
            AwaitDelivery(victim);

        victim.Dispose();
        Start(victim.Role);
    }

    // What a publisher had offered when it was killed reaches every subscriber that was there all along.
    private void AwaitDelivery(ChaosMember publisher)
    {
        var runId = publisher.Progress.LastRunId;
        var offered = publisher.Progress.Find(runId)?.Next ?? 0;
        foreach (var witness in _members.Where(member => member.IsWitnessOf(runId, _driverReadyAt) && offered > 0))
        {
            AwaitAll(_ => witness.Progress.Find(runId)?.Next >= offered, $"message {offered} of {publisher.Role}");
            Assert.That(witness.Progress.Find(runId)!.Value.First, Is.Zero, "the first message of the run");
        }
    }

    private void AwaitTraffic()
    {
        foreach (var publisher in _members.Where(member => !member.IsSubscriber))
        {
            var runId = publisher.Progress.LastRunId;
            var before = publisher.Progress.Find(runId)?.Next;
            AwaitAll(
                _ => publisher.Progress.LastRunId != runId || publisher.Progress.Find(runId)?.Next > before + 100,
                $"messages of {publisher.Role}");
        }
    }

    private void AwaitAll(Func<ChaosMember, bool> condition, string what)
    {
        Await(
            () => _members.Exists(member => member.Failure is not null) || _members.TrueForAll(one => condition(one)),
            what);
        Assert.That(_members.Select(member => member.Failure), Has.All.Null, what);
        Assert.That(_driver.Failure, Is.Null);
    }

    private void EndClientsAndAwaitFreedResources()
    {
        foreach (var member in _members)
            member.Kill();

        using var monitor = DriverMonitor.Open(Directory);
        var logs = Path.Combine(Directory, "publications");
        Await(() => System.IO.Directory.GetFiles(logs).Length == 0, "logs to be freed");
        Await(
            () => monitor.Counters().TrueForAll(one => one.TypeId == AeronCounters.DriverSystemCounterTypeId),
            "counters to be freed");
        var mapped = monitor.Counters().Find(one => one.Id == (int)SystemCounterId.BytesCurrentlyMapped);
        Assert.That(mapped.Value, Is.Zero);
        Assert.That(monitor.Errors(), Is.Empty);
        Assert.That(_driver.End(), Is.Zero);
        Assert.That(System.IO.Directory.Exists(Directory), Is.False);
    }

    private void RestartDriver()
    {
        _killsByKind[2]++;
        _driver.Kill();
        _driver.Dispose();
        StartDriver();
    }

    private void StartDriver()
    {
        _driver = new HostProcess("driver", Directory, "", 0, TimeoutMs);
        _driver.Await("READY");
        _driverReadyAt = Stopwatch.GetTimestamp();
    }

    private void Start(string role) =>
        _members.Add(new ChaosMember(role, Directory, _progressDirectory, Channel, TimeoutMs));
}
