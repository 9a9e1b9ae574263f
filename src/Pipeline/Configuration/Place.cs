namespace ExecutionPipeline.Pipeline.Configuration;

/// <summary>What a value of the configuration came from, in the order of precedence.</summary>
public enum PlaceKind
{
    /// <summary>The options' own default.</summary>
    Default,

    /// <summary>A file, or a text that stands for one.</summary>
    File,

    /// <summary>An environment variable.</summary>
    Variable,

    /// <summary>An option of the command line.</summary>
    Option,
}

/// <summary>Where something was written.</summary>
/// <param name="Kind">What it came from.</param>
/// <param name="Source">The file, the environment variable or the option; empty: a text without a name.</param>
/// <param name="Line">From 1; 0: the source has no lines.</param>
/// <param name="Column">From 1, in characters; 0: the source has no lines.</param>
public readonly record struct Place(PlaceKind Kind, string Source, int Line = 0, int Column = 0)
{
    /// <summary>Nowhere: the value is the options' own.</summary>
    public static Place Default { get; } = new(PlaceKind.Default, "default");

    /// <summary>A place in a file, or in a text without a name.</summary>
    public static Place InFile(string source, int line, int column) => new(PlaceKind.File, source, line, column);

    /// <summary>Such as xp.yaml:3:5, XP__LIMITS__MAX_POSITION, or --port.</summary>
    public override string ToString() =>
        Line == 0 ? Source : Source.Length == 0 ? $"line {Line}, column {Column}" : $"{Source}:{Line}:{Column}";
}
