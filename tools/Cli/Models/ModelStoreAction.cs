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
}
