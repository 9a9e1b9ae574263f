using System.Text.Json;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Native;

namespace ExecutionPipeline.Pipeline.Hosting;

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

    /// <param name="path">Need not be there yet: then the switch is not latched. Its folder must be.</param>
    /// <exception cref="ArgumentException">It could not be written when the switch trips; says what to do.</exception>
    public KillSwitchFile(string path)
    {
        _path = Path.GetFullPath(path);
        CheckThatItCanBeWritten();
        StartNote = NoteAtStart();
    }

    /// <summary>Why the pipeline must start with the switch latched, in one line; null: it need not.</summary>
    public string? StartNote { get; }

    /// <summary>Writes the state if the event changed it.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void OnEvent(ref PipelineEvent e)
    {
        if ((e.Verdict.Changes & (RiskChanges.Tripped | RiskChanges.Released)) != 0)
            Save(in e);
    }

    private string? NoteAtStart()
    {
        if (!File.Exists(_path))
            return null;

        try
        {
            var state = JsonSerializer.Deserialize<State>(File.ReadAllBytes(_path), Json);
            return state?.Latched switch
            {
                false => null,
                true => FormattableString.Invariant(
                    $"the kill switch is latched: {_path} says {state.Cause}, reason {state.Reason}, since ")
                    + FormattableString.Invariant($"{DateTime.UnixEpoch.AddTicks(state.TimeNs / 100):u}"),
                null => Unreadable("it does not say whether it is latched"),
            };
        }
        catch (Exception problem) when (problem is JsonException or IOException or UnauthorizedAccessException)
        {
            return Unreadable(problem.Message);
        }
    }

    private string Unreadable(string why) =>
        $"the kill switch is latched: its state in {_path} cannot be read ({why.ReplaceLineEndings(" ")})";

    private void Save(ref readonly PipelineEvent e)
    {
        var isCommand = e.Header.Kind == EventKind.Command;
        var reason = isCommand ? e.Payload.Command.Reason : 0;
        // The file says already why the switch was latched before the restart.
        if (reason == CommandReason.Restart && NoteAtStart() is not null)
            return;

        var state = new State(
            e.Verdict.KillSwitch != 0,
            e.Verdict.KillCause.ToString(),
            reason,
            e.Header.TimeNs,
            e.Header.CorrelationId);
        DurableFile.Replace(_path, JsonSerializer.SerializeToUtf8Bytes(state, Json));
    }

    private void CheckThatItCanBeWritten()
    {
        if (Directory.Exists(_path))
            throw new ArgumentException($"the kill switch's file {_path} is a folder: name a file in it");

        var folder = Path.GetDirectoryName(_path);
        if (!Directory.Exists(folder))
            throw new ArgumentException($"the kill switch's file {_path} has no folder to lie in: create {folder}");

        var probe = _path + DurableFile.NextSuffix;
        try
        {
            using (new FileStream(probe, FileMode.Create, FileAccess.Write))
            {
            }

            File.Delete(probe);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException(
                $"the kill switch's file {_path} cannot be written: {problem.Message}", problem);
        }
    }

    private sealed record State(bool? Latched, string Cause, int Reason, long TimeNs, ulong CorrelationId);
}
