using System.Diagnostics;
using System.Globalization;
using ExecutionPipeline.Cli.Reports;

namespace ExecutionPipeline.Cli.Demo;

/// <summary>
/// This program once more, as the tactical engine or the venue in a process of its own. It ends by itself when its
/// standard input closes, so it never outlives this process, however that ends.
/// </summary>
public sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    private ChildProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _errors = process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Once it has exited.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts this same program again.</summary>
    /// <param name="arguments">Its command line, from the command's name on.</param>
    public static ChildProcess Start(IReadOnlyList<string> arguments)
    {
        return new ChildProcess(Process.Start(StartOf(arguments))!);
    }

    /// <summary>How this same program is started again, with its standard streams in this process's hands.</summary>
    /// <param name="arguments">Its command line, from the command's name on.</param>
    internal static ProcessStartInfo StartOf(IEnumerable<string> arguments)
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
            start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);

        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);

        return start;
    }

    /// <summary>A number as a command line takes it.</summary>
    internal static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    /// <summary>Adds the options that say where a child's streams and market data are, those that are given.</summary>
    internal static void AddInputs(
        List<string> arguments,
        string? configFile,
        string? channel,
        IReadOnlyList<string> dataFiles,
        IReadOnlyList<uint> dataInstruments)
    {
        if (configFile is not null)
            arguments.AddRange(["--config", configFile]);
        if (channel is not null)
            arguments.AddRange(["--channel", channel]);
        if (dataFiles.Count > 0)
            arguments.AddRange(["--data", .. dataFiles]);
        if (dataInstruments.Count > 0)
            arguments.AddRange(["--data-instruments", string.Join(',', dataInstruments)]);
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
    /// What a tactical engine said of itself, once it has ended; null when it died without a word. The problem is one
    /// line, or null.
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

    /// <summary>What it complained of, once it has ended, in one line; null: of nothing.</summary>
    public async Task<string?> ReadProblemAsync()
    {
        var errors = (await _errors.ConfigureAwait(false)).Trim();
        return errors.Length > 0 ? errors.ReplaceLineEndings(" ") : null;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();

        _process.Dispose();
    }
}
