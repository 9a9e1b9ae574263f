using System.Text.Json;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Pipeline.Recording;

/// <summary>
/// Keeps the kill switch's state on disk, written with the event that changes it, so that a restart does not release
/// it. A file that cannot be read counts as latched: only a command with a reason releases.
/// </summary>
public sealed class KillSwitchFile
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    private readonly string _path;

    /// <param name="path">Need not be there yet: then the switch is not latched.</param>
    public KillSwitchFile(string path) => _path = Path.GetFullPath(path);

    /// <summary>Whether the pipeline must start with the switch latched.</summary>
    public bool IsLatched()
    {
        if (!File.Exists(_path))
            return false;

        try
        {
            return JsonSerializer.Deserialize<State>(File.ReadAllBytes(_path), Json)?.Latched ?? true;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    /// <summary>Writes the state if the event changed it.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void OnEvent(ref PipelineEvent e)
    {
        if ((e.Verdict.Changes & (RiskChanges.Tripped | RiskChanges.Released)) != 0)
            Save(in e);
    }

    private void Save(ref readonly PipelineEvent e)
    {
        var isCommand = e.Header.Kind == EventKind.Command;
        var reason = isCommand ? e.Payload.Command.Reason : 0;
        // The file says already why the switch was latched before the restart.
        if (reason == CommandReason.Restart && IsLatched())
            return;

        var state = new State(
            e.Verdict.KillSwitch != 0,
            e.Verdict.KillCause.ToString(),
            reason,
            e.Header.TimeNs,
            e.Header.CorrelationId);
        Replace(JsonSerializer.SerializeToUtf8Bytes(state, Json));
    }

    /// <summary>The old file or the new one is there, whole, whenever the machine fails.</summary>
    private void Replace(byte[] content)
    {
        var next = _path + ".next";
        using (var file = new FileStream(next, FileMode.Create, FileAccess.Write))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(next, _path, overwrite: true);
    }

    private sealed record State(bool? Latched, string Cause, int Reason, long TimeNs, ulong CorrelationId);
}
