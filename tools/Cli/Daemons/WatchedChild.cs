using System.ComponentModel;
using System.Diagnostics;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Daemon;
using ExecutionPipeline.Native;

namespace ExecutionPipeline.Cli.Daemons;

/// <summary>
/// A process that this one has started and starts again when it dies, after a second and then twice as long each time,
/// up to half a minute. It ends when its standard input closes, so it never outlives this process, however that ends.
/// </summary>
/// <param name="name">What it is called in the output.</param>
/// <param name="arguments">The command of this program that it runs.</param>
/// <param name="tell">Is given its lines, and what becomes of it. Several threads call it.</param>
public sealed class WatchedChild(string name, IReadOnlyList<string> arguments, Action<string, string> tell)
    : IDisposable
{
    private const long FirstPauseMs = 1_000;
    private const long LongestPauseMs = 30_000;

    /// <summary>What has lived for so long is taken to be well again.</summary>
    private const long WellAfterMs = 60_000;

    private const string BesideHotThreads = "10";

    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Whether it gives way to hot threads on the same processor, as a control plane should. Default: no.
    /// </summary>
    public bool IsNice { get; init; }

    private Process? _process;
    private long _pauseMs = FirstPauseMs;
    private long _startedAtMs;
    private long _startAtMs;

    /// <summary>How often it was started again.</summary>
    public int Restarts { get; private set; }

    /// <summary>Its process id, of the last start.</summary>
    public int ProcessId { get; private set; }

    /// <summary>The exit code of a process that has ended and of which nothing was told yet; null: there is none.
    /// </summary>
    public int? EndedWith => _process is { HasExited: true } ended ? ended.ExitCode : null;

    /// <summary>Starts it for the first time.</summary>
    public void Start()
    {
        var start = ChildProcess.StartOf(arguments);
        if (IsNice && OperatingSystem.IsLinux())
        {
            // By the system's program, so that it holds for every thread of the child.
            foreach (var (i, word) in ((string[])["-n", BesideHotThreads, start.FileName]).Index())
                start.ArgumentList.Insert(i, word);
            start.FileName = "nice";
        }

        start.Environment[Supervision.Variable] = "1";

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => TellLine(line.Data);
        process.ErrorDataReceived += (_, line) => TellLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        (_process, ProcessId, _startedAtMs) = (process, process.Id, Environment.TickCount64);
    }

    /// <summary>
    /// Starts it again where it has died and its pause is over. Returns the exit code with which it has died since the
    /// last look; null: it has not.
    /// </summary>
    public int? Watch()
    {
        if (_process is { HasExited: true } dead)
            return NoteDeath(dead);

        if (_process is null && Environment.TickCount64 >= _startAtMs)
            StartAgain();
        return null;
    }

    /// <summary>Where that cannot be, it is tried again later: the other processes are well without it.</summary>
    private void StartAgain()
    {
        try
        {
            Start();
            Restarts++;
            tell("up", $"{name} again, process {ProcessId}");
        }
        catch (Exception problem) when (problem is Win32Exception or IOException or OutOfMemoryException)
        {
            tell("up", $"{name} could not be started: {problem.Message}: again in {_pauseMs / 1000} s");
            Pause();
        }
    }

    private void Pause()
    {
        _startAtMs = Environment.TickCount64 + _pauseMs;
        _pauseMs = Math.Min(2 * _pauseMs, LongestPauseMs);
    }

    /// <summary>Asks it to read its configuration again.</summary>
    public void Reload()
    {
        if (_process is { } process)
            ProcessSignal.TryHangUp(process);
    }

    /// <summary>
    /// Asks it to end in order, and insists after a while. Returns whether it did: it has not where it had to be
    /// killed, says itself that its end was not whole, or has died and waits for its next start.
    /// </summary>
    public bool TryEnd()
    {
        if (_process is not { } process)
            return false;

        process.StandardInput.Close();
        var hasEnded = process.WaitForExit(EndTimeout);
        if (!hasEnded)
            process.Kill();
        // The lines that it wrote last are still on their way.
        process.WaitForExit();
        var code = process.ExitCode;
        // A command that runs until it is told to end takes that for an interruption.
        var isInOrder = hasEnded && code is (ExitCode.Done or ExitCode.Interrupted);
        if (!hasEnded)
            tell("up", $"{name} did not end and was killed");
        else
            tell("up", isInOrder ? $"{name} has ended" : $"{name} has ended with exit code {code}");
        Forget(process);
        return isInOrder;
    }

    public void Dispose()
    {
        if (_process is not { } process)
            return;

        if (!process.HasExited)
            process.Kill();
        Forget(process);
    }

    private int NoteDeath(Process dead)
    {
        dead.WaitForExit();
        var code = dead.ExitCode;
        var now = Environment.TickCount64;
        if (now - _startedAtMs >= WellAfterMs)
            _pauseMs = FirstPauseMs;
        tell("up", $"{name} has died with exit code {code}: again in {_pauseMs / 1000} s");
        Pause();
        Forget(dead);
        return code;
    }

    private void Forget(Process process)
    {
        process.Dispose();
        _process = null;
    }

    private void TellLine(string? line)
    {
        if (!string.IsNullOrEmpty(line))
            tell(name, line);
    }
}
