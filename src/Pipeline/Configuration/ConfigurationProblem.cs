namespace ExecutionPipeline.Pipeline.Configuration;

/// <summary>Something that is wrong with a configuration.</summary>
/// <param name="Place">Where it was written.</param>
/// <param name="Key">As it was written, with what it belongs to; empty: the text itself is wrong.</param>
/// <param name="Value">As it was written; null: it is not the value that is wrong, or it may be a secret.</param>
/// <param name="Text">What is wrong, in one sentence.</param>
/// <param name="Nearest">The key that was probably meant; null: none is near.</param>
public sealed record ConfigurationProblem(
    Place Place, string Key, string? Value, string Text, string? Nearest = null)
{
    /// <summary>One line: where, and what is wrong.</summary>
    public override string ToString() => Place.Kind == PlaceKind.Default ? Text : $"{Place}: {Text}";
}
