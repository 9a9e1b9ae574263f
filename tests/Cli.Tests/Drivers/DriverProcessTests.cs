using ExecutionPipeline.Aeron.Protocol;
using ExecutionPipeline.Aeron.Protocol.Command;
using ExecutionPipeline.Cli.Tests.Demo;
using CncFileDescriptor = ExecutionPipeline.Aeron.Protocol.CncFileDescriptor;

namespace ExecutionPipeline.Cli.Tests.Drivers;

/// <summary>`xp driver` as a process of its own.</summary>
public sealed class DriverProcessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private string _directory = "";

    private string CncFileName => Path.Combine(_directory, CncFileDescriptor.CNC_FILE);

    [SetUp]
    public void NameDirectory() =>
        _directory = Path.Combine(Path.GetTempPath(), $"xp-driver-tests-{Guid.NewGuid():N}");

    [TearDown]
    public void RemoveDirectory()
    {
        if (Directory.Exists(_directory))
            Directory.Delete(_directory, recursive: true);
    }

    [Test]
    public void ShouldServeUntilItIsInterrupted()
    {
        using var driver = XpProcess.Start("driver", "--aeron-dir", _directory, "--pre-touch");
        using (var aeron = AeronClient.Connect(new AeronClient.Context().AeronDirectoryName(_directory)))
        {
            Assert.That(aeron.AddPublication("aeron:ipc?term-length=64k", 1001).IsClosed, Is.False);
            Assert.That(
                () => aeron.AddSubscription("aeron:udp?endpoint=localhost:40123", 1001),
                Throws.Exception.With.Message.Contains("start an official media driver"));
        }

        driver.Interrupt();

        Assert.That(driver.End(), Is.EqualTo(130), driver.Error);
        Assert.That(driver.Output.Trim(), Is.EqualTo(_directory));
        Assert.That(Directory.Exists(_directory), Is.False);
    }

    [Test]
    public void ShouldEndWhenAClientPresentsTheToken()
    {
        using var driver = XpProcess.Start(
            "driver", "--aeron-dir", _directory, "--terminate-token", "secret", "--keep-dir");
        AeronClient.Connect(new AeronClient.Context().AeronDirectoryName(_directory)).Dispose();
        using (var cncFile = CncFile.Map(CncFileName)!)
        {
            var toDriver = new Aeron.Buffers.ManyToOneRingBuffer(cncFile.ToDriverBuffer);
            Terminate(toDriver, "guess"u8);
            Assert.That(
                SpinWait.SpinUntil(() => toDriver.ConsumerPosition == toDriver.ProducerPosition, Patience), Is.True);
            Assert.That(toDriver.ConsumerHeartbeatTime, Is.Positive);
            Terminate(toDriver, "secret"u8);
        }

        Assert.That(driver.End(), Is.Zero, driver.Error);
        Assert.That(File.Exists(CncFileName), Is.True, "as --keep-dir asks");
    }

    [Test]
    public void ShouldRefuseSettingsThatCannotBe()
    {
        using var driver = XpProcess.Start("driver", "--aeron-dir", _directory, "--term-length", "100000");

        Assert.That(driver.End(), Is.EqualTo(2));
        Assert.That(driver.Error, Does.Contain("Term length not a power of 2"));
        Assert.That(Directory.Exists(_directory), Is.False);
    }

    private static void Terminate(Aeron.Buffers.ManyToOneRingBuffer toDriver, ReadOnlySpan<byte> token)
    {
        var buffer = new Aeron.Buffers.UnsafeBuffer(new byte[64]);
        var command = new TerminateDriverFlyweight();
        command.Wrap(buffer);
        command.SetToken(token);
        Assert.That(
            toDriver.TryWrite(ControlProtocolEvents.TerminateDriver, buffer, 0, command.EncodedLength), Is.True);
    }
}
