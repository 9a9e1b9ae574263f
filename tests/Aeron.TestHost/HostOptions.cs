namespace ExecutionPipeline.Aeron.TestHost;

/// <summary>What a role works on.</summary>
internal sealed record HostOptions(
    string Directory, string Channel, int StreamId, int Count, int Length, string ProgressPath)
{
    /// <summary>Tells the test that the role is at work.</summary>
    public static void SayReady(string detail = "") => Say($"READY {detail}");

    /// <summary>Writes a line to the test.</summary>
    public static void Say(string line)
    {
        Console.Out.WriteLine(line.TrimEnd());
        Console.Out.Flush();
    }

    /// <summary>Writes a line for whoever looks into a failure.</summary>
    public static void Note(string line) => Console.Error.WriteLine(line);

    /// <summary>Waits until the test lets go of standard input.</summary>
    public static void AwaitEndOfInput()
    {
        while (Console.In.ReadLine() is not null)
        {
        }
    }

    /// <summary>Ends the process when the test lets go of standard input, whatever it is doing.</summary>
    public static void ExitAtEndOfInput()
    {
        var watcher = new Thread(() =>
        {
            AwaitEndOfInput();
            Environment.Exit(3);
        });
        watcher.IsBackground = true;
        watcher.Start();
    }
}
