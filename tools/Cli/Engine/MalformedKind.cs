namespace ExecutionPipeline.Cli.Engine;

/// <summary>Ways in which a message can be wrong.</summary>
public enum MalformedKind
{
    /// <summary>A template that the schema does not have.</summary>
    WrongTemplate,

    /// <summary>A block that is shorter than its template's fields.</summary>
    ShortBlock,

    /// <summary>A price that is no number.</summary>
    NanPrice,

    /// <summary>A confidence of 1.5.</summary>
    ConfidenceOutOfRange,

    /// <summary>An action that the schema does not have.</summary>
    UnknownAction,
}
