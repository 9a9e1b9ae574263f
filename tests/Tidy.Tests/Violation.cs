namespace ExecutionPipeline.Tidy.Tests;

/// <summary>A place where a rule is broken.</summary>
/// <param name="Key">What an exception from the rule names: a file, or a file and a name in it.</param>
/// <param name="Detail">For people: the line, the figure.</param>
internal sealed record Violation(string Key, string Detail)
{
    public override string ToString() => $"{Key}: {Detail}";
}
