namespace ExecutionPipeline.Aeron.Client;

/// <summary>How polling goes on after a fragment.</summary>
public enum ControlledFragmentHandlerAction
{
    /// <summary>Stop, and poll this fragment again.</summary>
    ABORT,

    /// <summary>Stop, and go on after this fragment next time.</summary>
    BREAK,

    /// <summary>Go on, and let the publisher know now how far this is.</summary>
    COMMIT,

    /// <summary>Go on.</summary>
    CONTINUE,
}
