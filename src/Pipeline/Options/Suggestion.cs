namespace ExecutionPipeline.Pipeline.Options;

/// <summary>Finds what was probably meant by a mistyped word.</summary>
public static class Suggestion
{
    private const int ShortestPrefix = 3;

    /// <summary>"; did you mean 'x'?" where a candidate is close, else nothing.</summary>
    public static string For(string word, IEnumerable<string> candidates) =>
        Nearest(word, candidates) is { } nearest ? $"; did you mean '{nearest}'?" : "";

    /// <summary>
    /// The candidate that the word, of three letters or more, begins; else the one with the fewest edits, where these
    /// are at most a third of the word; else null.
    /// </summary>
    public static string? Nearest(string word, IEnumerable<string> candidates)
    {
        var lower = word.ToLowerInvariant();
        var best = candidates
            .Select(candidate => (Name: candidate, Edits: EditsOrPrefix(lower, candidate.ToLowerInvariant())))
            .OrderBy(candidate => candidate.Edits)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        return best.Name is not null && best.Edits <= Math.Max(1, word.Length / 3) ? best.Name : null;
    }

    /// <summary>
    /// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
    /// </summary>
    public static int Edits(string left, string right)
    {
        var rows = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= right.Length; j++)
            rows[0, j] = j;

        for (var i = 1; i <= left.Length; i++)
        {
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = rows[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(replaced, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                var isSwap = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
                if (isSwap)
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[left.Length, right.Length];
    }

    private static int EditsOrPrefix(string word, string candidate) =>
        word.Length >= ShortestPrefix && candidate.StartsWith(word, StringComparison.Ordinal)
            ? 0
            : Edits(word, candidate);
}
