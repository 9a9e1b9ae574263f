namespace ExecutionPipeline.Tidy.Tests;

/// <summary>Holds violations against the exceptions that are listed.</summary>
internal static class Tidy
{
    /// <summary>
    /// Fails on each violation that is no listed exception, and on each exception that no violation needs any longer:
    /// the lists only shrink.
    /// </summary>
    public static void Check(
        string rule, IEnumerable<Violation> violations, params IReadOnlyCollection<string> exceptions)
    {
        var found = violations.ToList();
        using (Assert.EnterMultipleScope())
        {
            var broken = Broken(found, exceptions);
            var stale = Stale(found, exceptions);
            Assert.That(broken, Is.Empty, $"{rule}\n{string.Join('\n', broken)}");
            Assert.That(stale, Is.Empty, $"{rule}: exceptions that nothing needs\n{string.Join('\n', stale)}");
        }
    }

    /// <summary>Violations that are no listed exception.</summary>
    public static IReadOnlyList<Violation> Broken(
        IReadOnlyList<Violation> found, IReadOnlyCollection<string> exceptions) =>
        [.. found.Where(violation => !exceptions.Contains(violation.Key))];

    /// <summary>Exceptions that no violation needs.</summary>
    public static IReadOnlyList<string> Stale(IReadOnlyList<Violation> found, IReadOnlyCollection<string> exceptions) =>
        [.. exceptions.Where(exception => found.All(violation => violation.Key != exception))];
}
