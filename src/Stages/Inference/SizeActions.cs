using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Inference;

/// <summary>The size actor's actions, in contracts: 0, 1, 2, 3, 5 (requirement document, section 2.3.1).</summary>
public static class SizeActions
{
    /// <summary>The largest action, in contracts.</summary>
    public const int ContractsMax = 5;

    /// <summary>By action index.</summary>
    public static ReadOnlySpan<int> Contracts => [0, 1, 2, 3, ContractsMax];

    /// <summary>
    /// Contracts of an action; <paramref name="action"/> is below <see cref="PolicyOutputs.SizeCount"/>.
    /// </summary>
    public static int ContractsOf(int action) => Contracts[action];
}
