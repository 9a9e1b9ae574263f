using System.Globalization;

namespace ExecutionPipeline.Native;

/// <summary>Says whose numbers of processes are meant: inside a container they begin anew.</summary>
public static class ProcessNamespace
{
    /// <summary>
    /// The number that Linux has for the namespace of this process's id, the same for all processes in it; 0: it is not
    /// known.
    /// </summary>
    public static long Own { get; } = Read();

    private static long Read()
    {
        try
        {
            // Such as pid:[4026531836].
            var target = new FileInfo("/proc/self/ns/pid").LinkTarget;
            var digits = target?.Split('[', ']') is [_, var number, _] ? number : "";
            return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
