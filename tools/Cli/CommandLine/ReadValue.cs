namespace ExecutionPipeline.Cli.CommandLine;

/// <summary>A value that was read, or what was wrong with its text.</summary>
/// <param name="Value">Meaningful where <paramref name="Problem"/> is null.</param>
/// <param name="Problem">One line without the option's name.</param>
public readonly record struct ReadValue<T>(T? Value, string? Problem)
{
    public static ReadValue<T> Of(T value) => new(value, null);

    public static ReadValue<T> Not(string problem) => new(default, problem);
}
