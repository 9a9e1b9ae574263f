using System.Text.Json;

namespace ExecutionPipeline.Control.Alerts;

/// <summary>What a file of alerts tells.</summary>
public sealed record AlertMemory
{
    /// <summary>Those that are active, and the last ones that are over, as they stood last.</summary>
    public IReadOnlyList<Alert> Alerts { get; init; } = [];

    /// <summary>What at least one receiver has not taken, in order.</summary>
    public IReadOnlyList<PendingNotice> Pending { get; init; } = [];

    /// <summary>The last alert's number.</summary>
    public long LastId { get; init; }

    /// <summary>The last notice's number.</summary>
    public long LastNotice { get; init; }

    /// <summary>Lines that could not be read: a crash leaves at most the last one so.</summary>
    public IReadOnlyList<int> BadLines { get; init; } = [];
}

/// <summary>A notice, and who has not taken it.</summary>
/// <param name="Notice">The notice.</param>
/// <param name="Receivers">Their names.</param>
public sealed record PendingNotice(AlertNotice Notice, IReadOnlyList<string> Receivers);

/// <summary>
/// The file of alerts, one JSON object a line: an alert as it has become, a notice with its alert and whom it is for,
/// or that a receiver has taken a notice. Each line is on the disk before this returns. One process at a time has it.
/// </summary>
public sealed class AlertFile : IDisposable
{
    // EWOULDBLOCK of flock on Linux: another process has it.
    private const int TakenByAnother = 11;

    private readonly string _path;
    private readonly FileStream _lock;
    private FileStream _file;
    private bool _mustKeepDamaged;
    private bool _isTorn;

    private AlertFile(string path, FileStream held, AlertMemory memory)
    {
        (_path, _lock, Memory) = (path, held, memory);
        _mustKeepDamaged = memory.BadLines.Count > 0;
        try
        {
            KeepDamaged();
            _file = Rewrite(path, memory);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // The disk is full, as it may be when a machine starts: what the file tells is known, and lines go on
            // behind it.
            Problem = problem;
            _file = new FileStream(
                path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, bufferSize: 0);
            _isTorn = IsTorn(_file);
        }
    }

    /// <summary>What the file told when it was opened.</summary>
    public AlertMemory Memory { get; }

    /// <summary>Why it has not been written anew since it was opened; null: it has.</summary>
    public Exception? Problem { get; private set; }

    /// <summary>Lines that were written since it was written anew.</summary>
    public int Lines { get; private set; }

    /// <summary>
    /// Opens or makes it, and writes it anew without what nobody needs any more, where the disk has room for that.
    /// </summary>
    /// <param name="path">Its folder is made where it is not there.</param>
    /// <returns>Null: another process has it.</returns>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public static AlertFile? TryOpen(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (TryLock(path + ".lock") is not { } held)
            return null;

