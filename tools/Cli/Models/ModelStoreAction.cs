namespace ExecutionPipeline.Cli.Models;

/// <summary>What `xp models` does with a store.</summary>
public enum ModelStoreAction
{
    /// <summary>Takes the models of a folder in.</summary>
    Add,

    /// <summary>Lists the versions.</summary>
    List,

    /// <summary>Shows one version.</summary>
    Show,

    /// <summary>Measures one version against what models must show.</summary>
    Validate,

    /// <summary>Lets one version decide in a running pipeline.</summary>
    Deploy,

    /// <summary>Lets one version decide a share of the signals of a running pipeline.</summary>
    Canary,

    /// <summary>Lets the canary decide everything.</summary>
    Promote,

    /// <summary>Ends the canary, or goes back to the models before these.</summary>
    Rollback,
}
