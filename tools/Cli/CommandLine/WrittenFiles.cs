namespace ExecutionPipeline.Cli.CommandLine;

/// <summary>Guards what a command reads, and what was written before, from what it writes.</summary>
public static class WrittenFiles
{
    /// <summary>Refuses a file that is to be written and read, or written twice. Null stands for no file.</summary>
    /// <exception cref="UsageException">There is one; it is named.</exception>
    public static void MustStandAlone(IEnumerable<string?> read, params IEnumerable<string?> written)
    {
        var inputs = read.OfType<string>().Select(TargetOf).ToHashSet();
        var outputs = new HashSet<string>();
        foreach (var path in written.OfType<string>())
        {
            var target = TargetOf(path);
            if (inputs.Contains(target))
                throw new UsageException($"'{path}' is to be written, but it is read too");
            if (!outputs.Add(target))
                throw new UsageException($"'{path}' is to be written twice: name two files");
        }
    }

    /// <summary>Refuses to write over files, unless that is asked for. Null stands for no file.</summary>
    /// <exception cref="UsageException">There is one; it is named.</exception>
    public static void MustBeNew(bool isForced, params IEnumerable<string?> written)
    {
        // A device, a pipe and an empty file have nothing to lose.
        foreach (var path in written.OfType<string>().Where(_ => !isForced))
        {
            if (File.Exists(path) && new FileInfo(TargetOf(path)).Length > 0)
                throw new UsageException($"'{path}' is there already: name another, or write over it with --force");
        }
    }

    /// <summary>
    /// The path, or, where something is there already, one beside it that is free: figures-2.json for figures.json.
    /// </summary>
    public static string FreeName(string path)
    {
        var trimmed = Path.TrimEndingDirectorySeparator(path);
        var extension = Path.GetExtension(trimmed);
        var stem = trimmed[..(trimmed.Length - extension.Length)];
        var free = trimmed;
        for (var number = 2; Path.Exists(free); number++)
            free = $"{stem}-{number}{extension}";
        return free;
    }

    private static string TargetOf(string path) =>
        (File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName : null) ?? path;
}
