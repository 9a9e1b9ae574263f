using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Config;
using ExecutionPipeline.Cli.Tests.CommandLine;

namespace ExecutionPipeline.Cli.Tests.Config;

/// <summary>A command of `xp config`, run with the options that its command line gives.</summary>
/// <param name="Code">The exit code.</param>
/// <param name="Output">What it wrote.</param>
/// <param name="Error">What it complained of.</param>
internal sealed record ConfigRun(int Code, string Output, string Error)
{
    public static async Task<ConfigRun> Of(params IReadOnlyList<string> arguments)
    {
        var xp = Xp.Run(["config", .. arguments]);
        Assert.That(xp.HasRun, Is.True, xp.Error);
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await ConfigRunner.RunAsync((ConfigOptions)xp.Options!, output, error, default);
        return new ConfigRun(code, output.ToString(), error.ToString());
    }
}
