using System.Diagnostics;
using ExecutionPipeline.Aeron.TestHost;

namespace ExecutionPipeline.Aeron.Tests.Processes;

/// <summary>One process of a chaos test, and the file in which it keeps its progress.</summary>
internal sealed class ChaosMember : IDisposable
{
    private readonly HostProcess _process;

    public ChaosMember(string role, string directory, string progressDirectory, string channel, int timeoutMs)
    {
        Role = role;
        var path = Path.Combine(progressDirectory, $"{role}-{Stopwatch.GetTimestamp()}");
        Progress = ProgressFile.Create(path);
        _process = new HostProcess(role, directory, channel, AeronTestStreamId, timeoutMs, 0, path);
    }

    public string Role { get; }

    public ProgressFile Progress { get; }

    public bool IsSubscriber => Role == "chaos-subscribe";

    /// <summary>What it wrote when it ended though nobody killed it.</summary>
    public string? Failure => _process.Failure;

    private static int AeronTestStreamId => 1001;

    /// <summary>True once it has been connected since a time.</summary>
    public bool IsConnectedSince(long timeNs) => Progress.ConnectedAtNs > timeNs;

    /// <summary>
    /// True when it was there to receive a run of a publisher's from the first message on: it was connected to the
    /// driver that has been ready since a time, before the run began. Runs are named for when they began.
    /// </summary>
    public bool IsWitnessOf(long runId, long driverReadyAt) =>
        IsSubscriber && IsConnectedSince(driverReadyAt) && runId > Progress.ConnectedAtNs;

    public void Kill() => _process.Kill();

    public void Dispose()
    {
        _process.Dispose();
        Progress.Dispose();
    }
}
