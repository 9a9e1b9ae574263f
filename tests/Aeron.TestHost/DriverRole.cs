using ExecutionPipeline.Aeron.Driver;

namespace ExecutionPipeline.Aeron.TestHost;

/// <summary>Runs a driver whose time-outs are <see cref="HostOptions.Count"/> milliseconds, if that is set.</summary>
internal static class DriverRole
{
    public static int Run(HostOptions options)
    {
        var context = new MediaDriver.Context().AeronDirectoryName(options.Directory);
        if (options.Count > 0)
        {
            var timeoutNs = options.Count * 1_000_000L;
            context.TimerIntervalNs(timeoutNs / 10)
                .ClientLivenessTimeoutNs(timeoutNs)
                .PublicationUnblockTimeoutNs(timeoutNs * 2);
        }

        using var driver = MediaDriver.Launch(context);
        HostOptions.SayReady();
        HostOptions.AwaitEndOfInput();
        return 0;
    }
}
