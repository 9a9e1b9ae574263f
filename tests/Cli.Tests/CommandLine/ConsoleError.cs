namespace ExecutionPipeline.Cli.Tests.CommandLine;

/// <summary>What a command that runs within the test tells on standard error.</summary>
internal static class ConsoleError
{
    /// <summary>Runs. Returns what came of it and what was told; lines end in a line feed.</summary>
    public static (T Result, string Text) Of<T>(Func<T> run)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var before = Console.Error;
        Console.SetError(text);
        try
        {
            return (run(), text.ToString());
        }
        finally
        {
            Console.SetError(before);
        }
    }
}
