namespace ExecutionPipeline.Tidy.Tests;

/// <summary>What the rules let pass, and why. A test fails when one is no longer needed.</summary>
internal static class Exceptions
{
    /// <summary>Named by the official library whose API is followed: "file method".</summary>
    public static IReadOnlyCollection<string> BoolNames { get; } = [];

    /// <summary>In the namespace that the official library whose API is followed has.</summary>
    public static IReadOnlyCollection<string> Namespaces { get; } = [];

    /// <summary>Where memory is shared with other processes, with native code, or laid out by hand.</summary>
    public static IReadOnlyCollection<string> Unsafe { get; } = [];
}
