using System.Globalization;

namespace ExecutionPipeline.Native;

/// <summary>
/// The places at which the kernel tells that an interrupt begins and ends, and work that one has put off, as the
/// tracing file system names and numbers them.
/// </summary>
internal sealed class InterruptTracepoints
{
    private const string Begin = "_entry";
    private const string End = "_exit";

    /// <summary>By it the kernel wakes readers of its record, so it does not record it.</summary>
    private const string OfTheRecordItself = "irq_work";

    private static readonly string[] Roots = ["/sys/kernel/tracing/events", "/sys/kernel/debug/tracing/events"];
    private static readonly string[] Groups = ["irq_vectors", "irq", "ipi"];

    private readonly List<string> _names = [];
    private readonly Dictionary<int, (int Interrupt, bool Begins)> _byIdentifier = [];

    private InterruptTracepoints()
    {
    }

    /// <summary>All of them, as perf_event_open(2) takes them.</summary>
    public IEnumerable<int> Identifiers => _byIdentifier.Keys;

    /// <summary>Null where the tracing file system is not mounted or may not be read.</summary>
    public static InterruptTracepoints? TryFind()
    {
        try
        {
            var found = new InterruptTracepoints();
            if (Array.Exists(Roots, found.FindIn))
                return found;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It may be mounted for others only.
        }

        return null;
    }

    /// <summary>As the kernel calls it, such as local_timer or softirq.</summary>
    public string NameOf(int interrupt) => _names[interrupt];

    public bool TryFind(int identifier, out (int Interrupt, bool Begins) found) =>
        _byIdentifier.TryGetValue(identifier, out found);

    private bool FindIn(string root)
    {
        foreach (var group in Groups.Select(group => Path.Combine(root, group)).Where(Directory.Exists))
        {
            foreach (var begin in Directory.GetDirectories(group, "*" + Begin).Order(StringComparer.Ordinal))
            {
                var path = begin[..^Begin.Length];
                if (Path.GetFileName(path) == OfTheRecordItself)
                    continue;

                _byIdentifier.Add(ReadIdentifier(begin), (_names.Count, true));
                _byIdentifier.Add(ReadIdentifier(path + End), (_names.Count, false));
                _names.Add(Path.GetFileName(path));
            }
        }

        return _names.Count > 0;
    }

    private static int ReadIdentifier(string tracepoint) =>
        int.Parse(File.ReadAllText(Path.Combine(tracepoint, "id")), CultureInfo.InvariantCulture);
}
