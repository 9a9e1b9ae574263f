using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ExecutionPipeline.Benchmarks.Commands;

/// <summary>A command that plays patterns, prints each figure as it comes, and writes all of them as JSON.</summary>
public class MeasureCommand : Command
{
    internal static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
    };

    private readonly string[] _known;
    private readonly Argument<string[]> _patterns;
    private readonly Option<int> _rounds;

    private readonly Option<FileInfo> _against = new("--against")
    {
        Description = "Another build of the same patterns: an official library's, or an earlier one of this project.",
    };

    private readonly Option<FileInfo> _json = new("--json") { Description = "Writes the figures to this file." };

    /// <summary>Creates the command; <paramref name="measure"/> plays the patterns one by one.</summary>
    public MeasureCommand(
        string name,
        string description,
        IEnumerable<string> patterns,
        int defaultRounds,
        Func<MeasureOptions, ParseResult, IEnumerable<Figure>> measure)
        : base(name, description)
    {
        _known = [.. patterns];
        _patterns = new Argument<string[]>("PATTERN")
        {
            Description = "What to play; nothing: all of them.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        _patterns.AcceptOnlyFromAmong(_known);
        _rounds = Rounds("How often each side plays each pattern.", defaultRounds);
        _against.AcceptExistingOnly();

        foreach (var option in new Option[] { _rounds, _against, _json })
            Add(option);

        Add(_patterns);
        SetAction(parsed => Run(parsed, measure));
    }

    /// <summary>How often something is measured.</summary>
    public static Option<int> Rounds(string description, int usual)
    {
        var rounds = new Option<int>("--rounds")
        {
            Description = description,
            DefaultValueFactory = _ => usual,
        };
        rounds.Validators.Add(static result =>
        {
            if (result.Tokens is [var given] && !(int.TryParse(given.Value, out var count) && count > 0))
                result.AddError($"--rounds: '{given.Value}' is no number of rounds: give 1 or more");
        });
        return rounds;
    }

    private int Run(ParseResult parsed, Func<MeasureOptions, ParseResult, IEnumerable<Figure>> measure)
    {
        var given = parsed.GetValue(_patterns)!;
        var options = new MeasureOptions(
            given.Length == 0 ? _known : given, parsed.GetValue(_rounds), parsed.GetValue(_against)?.FullName);
        var output = parsed.InvocationConfiguration.Output;
        var figures = new List<Figure>();
        try
        {
            foreach (var figure in measure(options, parsed))
            {
                output.WriteLine(figure);
                figures.Add(figure);
            }
        }
        catch (Exception failure) when (failure is InvalidOperationException or IOException)
        {
            parsed.InvocationConfiguration.Error.WriteLine(failure.Message);
            return 1;
        }

        if (parsed.GetValue(_json) is { } file)
            File.WriteAllText(file.FullName, JsonSerializer.Serialize(figures, Json));

        return 0;
    }
}

/// <summary>What a measuring command was asked for.</summary>
/// <param name="Patterns">The patterns to play, at least one.</param>
/// <param name="Rounds">How often each side plays each of them.</param>
/// <param name="Against">Another build of the patterns; null: this one alone.</param>
public sealed record MeasureOptions(IReadOnlyList<string> Patterns, int Rounds, string? Against);
