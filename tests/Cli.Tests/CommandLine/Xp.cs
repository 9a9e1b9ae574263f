using ExecutionPipeline.Cli.CommandLine;

namespace ExecutionPipeline.Cli.Tests.CommandLine;

/// <summary>Runs a command line with handlers that only remember what they were given.</summary>
internal sealed class Xp
{
    private const int HandlerCode = 77;

    public object? Options { get; private set; }

    public string Output { get; private set; } = "";

    public string Error { get; private set; } = "";

    public int ExitCode { get; private set; }

    public XpHandlers Handlers { get; }

    private Xp() => Handlers = new XpHandlers
    {
        Demo = Remember,
        Run = Remember,
        Up = Remember,
        Control = Remember,
        Top = Remember,
        Doctor = Remember,
        Operator = Remember,
        Engine = Remember,
        Venue = Remember,
        Replay = Remember,
        Journal = Remember,
        Audit = Remember,
        Backtest = Remember,
        BacktestSweep = Remember,
        Simulate = Remember,
        Tca = Remember,
        Latency = Remember,
        ModelsFit = Remember,
        ModelsVerify = Remember,
        ModelStore = Remember,
        Config = Remember,
        HistPrint = Remember,
        HistMerge = Remember,
        HistCompare = Remember,
        HistReport = Remember,
        Driver = Remember,
        Stat = Remember,
        Streams = Remember,
        Errors = Remember,
    };

    public bool HasRun => Options is not null && ExitCode == HandlerCode;

    public static Xp Run(params string[] arguments)
    {
        var xp = new Xp();
        using var output = new StringWriter();
        using var error = new StringWriter();
        xp.ExitCode = XpCommandLine.InvokeAsync(arguments, xp.Handlers, output, error).GetAwaiter().GetResult();
        xp.Output = output.ToString();
        xp.Error = error.ToString();
        return xp;
    }

    private Task<int> Remember(object options, CancellationToken cancel)
    {
        Options = options;
        return Task.FromResult(HandlerCode);
    }
}
