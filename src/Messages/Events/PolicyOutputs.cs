using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Messages.Events;

/// <summary>
/// The three actors' outputs, float32, one after the other: 5 size probabilities, 4 strategy probabilities, stop-loss
/// and take-profit in ATR multiples.
/// </summary>
[InlineArray(Count)]
public struct PolicyOutputs
{
    public const int SizeOffset = 0;
    public const int SizeCount = 5;
    public const int StrategyOffset = 5;
    public const int StrategyCount = 4;
    public const int StopLossOffset = 9;
    public const int TakeProfitOffset = 10;
    public const int Count = 11;

    private float _first;
}
