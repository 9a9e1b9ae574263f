using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Cli.CommandLine;

/// <summary>A reader of one of several words, which are an enum's names in lower case.</summary>
public static class Choices
{
    /// <summary>One of the enum's values, in lower case.</summary>
    public static ValueReader<T> Of<T>()
        where T : struct, Enum
    {
        var words = Enum.GetNames<T>().Select(name => name.ToLowerInvariant()).ToArray();
        return new ValueReader<T>($"one of: {string.Join(", ", words)}", text => Read<T>(text, words));
    }

    private static ReadValue<T> Read<T>(string text, string[] words)
        where T : struct, Enum
    {
        var index = Array.IndexOf(words, text);
        return index >= 0
            ? ReadValue<T>.Of(Enum.Parse<T>(Enum.GetNames<T>()[index]))
            : ReadValue<T>.Not($"'{text}' is none of {string.Join(", ", words)}{Suggestion.For(text, words)}");
    }
}
