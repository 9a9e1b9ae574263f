using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Cli.CommandLine;

/// <summary>A reader of one of several words, which are an enum's names in lower case.</summary>
public static class Choices
{
    /// <summary>One of the enum's values, in lower case.</summary>
    /// <param name="leftOut">Values that make no sense here.</param>
    public static ValueReader<T> Of<T>(params IReadOnlyList<T> leftOut)
        where T : struct, Enum
    {
        var words = Enum.GetValues<T>().Except(leftOut).Select(value => value.ToString().ToLowerInvariant()).ToArray();
        return new ValueReader<T>($"one of: {string.Join(", ", words)}", text => Read<T>(text, words));
    }

    private static ReadValue<T> Read<T>(string text, string[] words)
        where T : struct, Enum
    {
        return words.Contains(text)
            ? ReadValue<T>.Of(Enum.Parse<T>(text, ignoreCase: true))
            : ReadValue<T>.Not($"'{text}' is none of {string.Join(", ", words)}{Suggestion.For(text, words)}");
    }
}
