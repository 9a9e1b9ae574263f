namespace ExecutionPipeline.Cli.CommandLine;

/// <summary>The exit codes of every command; docs/OPERATIONS.md has the same table.</summary>
public static class ExitCode
{
    /// <summary>The command did all that it was asked for, and nothing was lost.</summary>
    public const int Done = 0;

    /// <summary>The run was not whole, was refused by the pipeline, or a check was not passed.</summary>
    public const int Failed = 1;

    /// <summary>A command line, path, configuration or file that cannot be used.</summary>
    public const int Unusable = 2;

    /// <summary>Interrupted by Ctrl-C, SIGTERM or SIGHUP, as shells have it for Ctrl-C.</summary>
    public const int Interrupted = 130;
}
