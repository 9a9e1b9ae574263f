namespace ExecutionPipeline.Cli.CommandLine;

/// <summary>Reads a value from its text, or says in one line what is wrong with the text.</summary>
/// <param name="Help">The unit of the value or the values there are, for the help.</param>
/// <param name="Read">The reading.</param>
public sealed record ValueReader<T>(string Help, Func<string, ReadValue<T>> Read);
