using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ExecutionPipeline.Daemon;

/// <summary>
/// Tells systemd how the daemon is, by its protocol sd_notify: datagrams to the socket that NOTIFY_SOCKET names. The
/// watchdog is fed only while events pass the last stage, so that a ring that stands still is noticed though the
/// process lives. Where no socket is named, it says nothing.
/// </summary>
public sealed class ServiceManager : IDisposable
{
    // The manager gives the time within which it must hear something; half of it is the usual habit.
    private const int BeatsPerTimeout = 4;
    private const long MicrosecondsPerSecond = 1_000_000;

    private static readonly byte[] ReadyState = "READY=1"u8.ToArray();
    private static readonly byte[] StoppingState = "STOPPING=1"u8.ToArray();
    private static readonly byte[] AliveState = "WATCHDOG=1"u8.ToArray();

    private readonly Socket? _socket;
    private readonly long _beatTicks;
    private long _lastBeat = long.MinValue;
    private long _lastThrough;

    /// <param name="variables">
    /// The environment: NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID; null where one is not set.
    /// </param>
    public ServiceManager(Func<string, string?> variables)
    {
        ArgumentNullException.ThrowIfNull(variables);
        if (variables("NOTIFY_SOCKET") is not { Length: > 1 } path)
            return;

        _beatTicks = BeatTicks(variables("WATCHDOG_USEC"), variables("WATCHDOG_PID"));
        _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            // An @ stands for the zero byte that an abstract name begins with.
            _socket.Connect(new UnixDomainSocketEndPoint(path[0] == '@' ? '\0' + path[1..] : path));
            _socket.Blocking = false;
        }
        catch (SocketException problem)
        {
            Problem = $"the service manager's socket {path} does not answer: {problem.Message}";
            _socket.Dispose();
            _socket = null;
        }
    }

    /// <summary>Why the manager is not told; null: it is, or there is none.</summary>
    public string? Problem { get; private set; }

    /// <summary>Whether the manager watches the ring.</summary>
    public bool IsWatched => _socket != null && _beatTicks > 0;

    /// <summary>The ring runs: signals are taken in.</summary>
    public void TellReady() => Send(ReadyState);

    /// <summary>The ordered end has begun.</summary>
    public void TellStopping() => Send(StoppingState);

    /// <summary>The configuration is being read again; <see cref="TellReady"/> says that it was.</summary>
    public void TellReloading() => Send(Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"RELOADING=1\nMONOTONIC_USEC={Stopwatch.GetTimestamp() / (Stopwatch.Frequency / MicrosecondsPerSecond)}")));

    /// <summary>Feeds the watchdog, where there is one and events have passed since the last time.</summary>
    /// <param name="through">Events that have passed the last stage.</param>
    public void Beat(long through)
    {
        if (!IsWatched || through == _lastThrough)
            return;

        var now = Stopwatch.GetTimestamp();
        if (_lastBeat != long.MinValue && now - _lastBeat < _beatTicks)
            return;

        (_lastBeat, _lastThrough) = (now, through);
        Send(AliveState);
    }

    public void Dispose() => _socket?.Dispose();

    private static long BeatTicks(string? timeoutUs, string? process)
    {
        var isForOther = process is { Length: > 0 }
            && process != Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        if (isForOther || !long.TryParse(timeoutUs, CultureInfo.InvariantCulture, out var microseconds))
            return 0;

        return Math.Max(1, microseconds * (Stopwatch.Frequency / MicrosecondsPerSecond) / BeatsPerTimeout);
    }

    private void Send(byte[] state)
    {
        try
        {
            _socket?.Send(state);
        }
        catch (SocketException problem)
        {
            Problem ??= $"the service manager was not told {Encoding.ASCII.GetString(state)}: {problem.Message}";
        }
    }
}
