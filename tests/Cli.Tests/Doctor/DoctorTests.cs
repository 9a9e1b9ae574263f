using System.Text.Json;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Doctor;
using ExecutionPipeline.Cli.Tests.CommandLine;

namespace ExecutionPipeline.Cli.Tests.Doctor;

/// <summary>What the doctor says of machines that are made up of files.</summary>
public sealed class DoctorTests
{
    private const string Processors = "sys/devices/system/cpu";
    private const long GiB = 1L << 30;
    private static readonly MachineFacts Facts = new(2 * GiB, GiB, new Version(10, 0, 12), "1.31.1");

    private MachineTree _machine = null!;

    [SetUp]
    public void Make() => _machine = new MachineTree();

    [TearDown]
    public void Remove() => _machine.Dispose();

    [Test]
    public void ShouldFindNothingWhenTheMachineIsSetAsItShouldBe()
    {
        var report = Examine();

        Assert.That(
            report.Checks.Where(static check => check.Status != CheckStatus.Ok).Select(static check => $"{check}"),
            Is.Empty);
        Assert.That(report.IsFit, Is.True);
        Assert.That(report.HotProcessors, Is.EqualTo([2, 3, 4, 5, 6, 7]));
    }

    [TestCase("isolated processors", Processors + "/isolated", "\n", CheckStatus.Should)]
    [TestCase("isolated processors", Processors + "/isolated", "0-7\n", CheckStatus.Should)]
    [TestCase("processors without a tick", Processors + "/nohz_full", "(null)\n", CheckStatus.Should)]
    [TestCase("processors without RCU callbacks", "proc/cmdline", "quiet rcu_nocbs=2-3\n", CheckStatus.Should)]
    [TestCase("frequency governor", Processors + "/cpu3/cpufreq/scaling_governor", "powersave\n", CheckStatus.Should)]
    [TestCase("deepest sleep state", Processors + "/cpu3/cpuidle/state2/disable", "0\n", CheckStatus.Should)]
    [TestCase("threads that share a core (SMT)", Processors + "/smt/active", "1\n", CheckStatus.Should)]
    [TestCase("threads that share a core (SMT)", Processors + "/smt/active", null, CheckStatus.Unknown)]
    [TestCase("clock source", ClockSource, "hpet\n", CheckStatus.Must)]
    [TestCase("clock source", ClockSource, "kvm-clock\n", CheckStatus.Ok)]
    [TestCase("device interrupts routed to hot processors", Route, "0-3\n", CheckStatus.Should)]
    [TestCase("transparent huge pages", HugePages, "[always] madvise never\n", CheckStatus.Should)]
    [TestCase("swap", "proc/swaps", "Filename\tType\n/dev/sda2 partition 1 0 -2\n", CheckStatus.Should)]
    [TestCase("available memory", "proc/meminfo", "MemAvailable: 900000 kB\n", CheckStatus.Must)]
    [TestCase("kernel", "proc/sys/kernel/osrelease", "3.10.0-1160.el7\n", CheckStatus.Must)]
    [TestCase("kernel", "proc/sys/kernel/osrelease", "5.4.0-42-generic\n", CheckStatus.Should)]
    [TestCase("processors", "proc/self/status", "Cpus_allowed_list:\t3\n", CheckStatus.Must)]
    [TestCase("processors", "proc/self/status", "Cpus_allowed_list:\t0,3-4\n", CheckStatus.Should)]
    [TestCase("limit of locked memory (memlock)", Limits, "Max locked memory  65536  65536  bytes\n", CheckStatus.Must)]
    [TestCase("limit of locked memory (memlock)", Limits, "Max locked memory  8388608  8388608\n", CheckStatus.Should)]
    [TestCase("limit of open files (nofile)", Limits, "Max open files  1024  4096  files\n", CheckStatus.Should)]
    [TestCase("limit of open files (nofile)", Limits, "Max open files  256  4096  files\n", CheckStatus.Must)]
    [TestCase("limit of processor time (container)", CpuMax, "200000 100000\n", CheckStatus.Must)]
    [TestCase("limit of processor time (container)", CpuMax, "800000 100000\n", CheckStatus.Ok)]
    [TestCase("limit of processor time (container)", OldQuota, "50000\n", CheckStatus.Must)]
    [TestCase("limit of memory (container)", "sys/fs/cgroup/memory.max", "536870912\n", CheckStatus.Must)]
    public void ShouldSayWhatIsWrongWhenOneThingIs(string check, string file, string? text, CheckStatus expected)
    {
        _machine.Write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
        _machine.Write(file, text);

        var found = Examine([2, 3, 4, 5, 6, 7]).Checks.Single(one => one.Name == check);

        Assert.That(found.Status, Is.EqualTo(expected), $"{found}");
        Assert.That(found.ShouldBe, Is.Not.Empty);
        Assert.That(found.How, Is.Not.Empty);
        Assert.That(found.Gain, Is.Not.Empty);
    }

    [TestCase(4, CheckStatus.Ok)]
    [TestCase(10, CheckStatus.Should)]
    [TestCase(100, CheckStatus.Must)]
    public void ShouldCountWhatTheHypervisorTookWhenTimePasses(int stolen, CheckStatus expected)
    {
        var report = DoctorRunner.Examine(
            Options(), Facts,
            _ => _machine.Write("proc/stat", MachineTree.Stat(idle: 2_000 - stolen, steal: stolen)));

        var found = report.Checks.Single(static check => check.Name == "time that the hypervisor took");
        Assert.That(found.Status, Is.EqualTo(expected), found.Is);
        Assert.That(report.IsFit, Is.EqualTo(expected != CheckStatus.Must));
    }

