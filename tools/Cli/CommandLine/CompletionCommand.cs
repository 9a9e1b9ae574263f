using System.CommandLine;

namespace ExecutionPipeline.Cli.CommandLine;

/// <summary>A shell that completes command lines.</summary>
public enum CompletingShell
{
    Bash,
    Zsh,
    Fish,
}

/// <summary>
/// `xp completion`: a script that lets a shell complete commands, options and the values that are words. What is
/// offered comes from `xp` itself, by its directive "[suggest:POSITION]".
/// </summary>
public sealed class CompletionCommand : Command
{
    private const string Bash = """
        # Completes xp in bash: source <(xp completion bash)
        _xp_complete() {
          local line="${COMP_LINE#* }" at=$((COMP_POINT - ${#COMP_WORDS[0]} - 1)) word="${COMP_WORDS[COMP_CWORD]}"
          local IFS=$'\n'
          COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:$at]" "$line" 2>/dev/null)" -- "$word"))
        }
        complete -o default -F _xp_complete xp
        """;

    private const string Zsh = """
        #compdef xp
        # Completes xp in zsh: source <(xp completion zsh)
        _xp() {
          local line="${BUFFER#* }" at=$((CURSOR - ${#words[1]} - 1))
          local -a offers
          offers=("${(@f)$("${words[1]}" "[suggest:$at]" "$line" 2>/dev/null)}")
          compadd -- ${offers:#} || _files
        }
        (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
        compdef _xp xp
        """;

    private const string Fish = """
        # Completes xp in fish: xp completion fish | source
        function __xp_offers
          set -l parts (string split -m 1 ' ' -- (commandline -cp))
          xp "[suggest:"(string length -- "$parts[2]")"]" "$parts[2]" 2>/dev/null
        end
        complete -c xp -a '(__xp_offers)'
        """;

    private readonly Argument<CompletingShell> _shell = new("SHELL")
    {
        Description = "The shell: bash, zsh or fish.",
    };

    public CompletionCommand()
        : base("completion", "Writes a script that lets a shell complete xp's commands, options and values.")
    {
        Add(_shell);
        SetAction(parsed => parsed.InvocationConfiguration.Output.WriteLine(
            parsed.GetValue(_shell) switch
            {
                CompletingShell.Bash => Bash,
                CompletingShell.Zsh => Zsh,
                _ => Fish,
            }));
    }
}
