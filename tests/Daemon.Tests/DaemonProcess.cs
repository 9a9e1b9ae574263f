using System.Collections.Concurrent;
using System.Diagnostics;

namespace ExecutionPipeline.Daemon.Tests;

/// <summary>The daemon itself, as a process of its own, with a folder for its driver and its configuration.</summary>
internal sealed class DaemonProcess : IDisposable
{
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly Task<string> _error;
    private readonly Task _reading;
    private readonly ConcurrentQueue<string> _lines = new();

    private DaemonProcess(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _error = _process.StandardError.ReadToEndAsync();
        _reading = ReadAsync();
    }

    /// <summary>The lines of the log so far.</summary>
    public IReadOnlyList<string> Lines => [.. _lines];

    public string Error => _error.GetAwaiter().GetResult();

    /// <summary>Starts one in a folder whose "driver" is the media driver's.</summary>
    public static DaemonProcess Start(
        string folder, string configuration, string? notifySocket = null, params IReadOnlyList<string> arguments)
    {
        Dictionary<string, string> variables = [];
        if (notifySocket is not null)
            variables = new() { ["NOTIFY_SOCKET"] = notifySocket, ["WATCHDOG_USEC"] = "400000" };
        return Start(folder, "xp.json", configuration, variables, arguments);
    }

    /// <summary>The same with a configuration of another name and with environment variables.</summary>
    public static DaemonProcess Start(
        string folder,
        string fileName,
        string configuration,
        IReadOnlyDictionary<string, string> variables,
        params IReadOnlyList<string> arguments)
    {
        var file = Path.Combine(folder, fileName);
        File.WriteAllText(file, configuration);
        return StartOn(folder, file, variables, arguments);
    }

    /// <summary>The same on a configuration that is there already, as xp.json.</summary>
    public static DaemonProcess Start(string folder) =>
        StartOn(folder, Path.Combine(folder, "xp.json"), new Dictionary<string, string>(), []);

    private static DaemonProcess StartOn(
        string folder, string file, IReadOnlyDictionary<string, string> variables, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] all =
        [
            typeof(DaemonRunner).Assembly.Location, "--config", file, "--aeron-dir", Path.Combine(folder, "driver"),
            .. arguments,
        ];
        foreach (var argument in all)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        return new DaemonProcess(start);
    }

    /// <summary>Waits until the log has an event.</summary>
    public void AwaitEvent(string name)
    {
        SpinWait.SpinUntil(() => Has(name) || _process.HasExited, Timeout);
        Assert.That(Has(name), Is.True, () => $"no {name}: {string.Join('\n', Lines)}");
    }

    /// <summary>Waits until a line of the log has a text.</summary>
    public void AwaitText(string text)
    {
        SpinWait.SpinUntil(() => HasText() || _process.HasExited, Timeout);
        Assert.That(HasText(), Is.True, () => $"no '{text}': {string.Join('\n', Lines)}");

        bool HasText() => _lines.Any(line => line.Contains(text, StringComparison.Ordinal));
    }

    /// <summary>Sends a signal: TERM, INT or HUP.</summary>
    public void Send(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Waits for the end. Returns the exit code.</summary>
    public int End()
    {
        Assert.That(_process.WaitForExit(Timeout), Is.True, "the daemon did not end");
        _reading.GetAwaiter().GetResult();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private bool Has(string name) => _lines.Any(line => line.Contains($" {name} ", StringComparison.Ordinal)
        || line.Contains($"\"event\":\"{name}\"", StringComparison.Ordinal));

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
            _lines.Enqueue(line);
    }
}

/// <summary>Configurations of the tests.</summary>
internal static class Configurations
{
    /// <summary>One instrument on one thread that yields; <paramref name="more"/> is put before it.</summary>
    public static string Small(string more = "") => $$"""
        {
          {{more}}
          "ring": { "topology": "inline", "wait": "block", "processors": [] },
          "instruments": [ { "id": 1, "symbol": "ES" } ]
        }
        """;
}