    [Test]
    public void ShouldCountInterruptsOfTheBusiestHotProcessorWhenTimePasses()
    {
        var report = DoctorRunner.Examine(
            Options() with { Seconds = 2 }, Facts,
            _ => _machine.Write("proc/interrupts", MachineTree.Interrupts(hot: 600)));

        var found = report.Checks
            .Single(static check => check.Name.StartsWith("interrupts of", StringComparison.Ordinal));
        Assert.That(found.Status, Is.EqualTo(CheckStatus.Should));
        Assert.That(found.Is, Is.EqualTo("250 a second"));
    }

    /// <summary>The processor with the most interrupts since the start of the machine may be quiet by now.</summary>
    [Test]
    public void ShouldTellTheBusiestProcessorsInterruptsWhenAnotherHadMoreBefore()
    {
        _machine.Write("proc/interrupts", MachineTree.Interrupts(hot: 100, other: 5_000_000));
        var report = DoctorRunner.Examine(
            Options() with { Seconds = 2 }, Facts,
            _ => _machine.Write("proc/interrupts", MachineTree.Interrupts(hot: 600, other: 5_000_000)));

        var found = report.Checks
            .Single(static check => check.Name.StartsWith("interrupts of", StringComparison.Ordinal));
        Assert.That(found.Is, Is.EqualTo("250 a second"));
    }

    [Test]
    public void ShouldLookAtEveryGroupUpwardsWhenAQuotaIsSet()
    {
        _machine.Write("sys/fs/cgroup/system.slice/cpu.max", "400000 100000\n");
        _machine.Write("sys/fs/cgroup/system.slice/xpd.service/cpu.max", "max 100000\n");

        var found = Examine().Checks
            .Single(static check => check.Name.Contains("processor time", StringComparison.Ordinal));

        Assert.That(found.Status, Is.EqualTo(CheckStatus.Must));
        Assert.That(found.Is, Is.EqualTo("4 of 8 processors"));
    }

    [Test]
    public void ShouldNotBeFitWhenSharedMemoryIsAsSmallAsContainersHaveIt()
    {
        var report = DoctorRunner.Examine(
            Options(), Facts with { SharedMemoryBytes = 64 << 20, SharedMemoryFreeBytes = 64 << 20 }, static _ => { });

        Assert.That(report.IsFit, Is.False);
        Assert.That(
            report.Checks.Single(static check => check.Status == CheckStatus.Must).How, Does.Contain("shm_size: 1g"));
    }

    [Test]
    public void ShouldTellWhenFilesAreMissingAltogether()
    {
        using var empty = new TemporaryRoot();

        var report = DoctorRunner.Examine(Options() with { Root = empty.Path }, Facts, static _ => { });

        Assert.That(
            report.Checks.Where(static check => check.Status == CheckStatus.Must), Is.Empty,
            "what is not known is no fault");
        Assert.That(report.Checks.Count(static check => check.Status == CheckStatus.Unknown), Is.GreaterThan(8));
    }

    [Test]
    public async Task ShouldEndWith1AndWriteEveryFieldWhenSomethingMustBeSet()
    {
        _machine.Write(ClockSource, "acpi_pm\n");
        var file = Path.Combine(_machine.Root, "doctor.json");

        var code = await DoctorRunner.RunAsync(
            Options() with { JsonFile = file, Seconds = 0.001 }, TextWriter.Null, CancellationToken.None);

        Assert.That(code, Is.EqualTo(ExitCode.Failed));
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(file));
        Assert.That(json.RootElement.GetProperty("is_fit").GetBoolean(), Is.False);
        var clock = json.RootElement.GetProperty("checks").EnumerateArray()
            .Single(static check => check.GetProperty("name").GetString() == "clock source");
        Assert.That(clock.GetProperty("status").GetString(), Is.EqualTo("must"));
        Assert.That(
            clock.EnumerateObject().Select(static field => field.Name),
            Is.EqualTo(["name", "status", "is", "should_be", "how", "gain"]));
    }

    [Test]
    public void ShouldTakeTheProcessorsThatAreNamedWhenItsLineIsRead()
    {
        var options = (DoctorOptions)Xp.Run("doctor", "--cpus", "9,2-4", "--root", _machine.Root).Options!;

        Assert.That(options.HotProcessors, Is.EqualTo([2, 3, 4, 9]), "another machine may have more than this one");
        Assert.That(options.Root, Is.EqualTo(_machine.Root));
        Assert.That(Xp.Run("doctor", "--cpus", "2-x").ExitCode, Is.EqualTo(ExitCode.Unusable));
    }

    private const string ClockSource = "sys/devices/system/clocksource/clocksource0/current_clocksource";
    private const string HugePages = "sys/kernel/mm/transparent_hugepage/enabled";
    private const string Route = "proc/irq/24/smp_affinity_list";
    private const string Limits = "proc/self/limits";
    private const string CpuMax = "sys/fs/cgroup/cpu.max";
    private const string OldQuota = "sys/fs/cgroup/cpu/cpu.cfs_quota_us";

    private DoctorOptions Options() => new() { Root = _machine.Root };

    private DoctorReport Examine(IReadOnlyList<int>? hot = null) =>
        DoctorRunner.Examine(
            Options() with { HotProcessors = hot }, Facts,
            _ => _machine.Write("proc/stat", MachineTree.Stat(idle: 2_000, steal: 0)));

    private sealed class TemporaryRoot : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("xp-machine-").FullName;

        public void Dispose() => Directory.Delete(Path);
    }
}
