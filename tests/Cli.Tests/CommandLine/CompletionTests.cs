using System.Diagnostics;
using ExecutionPipeline.Cli.Tests.Demo;

namespace ExecutionPipeline.Cli.Tests.CommandLine;

public sealed class CompletionTests
{
    private const string Bash = "/bin/bash";

    [TestCase("xp dem", "demo")]
    [TestCase("xp demo --rat", "--rate")]
    [TestCase("xp demo --topology in", "inline")]
    [TestCase("xp journal ", "check", "repair", "dump", "tail", "export", "show")]
    public void ShouldOfferWhatFitsWhenBashCompletesALine(string line, params string[] expected)
    {
        if (!File.Exists(Bash))
            Assert.Ignore("there is no bash");

        using var shell = Process.Start(new ProcessStartInfo(Bash, ["--norc"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        // What bash sets before it calls the function, with a function in the program's place.
        shell.StandardInput.Write($$"""
            xp() { {{XpProcess.ShellCommand}} "$@"; }
            eval "$(xp completion bash)"
            COMP_LINE='{{line}}'; COMP_POINT=${#COMP_LINE}
            COMP_WORDS=($COMP_LINE); [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _xp_complete
            printf '%s\n' "${COMPREPLY[@]}"

            """);
        shell.StandardInput.Close();
        var offered = shell.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        shell.WaitForExit();

        Assert.That(offered, Is.SupersetOf(expected));
    }

    [TestCase("zsh", "compdef _xp xp")]
    [TestCase("fish", "complete -c xp")]
    public void ShouldWriteTheShellsScriptWhenItIsAsked(string shell, string part)
    {
        var xp = Xp.Run("completion", shell);

        Assert.That(xp.ExitCode, Is.Zero, xp.Error);
        Assert.That(xp.Output, Does.Contain(part).And.Contain("[suggest:"));
    }

    [Test]
    public void ShouldNameTheShellsWhenItIsAnother() =>
        Assert.That(Xp.Run("completion", "cmd").Error, Does.Contain("'cmd'"));
}
