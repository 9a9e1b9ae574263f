using System.Collections.Concurrent;
using System.Diagnostics;

namespace ExecutionPipeline.Aeron.Tests.Processes;

/// <summary>A role of the test host in a process of its own, which ends with this object.</summary>
internal sealed class HostProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly BlockingCollection<string> _lines = [];
    private readonly ConcurrentQueue<string> _errors = [];

    public HostProcess(params object[] args)
    {
        var host = Path.Combine(AppContext.BaseDirectory, "ExecutionPipeline.Aeron.TestHost.dll");
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(host);
        foreach (var arg in args)
            start.ArgumentList.Add($"{arg}");

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => _lines.Add(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _errors.Enqueue(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What the process wrote before it ended of itself; null while it lives.</summary>
    public string? Failure => _process.HasExited
        ? $"exit code {_process.ExitCode}: {string.Join('\n', _lines)}\n{string.Join('\n', _errors)}"
        : null;

    /// <summary>Waits for a line that starts with a word; returns the rest of it.</summary>
    public string Await(string word)
    {
        if (!_lines.TryTake(out var line, Patience))
            Assert.Fail($"no {word} from the host in {Patience}: {string.Join('\n', _errors)}");

        Assert.That(line, Does.StartWith(word), string.Join('\n', _errors));
        return line![word.Length..].Trim();
    }

    /// <summary>Ends the process as a crash would: nothing of it runs any more.</summary>
    public void Kill()
    {
        _process.Kill();
        Assert.That(_process.WaitForExit(Patience), Is.True);
    }

    /// <summary>Lets go of the process's input, upon which it ends; returns its exit code.</summary>
    public int End()
    {
        _process.StandardInput.Close();
        Assert.That(_process.WaitForExit(Patience), Is.True, "the host does not end");
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();

        _process.Dispose();
        _lines.Dispose();
    }
}
