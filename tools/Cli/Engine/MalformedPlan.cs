namespace ExecutionPipeline.Cli.Engine;

/// <summary>
/// Where malformed messages go among the measured signals: evenly spread, kinds in turn. Which and where follows from
/// the two numbers alone.
/// </summary>
public sealed class MalformedPlan(long signals, int perKind)
{
    private const int Kinds = (int)MalformedKind.UnknownAction + 1;

    /// <summary>Malformed messages in all.</summary>
    public long Total => (long)perKind * Kinds;

    /// <summary>
    /// How many malformed messages have been sent once the signal at an index has been; indices from 0.
    /// </summary>
    public long DueAfter(long signalIndex) =>
        signalIndex + 1 >= signals ? Total : (long)((Int128)Total * (signalIndex + 1) / signals);

    /// <summary>The kind of a malformed message; ordinals count from 0.</summary>
    public static MalformedKind KindOf(long ordinal) => (MalformedKind)(ordinal % Kinds);
}
