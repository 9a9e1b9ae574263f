namespace ExecutionPipeline.Benchmarks.Commands;

/// <summary>What a measuring command was asked for.</summary>
/// <param name="Patterns">The patterns to play, at least one.</param>
/// <param name="Rounds">How often each side plays each of them.</param>
/// <param name="Against">Another build of the patterns; null: this one alone.</param>
public sealed record MeasureOptions(IReadOnlyList<string> Patterns, int Rounds, string? Against);
