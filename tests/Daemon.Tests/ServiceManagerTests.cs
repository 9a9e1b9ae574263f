using System.Net.Sockets;
using System.Text;

namespace ExecutionPipeline.Daemon.Tests;

/// <summary>What the service manager hears, at a real datagram socket.</summary>
[NonParallelizable]
public sealed class ServiceManagerTests
{
    private string _folder = "";
    private string _path = "";
    private Socket _socket = null!;

    [SetUp]
    public void Listen()
    {
        _folder = Directory.CreateTempSubdirectory("xpd-").FullName;
        _path = Path.Combine(_folder, "notify");
        _socket = Bound(_path);
    }

    [TearDown]
    public void Close()
    {
        _socket.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public void ShouldTellReadyAliveAndStoppingWhenTheDaemonRuns()
    {
        using var daemon = DaemonProcess.Start(_folder, Configurations.Small(), _path);

        Assert.That(Receive(), Is.EqualTo("READY=1"));
        Assert.That(Receive(), Is.EqualTo("WATCHDOG=1"));
        Assert.That(Receive(), Is.EqualTo("WATCHDOG=1"), "the ring moves without any input");
        daemon.Send("TERM");
        var said = Receive();
        while (said == "WATCHDOG=1")
            said = Receive();
        Assert.That(said, Is.EqualTo("STOPPING=1"));
        Assert.That(daemon.End(), Is.Zero, daemon.Error);
    }

    [Test]
    public void ShouldNotFeedTheWatchdogWhenNoEventHasPassed()
    {
        using var service = new ServiceManager(Environment("1"));

        service.Beat(7);
        service.Beat(7);
        service.TellStopping();

        Assert.That(Receive(), Is.EqualTo("WATCHDOG=1"));
        Assert.That(Receive(), Is.EqualTo("STOPPING=1"), "the ring has not moved");
    }

    [Test]
    public void ShouldFeedTheWatchdogAgainWhenEventsPassAgain()
    {
        using var service = new ServiceManager(Environment("1"));

        service.Beat(7);
        service.Beat(8);

        Assert.That(Receive(), Is.EqualTo("WATCHDOG=1"));
        Assert.That(Receive(), Is.EqualTo("WATCHDOG=1"));
    }

    [Test]
    public void ShouldNotFeedTheWatchdogWhenItIsAnotherProcess()
    {
        using var service = new ServiceManager(Environment("1", "1"));

        service.Beat(7);
        service.TellReady();

        Assert.That(service.IsWatched, Is.False);
        Assert.That(Receive(), Is.EqualTo("READY=1"));
    }

    [Test]
    public void ShouldSpeakToAnAbstractSocketWhenItsNameBeginsWithAnAt()
    {
        var name = $"xpd-{Guid.NewGuid():N}";
        using var socket = Bound('\0' + name);
        using var service = new ServiceManager(key => key == "NOTIFY_SOCKET" ? '@' + name : null);

        service.TellReady();

        Assert.That(Receive(socket), Is.EqualTo("READY=1"));
    }

    [Test]
    public void ShouldSayWhyWhenNobodyListens()
    {
        using var service = new ServiceManager(key => key == "NOTIFY_SOCKET" ? Path.Combine(_folder, "none") : null);

        service.TellReady();

        Assert.That(service.Problem, Does.Contain("does not answer"));
    }

    [Test]
    public void ShouldSayNothingWhenThereIsNoManager()
    {
        using var service = new ServiceManager(static _ => null);

        service.TellReady();
        service.Beat(1);

        Assert.That(service.Problem, Is.Null);
        Assert.That(service.IsWatched, Is.False);
    }

    private Func<string, string?> Environment(string watchdogUs, string? process = null) => key => key switch
    {
        "NOTIFY_SOCKET" => _path,
        "WATCHDOG_USEC" => watchdogUs,
        "WATCHDOG_PID" => process,
        _ => null,
    };

    private static Socket Bound(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.ReceiveTimeout = (int)DaemonProcess.Timeout.TotalMilliseconds;
        return socket;
    }

    private string Receive() => Receive(_socket);

    private static string Receive(Socket socket)
    {
        var bytes = new byte[256];
        return Encoding.ASCII.GetString(bytes, 0, socket.Receive(bytes));
    }
}
