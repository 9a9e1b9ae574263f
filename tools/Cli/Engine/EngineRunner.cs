using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Drivers;
using ExecutionPipeline.Cli.Reports;

namespace ExecutionPipeline.Cli.Engine;

/// <summary>
/// `xp engine`: runs the tactical engine and writes its report as one line. With --watch-stdin the end of standard
/// input means that the parent has ended, and ends the engine.
/// </summary>
public static class EngineRunner
{
    /// <summary>Runs to the end. Returns the exit code: 0 when everything was sent.</summary>
    public static Task<int> RunAsync(EngineOptions options, TextWriter output, CancellationToken cancel) =>
        Task.Run(() => Run(options, output, cancel), CancellationToken.None);

    private static int Run(EngineOptions options, TextWriter output, CancellationToken cancel)
    {
        DriverDirectories.MustHoldADriver(options.AeronDirectory);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        if (options.IsWatchingInput)
            WatchInput(stop);

        var report = new TacticalEngine(options, stop.Token).Run();
        output.WriteLine(JsonReport.Line(report));
        output.Flush();
        if (report.Problem is { } problem)
            Console.Error.WriteLine($"xp engine: {problem}");

        return report.Ending switch
        {
            EngineEnding.Done when report.Problem == null => ExitCode.Done,
            EngineEnding.Interrupted => ExitCode.Interrupted,
            _ => ExitCode.Failed,
        };
    }

    private static void WatchInput(CancellationTokenSource stop)
    {
        var watcher = new Thread(() =>
        {
            using var input = Console.OpenStandardInput();
            var buffer = new byte[64];
            while (input.Read(buffer) > 0)
            {
                // What the parent writes has no meaning; that it stops does.
            }

            try
            {
                stop.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The engine had ended already.
            }
        })
        {
            IsBackground = true,
            Name = "parent watch",
        };
        watcher.Start();
    }
}
