using System.Globalization;

namespace ExecutionPipeline.Cli.Doctor;

/// <summary>The files in which a machine says how it is set, below a folder of one's choice.</summary>
/// <param name="root">The folder that holds proc and sys.</param>
public sealed class MachineFiles(string root)
{
    /// <summary>A file's text without the blanks around it; null: it is not there or cannot be read.</summary>
    public string? Text(string path)
    {
        try
        {
            return File.ReadAllText(Path.Combine(root, path.TrimStart('/'))).Trim();
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A file's lines; none where it is not there.</summary>
    public IReadOnlyList<string> Lines(string path) => Text(path)?.Split('\n') ?? [];

    /// <summary>A whole number that is all of a file; null: it is not there or says something else.</summary>
    public long? Number(string path) =>
        long.TryParse(Text(path), CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>Names within a folder that begin with a text and a digit; none where it is not there.</summary>
    public IReadOnlyList<string> Names(string path, string prefix = "")
    {
        var folder = new DirectoryInfo(Path.Combine(root, path.TrimStart('/')));
        if (!folder.Exists)
            return [];

        return
        [
            .. folder.EnumerateDirectories().Select(static entry => entry.Name)
                .Where(name => name.StartsWith(prefix, StringComparison.Ordinal)
                    && name.Length > prefix.Length && char.IsAsciiDigit(name[prefix.Length]))
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>The processors of a file that lists them; none where it is missing or says none.</summary>
    public IReadOnlyList<int> Processors(string path) =>
        ProcessorList.TryRead(Text(path) ?? "", out var processors) ? processors : [];

    /// <summary>The processors that this process may run on.</summary>
    public IReadOnlyList<int> AllowedProcessors() =>
        ProcessorList.TryRead(Field("/proc/self/status", "Cpus_allowed_list:") ?? "", out var allowed) ? allowed : [];

    /// <summary>What follows a word at the beginning of a line; null: there is no such line.</summary>
    public string? Field(string path, string name) => Lines(path)
        .Where(line => line.StartsWith(name, StringComparison.Ordinal))
        .Select(line => line[name.Length..].Trim()).FirstOrDefault();
}

/// <summary>Lists of processors as the kernel writes them, such as 0,2-5.</summary>
public static class ProcessorList
{
    private const int Most = 8_192;

    /// <summary>Reads one; an empty text, and what the kernel says for none, is none at all.</summary>
    public static bool TryRead(string text, out IReadOnlyList<int> processors)
    {
        ArgumentNullException.ThrowIfNull(text);
        var read = new SortedSet<int>();
        processors = [];
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var ends = part.Split('-');
            if (ends.Length > 2 || !TryReadOne(ends[0], out var first) || !TryReadOne(ends[^1], out var last))
                return false;

            for (var processor = first; processor <= last; processor++)
                read.Add(processor);
        }

        processors = [.. read];
        return read.Count > 0;
    }

    /// <summary>Writes one.</summary>
    public static string Describe(IReadOnlyList<int> processors)
    {
        ArgumentNullException.ThrowIfNull(processors);
        if (processors.Count == 0)
            return "none";

        var parts = new List<string>();
        for (var i = 0; i < processors.Count; i++)
        {
            var first = i;
            while (i + 1 < processors.Count && processors[i + 1] == processors[i] + 1)
                i++;
            parts.Add(first == i ? $"{processors[i]}" : $"{processors[first]}-{processors[i]}");
        }

        return string.Join(',', parts);
    }

    private static bool TryReadOne(string text, out int processor) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out processor) && processor < Most;
}
