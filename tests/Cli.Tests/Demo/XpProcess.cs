using System.Diagnostics;
using System.Text;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Native;

// Tests of processes wait most of their time, so their fixtures run side by side; all others run alone.
[assembly: LevelOfParallelism(3)]

namespace ExecutionPipeline.Cli.Tests.Demo;

/// <summary>The program itself, as a process of its own.</summary>
internal sealed class XpProcess : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);

    private const int HangUp = 1;

    private readonly Process _process;
    private readonly StringBuilder _lines = new();
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private XpProcess(Process process)
    {
        _process = process;
        _output = ReadOutput();
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>How a shell starts it.</summary>
    public static string ShellCommand => $"dotnet '{typeof(DemoRunner).Assembly.Location}'";

    public string Output => _output.GetAwaiter().GetResult();

    public bool HasEnded => _process.HasExited;

    public string Error => _error.GetAwaiter().GetResult();

    public static XpProcess Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.ArgumentList.Add(typeof(DemoRunner).Assembly.Location);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return new XpProcess(Process.Start(start)!);
    }

    /// <summary>
    /// Logs of streams in a driver's folder, without the short ones by which a pipeline warms up; 0 where it is not
    /// there.
    /// </summary>
    public static int LogsIn(string directory)
    {
        const int longestOfWarmUp = 256 << 10;
        try
        {
            return new DirectoryInfo(directory).GetFiles("*.logbuffer", SearchOption.AllDirectories)
                .Count(static log => log.Length > longestOfWarmUp);
        }
        catch (IOException)
        {
            // It is not there yet, or a log has gone meanwhile.
            return 0;
        }
    }

    /// <summary>Waits until it has written a text.</summary>
    public void AwaitOutput(string text)
    {
        var isThere = SpinWait.SpinUntil(() => HasWritten(text) || _output.IsCompleted, Timeout);
        Assert.That(isThere && HasWritten(text), Is.True, $"it has not written \"{text}\"");
    }

    /// <summary>Waits for the end. Returns the exit code.</summary>
    public int End()
    {
        var hasEnded = _process.WaitForExit(Timeout);
        if (!hasEnded)
            _process.Kill(entireProcessTree: true);
        Assert.That(hasEnded, Is.True, "the program did not end");
        return _process.ExitCode;
    }

    /// <summary>
    /// What Ctrl-C does in a terminal: every process of the group gets it. Some tools send it several times.
    /// </summary>
    public void InterruptGroup(int times)
    {
        foreach (var id in Children())
        {
            using var child = Process.GetProcessById(id);
            Assert.That(ProcessSignal.TryInterrupt(child), Is.True);
        }

        Interrupt();
        for (var i = 1; i < times; i++)
            ProcessSignal.TryInterrupt(_process);
    }

    /// <summary>What a terminal that closes does: every process of the group gets it.</summary>
    public void HangUpGroup()
    {
        foreach (var id in Children())
        {
            using var child = Process.GetProcessById(id);
            Assert.That(ProcessSignal.TryHangUp(child), Is.True);
        }

        Assert.That(ProcessSignal.TryHangUp(_process), Is.True);
    }

    /// <summary>Ends the processes that this one started, without a chance to say anything.</summary>
    public void KillChildren()
    {
        foreach (var id in Children())
        {
            using var child = Process.GetProcessById(id);
            child.Kill();
        }
    }

    /// <summary>The process that this one has started with a command, by its first word; null: there is none.</summary>
    public int? ChildOf(string command)
    {
        foreach (var id in Children())
        {
            try
            {
                if (File.ReadAllText($"/proc/{id}/cmdline").Split('\0').Skip(2).FirstOrDefault() == command)
                    return id;
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }

        return null;
    }

    /// <summary>The names of its threads that may run on a processor.</summary>
    public IReadOnlyList<string> ThreadsOn(int processor)
    {
        var names = new List<string>();
        foreach (var thread in Directory.GetDirectories($"/proc/{_process.Id}/task"))
        {
            try
            {
                const string key = "Cpus_allowed_list:\t";
                var line = File.ReadLines($"{thread}/status").First(static line => line.StartsWith(key));
                if (CpuLists.ReadMany(line[key.Length..], ThreadAffinity.Allowed()).Value!.Contains(processor))
                    names.Add(File.ReadAllText($"{thread}/comm").TrimEnd('\n'));
            }
            catch (IOException)
            {
                // The thread has ended meanwhile.
            }
        }

        return names;
    }

    /// <summary>Ends a child without a chance to say anything.</summary>
    public static void KillOther(int id)
    {
        using var child = Process.GetProcessById(id);
        child.Kill();
    }

    /// <summary>Ends this process without a chance to say or remove anything.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>An interrupt to this process alone.</summary>
    public void Interrupt() => Assert.That(ProcessSignal.TryInterrupt(_process), Is.True);

    /// <summary>Waits until the program takes signals itself; before that, the system ends it as it ends any.</summary>
    public void AwaitSignalHandlers()
    {
        // The handler for SIGHUP is the last that is made, and the runtime has none of its own.
        Assert.That(SpinWait.SpinUntil(() => _process.HasExited || IsCaught(HangUp), Timeout), Is.True);
        Assert.That(_process.HasExited, Is.False, "it ended before the signal");
    }

    /// <summary>Sends a signal to this process alone: INT, TERM or HUP.</summary>
    public void Send(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        kill.WaitForExit();
        Assert.That(kill.ExitCode, Is.Zero, "it ended before the signal");
    }

    private bool HasWritten(string text)
    {
        lock (_lines)
            return _lines.ToString().Contains(text, StringComparison.Ordinal);
    }

    private async Task<string> ReadOutput()
    {
        var buffer = new char[1 << 10];
        for (int read; (read = await _process.StandardOutput.ReadAsync(buffer)) > 0;)
        {
            lock (_lines)
                _lines.Append(buffer, 0, read);
        }

        return _lines.ToString();
    }

    private bool IsCaught(int signal)
    {
        try
        {
            var mask = File.ReadLines($"/proc/{_process.Id}/status")
                .First(line => line.StartsWith("SigCgt:", StringComparison.Ordinal))["SigCgt:".Length..];
            return (Convert.ToUInt64(mask.Trim(), 16) >> (signal - 1) & 1) != 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    // The system lists them by the thread that started them.
    private List<int> Children() =>
    [
        .. Directory.GetDirectories($"/proc/{_process.Id}/task")
            .SelectMany(task => File.ReadAllText(Path.Combine(task, "children")).Split(' '))
            .Where(text => text.Length > 0)
            .Select(int.Parse),
    ];

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}
