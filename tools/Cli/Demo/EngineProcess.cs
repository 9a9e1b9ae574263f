using System.Diagnostics;
using ExecutionPipeline.Cli.Engine;
using ExecutionPipeline.Cli.Reports;

namespace ExecutionPipeline.Cli.Demo;

/// <summary>
/// The tactical engine as a process of its own. It ends by itself when its standard input closes, so it never outlives
/// this process, however that ends.
/// </summary>
public sealed class EngineProcess : IDisposable
{
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    private EngineProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _errors = process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Starts this same program again, as `xp engine`.</summary>
    public static EngineProcess Start(EngineOptions options)
    {
        var start = new ProcessStartInfo
        {
            FileName = Environment.ProcessPath!,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Add(typeof(EngineProcess).Assembly.Location);

        foreach (var argument in options.ToArguments())
            start.ArgumentList.Add(argument);

        return new EngineProcess(Process.Start(start)!);
    }

    /// <summary>
    /// Asks it to end, and insists after a while. It is not sent a signal: a terminal sends Ctrl-C to both processes,
    /// and a second one would end it before its report.
    /// </summary>
    public async Task EndAsync()
    {
        _process.StandardInput.Close();
        using var timeout = new CancellationTokenSource(EndTimeout);
        try
        {
            await _process.WaitForExitAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// What it said of itself, once it has ended; null when it died without a word. The problem is one line, or null.
    /// </summary>
    public async Task<(EngineReport? Report, string? Problem)> ReadReportAsync()
    {
        var output = await _output.ConfigureAwait(false);
        var errors = (await _errors.ConfigureAwait(false)).Trim();
        var last = output.TrimEnd().Split('\n')[^1];
        var report = JsonReport.TryReadEngine(last, out var read) ? read : null;
        if (report != null && report.Problem == null && errors.Length == 0)
            return (report, null);

        var said = report?.Problem ?? (errors.Length > 0 ? errors.ReplaceLineEndings(" ") : "it said nothing");
        return (report, $"the tactical engine (exit code {_process.ExitCode}): {said}");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();

        _process.Dispose();
    }
}