        try
        {
            return new AlertFile(path, held, Read(path));
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Writes an alert as it has become.</summary>
    public void Keep(Alert alert) => Append(new Line { Alert = alert });

    /// <summary>Writes what receivers are to be told, with its alert.</summary>
    public void Keep(PendingNotice notice)
    {
        ArgumentNullException.ThrowIfNull(notice);
        Append(new Line { Notice = notice.Notice, For = notice.Receivers });
    }

    /// <summary>Writes that a receiver has taken a notice.</summary>
    public void KeepTaken(long notice, string receiver) => Append(new Line { Taken = notice, By = receiver });

    /// <summary>Writes it anew with what is still needed.</summary>
    public void Rewrite(AlertMemory memory)
    {
        // Where that fails, lines go on behind those of the old one.
        KeepDamaged();
        var before = _file;
        _file = Rewrite(_path, memory);
        (Lines, Problem, _isTorn) = (0, null, false);
        before.Dispose();
    }

    public void Dispose()
    {
        _file.Dispose();
        _lock.Dispose();
    }

    private void KeepDamaged()
    {
        if (!_mustKeepDamaged)
            return;

        var damaged = _path + ".damaged";
        try
        {
            File.Copy(_path, damaged, overwrite: true);
        }
        catch
        {
            // A part of it would take the room that lines need.
            File.Delete(damaged);
            throw;
        }

        _mustKeepDamaged = false;
    }

    private static bool IsTorn(FileStream file)
    {
        if (file.Length == 0)
            return false;

        file.Position = file.Length - 1;
        return file.ReadByte() != '\n';
    }

    private static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException taken) when (taken.HResult == TakenByAnother)
        {
            return null;
        }
    }

    private static AlertMemory Read(string path)
    {
        var alerts = new Dictionary<long, Alert>();
        var pending = new SortedDictionary<long, PendingNotice>();
        List<int> bad = [];
        var (number, lastId, lastNotice) = (0, 0L, 0L);
        foreach (var text in File.Exists(path) ? File.ReadLines(path) : [])
        {
            number++;
            if (TryParse(text) is not { } line)
            {
                bad.Add(number);
                continue;
            }

            (lastId, lastNotice) = (Math.Max(lastId, line.LastId), Math.Max(lastNotice, line.LastNotice));
            if ((line.Notice?.Alert ?? line.Alert) is { } alert)
                alerts[alert.Id] = alert;
            if (line.Notice is { } notice)
                pending[notice.Number] = new PendingNotice(notice, line.For ?? []);
            else if (line.Taken is { } taken && pending.TryGetValue(taken, out var one))
                pending[taken] = one with { Receivers = [.. one.Receivers.Where(name => name != line.By)] };
        }

        return new AlertMemory
        {
            Alerts = Needed(alerts.Values),
            Pending = [.. pending.Values.Where(static one => one.Receivers.Count > 0)],
            LastId = Math.Max(lastId, alerts.Keys.DefaultIfEmpty(0).Max()),
            LastNotice = Math.Max(lastNotice, pending.Keys.DefaultIfEmpty(0).Max()),
            BadLines = bad,
        };
    }

    private static List<Alert> Needed(IEnumerable<Alert> alerts)
    {
        var all = alerts.OrderByDescending(static alert => alert.Id)
            .ToLookup(static one => one.IsActive || one.IsUntold);
        return [.. all[true].Concat(all[false].Take(AlertBook.MostResolved)).OrderBy(static alert => alert.Id)];
    }

    private static Line? TryParse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Line>(text, Json.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Puts a new file in the old one's place, whole or not at all.</summary>
    private static FileStream Rewrite(string path, AlertMemory memory)
    {
        var next = path + DurableFile.NextSuffix;
        var file = new FileStream(
            next, FileMode.Create, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0);
        try
        {
            Write(file, new Line { LastId = memory.LastId, LastNotice = memory.LastNotice });
            // A notice's alert is as it was then: what it has become comes behind it.
            foreach (var one in memory.Pending)
                Write(file, new Line { Notice = one.Notice, For = one.Receivers });
            foreach (var alert in memory.Alerts)
                Write(file, new Line { Alert = alert });
            file.Flush(flushToDisk: true);
            DurableFile.Rename(next, path);
            return file;
        }
        catch
        {
            file.Dispose();
            // It takes room from the lines that go on in the old one.
            File.Delete(next);
            throw;
        }
    }

    private static void Write(FileStream file, Line line) =>
        DurableFile.Append(file, [.. JsonSerializer.SerializeToUtf8Bytes(line, Json.Options), (byte)'\n']);

    private void Append(Line line)
    {
        if (_isTorn)
            DurableFile.Append(_file, "\n"u8);
        _isTorn = false;
        Write(_file, line);
        _file.Flush(flushToDisk: true);
        Lines++;
    }

    private sealed record Line
    {
        public Alert? Alert { get; init; }

        public AlertNotice? Notice { get; init; }

        public IReadOnlyList<string>? For { get; init; }

        public long? Taken { get; init; }

        public string? By { get; init; }

        public long LastId { get; init; }

        public long LastNotice { get; init; }
    }
}
