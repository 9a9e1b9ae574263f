using System.Diagnostics;
using System.Globalization;
using ExecutionPipeline.Aeron.Monitoring;

namespace ExecutionPipeline.Benchmarks.Messaging;

/// <summary>The process or thread that a media driver is, as the system accounts for it.</summary>
internal sealed class DriverProcess : IDisposable
{
    private const int HeartbeatTimeoutMs = 10_000;

    private readonly int _processId;
    private readonly string[] _threads;

    private DriverProcess(int processId, string threadPrefix)
    {
        _processId = processId;
        _threads = [.. Directory
            .EnumerateDirectories($"/proc/{processId}/task")
            .Where(thread => File.ReadAllText($"{thread}/comm").StartsWith(threadPrefix, StringComparison.Ordinal))];
    }

    /// <summary>The driver's thread in this process.</summary>
    public static DriverProcess Embedded() => new(Environment.ProcessId, "aeron-driver");

    /// <summary>The process that runs the driver of a directory.</summary>
    /// <exception cref="IOException">There is none that lives.</exception>
    public static DriverProcess Of(string directory)
    {
        using var monitor = DriverMonitor.Open(directory);
        if (monitor.DescribeDeath(HeartbeatTimeoutMs) is { } death)
            throw new IOException(death);

        return new((int)monitor.Pid, string.Empty);
    }

    /// <summary>Nanoseconds that the driver has had a processor up to now.</summary>
    public long CpuTimeNs() => _threads.Sum(thread =>
        long.Parse(File.ReadAllText($"{thread}/schedstat").Split(' ')[0], CultureInfo.InvariantCulture));

    /// <summary>Holds the process until what is returned is disposed.</summary>
    public IDisposable Pause()
    {
        Signal("STOP");
        return this;
    }

    /// <summary>Lets the process go on.</summary>
    public void Dispose()
    {
        if (_processId != Environment.ProcessId)
            Signal("CONT");
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_processId}"]);
        kill.WaitForExit();
    }
}
