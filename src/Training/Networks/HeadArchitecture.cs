namespace ExecutionPipeline.Training.Networks;

/// <summary>
/// One head of an actor: Linear(64, 32), ReLU, Linear(32, outputs), and what <see cref="Kind"/> says.
/// </summary>
/// <param name="Name">The attribute it has in the requirement document's class.</param>
/// <param name="Kind">What it ends in.</param>
/// <param name="Outputs">How many numbers it gives.</param>
/// <param name="Offset">Least output of a scaled sigmoid.</param>
/// <param name="Range">Largest less least output of a scaled sigmoid.</param>
public sealed record HeadArchitecture(string Name, HeadKind Kind, int Outputs, float Offset = 0f, float Range = 1f);
