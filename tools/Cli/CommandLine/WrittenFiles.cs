namespace ExecutionPipeline.Cli.CommandLine;

/// <summary>Guards what a command reads, and each file that it writes, from the others that it writes.</summary>
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

    private static string TargetOf(string path) =>
        (File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName : null) ?? path;
}
