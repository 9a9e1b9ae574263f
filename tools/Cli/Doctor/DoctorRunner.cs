using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Reports;
using Microsoft.ML.OnnxRuntime;

namespace ExecutionPipeline.Cli.Doctor;

/// <summary>What `xp doctor` found; the order of the fields is that of the JSON.</summary>
/// <param name="Root">The folder whose files were read.</param>
/// <param name="HotProcessors">Those of the hot threads; empty: none are set aside.</param>
/// <param name="IsFit">Whether nothing is below what must be.</param>
/// <param name="Checks">Everything that was looked at.</param>
public sealed record DoctorReport(
    string Root, IReadOnlyList<int> HotProcessors, bool IsFit, IReadOnlyList<MachineCheck> Checks);

/// <summary>`xp doctor`: looks at a machine and says what to set.</summary>
public static class DoctorRunner
{
    private const string SharedMemory = "/dev/shm";

    /// <summary>Looks. Returns the exit code: 1 when something is below what must be.</summary>
    public static Task<int> RunAsync(DoctorOptions options, TextWriter output, CancellationToken cancel) =>
        Task.Run(() => Run(options, output, cancel), CancellationToken.None);

    /// <summary>Looks at the machine that the options name.</summary>
    /// <param name="options">Name it.</param>
    /// <param name="facts">What no file says.</param>
    /// <param name="wait">Lets the time pass in which interrupts and stolen time are counted.</param>
    public static DoctorReport Examine(DoctorOptions options, MachineFacts facts, Action<TimeSpan> wait)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(wait);
        var files = new MachineFiles(options.Root);
        var hot = options.HotProcessors ?? files.Processors("/sys/devices/system/cpu/isolated");
        var load = new LoadChecks(files, hot);
        load.Begin();
        wait(TimeSpan.FromSeconds(options.Seconds));
        MachineCheck[] checks =
        [
            .. new ProcessorChecks(files, hot).All(), .. load.End(options.Seconds),
            .. new MemoryChecks(files, facts).All(), .. new LimitChecks(files).All(),
            .. new VersionChecks(files, facts).All(),
        ];
        return new DoctorReport(
            options.Root, hot, checks.All(static check => check.Status != CheckStatus.Must), checks);
    }

    private static int Run(DoctorOptions options, TextWriter output, CancellationToken cancel)
    {
        var report = Examine(options, Facts(), time =>
        {
            cancel.WaitHandle.WaitOne(time);
            cancel.ThrowIfCancellationRequested();
        });
        if (options.JsonFile is { } file)
            ReportJson.Write(file, report);
        else
            Show(report, output);
        return report.IsFit ? ExitCode.Done : ExitCode.Failed;
    }

    private static void Show(DoctorReport report, TextWriter output)
    {
        foreach (var check in report.Checks.OrderByDescending(static check => check.Status))
        {
            output.WriteLine($"{check.Status.ToString().ToLowerInvariant(),-8}{check.Name}: {check.Is}");
            if (check.Status is CheckStatus.Ok)
                continue;

            output.WriteLine($"        should be: {check.ShouldBe}");
            output.WriteLine($"        set it by: {check.How}");
            output.WriteLine($"        it brings: {check.Gain}");
        }

        int Count(CheckStatus status) => report.Checks.Count(check => check.Status == status);
        output.WriteLine(
            $"{Count(CheckStatus.Ok)} ok, {Count(CheckStatus.Unknown)} unknown, {Count(CheckStatus.Should)} should and "
            + $"{Count(CheckStatus.Must)} must be set");
    }

    private static MachineFacts Facts()
    {
        var shared = Directory.Exists(SharedMemory) ? new DriveInfo(SharedMemory) : null;
        return new MachineFacts(
            shared?.TotalSize, shared?.AvailableFreeSpace ?? 0, Environment.Version, LoadedOnnxRuntime());
    }

    private static string? LoadedOnnxRuntime()
    {
        try
        {
            return OrtEnv.Instance().GetVersionString();
        }
        catch (Exception problem) when (problem is DllNotFoundException or TypeInitializationException)
        {
            return null;
        }
    }
}
