using ExecutionPipeline.Aeron.Monitoring;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Pipeline.Hosting;

namespace ExecutionPipeline.Cli.Drivers;

/// <summary>The option that names a media driver's directory.</summary>
public static class DriverDirectories
{
    private const string DefaultHelp = "the user's own: /dev/shm/aeron-USER";

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(5);

    /// <inheritdoc cref="AeronDirectories.Default"/>
    public static string Default => AeronDirectories.Default;

    /// <summary>Says at once what a client would wait for in vain.</summary>
    /// <exception cref="UsageException">No driver uses that directory.</exception>
    public static void MustHoldADriver(string directory, string option = "--aeron-dir")
    {
        if (!File.Exists(Path.Combine(directory, "cnc.dat")))
            throw new UsageException($"no media driver in {directory}: name it with {option}");
    }

    /// <summary>
    /// Refuses a pipeline where another one publishes: its answers would mix with this one's. Where that one was
    /// killed, waits until the driver knows.
    /// </summary>
    /// <exception cref="UsageException">There is one, and it lives.</exception>
    /// <exception cref="TimeoutException">One without a sign of life is there, and is not given up.</exception>
    public static void MustHoldNoPipeline(
        string directory, string channel, int outboundStream, CancellationToken cancel)
    {
        using var monitor = DriverMonitor.Open(directory);
        var watch = RivalWatch.On(monitor.ClientTimeoutNs);
        while (FindPublishers(monitor, channel, outboundStream) is [_, ..] publishers)
        {
            var where = $"on stream {outboundStream} of the driver in {directory}";
            // What an ended pipeline published is still there for a moment, and so may its client be.
            if (publishers.Exists(watch.HasMoved) && watch.Watched >= EndTime)
                throw new UsageException($"another pipeline publishes {where}: end it, or use another driver");
            if (watch.IsOver)
                throw new TimeoutException(
                    $"a pipeline that shows no life publishes {where}, and the driver has not given it up within "
                    + $"{watch.Patience.TotalSeconds:0} s");

            cancel.WaitHandle.WaitOne(LookInterval);
            cancel.ThrowIfCancellationRequested();
        }
    }

    private static List<Rival> FindPublishers(DriverMonitor monitor, string channel, int stream) =>
    [
        .. monitor.Streams()
            .Where(position => position.StreamId == stream
                && position.TypeId == Aeron.Protocol.AeronCounters.DriverPublisherLimitTypeId
                && EndpointOf(position.Channel) == EndpointOf(channel))
            .Select(position => new Rival(position.OwnerId, monitor.HeartbeatOf(position.OwnerId))),
    ];

    private static string EndpointOf(string channel)
    {
        var uri = ChannelUri.Parse(channel);
        return uri.IsIpc ? "" : uri.Get("endpoint") ?? uri.Get("control") ?? channel;
    }

    /// <summary>A directory to run a driver in, which is made where it is missing.</summary>
    public static ValueOption<string?> ToRunIn() => new(
        "--aeron-dir", "DIR", "The driver's directory, private to the user.",
        Paths.WritableDirectory, null, DefaultHelp);

    /// <summary>The directory of a driver to look at. Whether it is there is the command's to say.</summary>
    public static ValueOption<string?> ToLookAt() => new(
        "--aeron-dir", "DIR", "The directory of the driver, this project's or an official one.",
        Paths.OutputDirectory, null, DefaultHelp);
}
