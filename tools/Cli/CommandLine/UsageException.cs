namespace ExecutionPipeline.Cli.CommandLine;

/// <summary>What was asked for cannot be done as it was asked: one line for the user, exit code 2.</summary>
public sealed class UsageException(string message) : Exception(message);
