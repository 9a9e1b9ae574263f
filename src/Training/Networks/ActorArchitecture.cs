using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference;

namespace ExecutionPipeline.Training.Networks;

/// <summary>The three actors of the requirement document, section 2.3.2.</summary>
public sealed record ActorArchitecture
{
    public const int FirstWidth = 128;
    public const int SecondWidth = 64;
    public const int HeadWidth = 32;

    /// <summary>The model's name, and the prefix of its parameters' names.</summary>
    public required string Name { get; init; }

    /// <summary>The graph's output.</summary>
    public required string OutputName { get; init; }

    /// <summary>What the attention weights start at, one a feature.</summary>
    public required IReadOnlyList<float> InitialAttention { get; init; }

    public required IReadOnlyList<HeadArchitecture> Heads { get; init; }

    /// <summary>Numbers of all heads together.</summary>
    public int OutputCount => Heads.Sum(static head => head.Outputs);

    public static ActorArchitecture PositionSizing { get; } = new()
    {
        Name = PolicyModels.PositionSizing,
        OutputName = PolicyModels.SizeOutput,
        InitialAttention =
            [0.1f, 0.2f, 0.1f, 0.1f, 0.05f, 0.05f, 0.05f, 0.05f, 0.15f, 0.1f, 0.1f, 0.05f, 0.05f, 0.05f, 0.05f],
        Heads = [new HeadArchitecture("policy_head", HeadKind.Softmax, PolicyOutputs.SizeCount)],
    };

    public static ActorArchitecture ExecutionTiming { get; } = new()
    {
        Name = PolicyModels.ExecutionTiming,
        OutputName = PolicyModels.StrategyOutput,
        InitialAttention =
            [0.1f, 0.1f, 0.05f, 0.2f, 0.2f, 0.15f, 0.1f, 0.05f, 0.05f, 0.05f, 0.05f, 0.05f, 0.05f, 0.1f, 0.1f],
        Heads = [new HeadArchitecture("policy_head", HeadKind.Softmax, PolicyOutputs.StrategyCount)],
    };

    public static ActorArchitecture RiskManagement { get; } = new()
    {
        Name = PolicyModels.RiskManagement,
        OutputName = PolicyModels.RiskOutput,
        InitialAttention =
            [0.1f, 0.15f, 0.1f, 0.05f, 0.05f, 0.05f, 0.05f, 0.2f, 0.1f, 0.05f, 0.15f, 0.15f, 0.15f, 0.05f, 0.05f],
        Heads =
        [
            new HeadArchitecture("stop_loss_head", HeadKind.ScaledSigmoid, 1,
                PolicyBounds.StopLossMin, PolicyBounds.StopLossMax - PolicyBounds.StopLossMin),
            new HeadArchitecture("take_profit_head", HeadKind.ScaledSigmoid, 1,
                PolicyBounds.TakeProfitMin, PolicyBounds.TakeProfitMax - PolicyBounds.TakeProfitMin),
        ],
    };

    /// <summary>In the order of their outputs in the ring event.</summary>
    public static IReadOnlyList<ActorArchitecture> All { get; } = [PositionSizing, ExecutionTiming, RiskManagement];

    /// <summary>The layers, in words.</summary>
    public string Describe()
    {
        var heads = string.Join("; ", Heads.Select(static head =>
            $"{head.Name}: Linear({SecondWidth},{HeadWidth}), ReLU, Linear({HeadWidth},{head.Outputs}), {End(head)}"));
        return $"(context - mean) / scale, * attention_weights, Linear({ContextFeatures.Count},{FirstWidth}), ReLU, "
            + $"LayerNorm({FirstWidth}), Linear({FirstWidth},{SecondWidth}), ReLU; {heads}";
    }

    private static string End(HeadArchitecture head) => head.Kind == HeadKind.Softmax
        ? "Softmax"
        : FormattableString.Invariant($"{head.Offset} + {head.Range} * Sigmoid");
}

/// <summary>
/// One head of an actor: Linear(64, 32), ReLU, Linear(32, outputs), and what <see cref="Kind"/> says.
/// </summary>
/// <param name="Name">The attribute it has in the requirement document's class.</param>
/// <param name="Kind">What it ends in.</param>
/// <param name="Outputs">How many numbers it gives.</param>
/// <param name="Offset">Least output of a scaled sigmoid.</param>
/// <param name="Range">Largest less least output of a scaled sigmoid.</param>
public sealed record HeadArchitecture(string Name, HeadKind Kind, int Outputs, float Offset = 0f, float Range = 1f);

/// <summary>What an actor's head ends in.</summary>
public enum HeadKind
{
    /// <summary>A distribution over actions.</summary>
    Softmax,

    /// <summary>A number in a range: offset + range * sigmoid.</summary>
    ScaledSigmoid,
}
