using System.Runtime.InteropServices;

namespace ExecutionPipeline.Messages.Events;

/// <summary>What the policies said of the context, and what was taken from it.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct Decision
{
    public const int SizeBytes = 80;

    [FieldOffset(0)] public PolicyOutputs Outputs;

    /// <summary>Contracts: those of <see cref="SizeAction"/>, or fewer where the sizing guard cut them.</summary>
    [FieldOffset(44)] public int Quantity;

    [FieldOffset(48)] public Side Side;
    [FieldOffset(49)] public ExecutionStrategy Strategy;
    [FieldOffset(50)] public DecisionSource Source;

    /// <summary>The action index that the size actor's distribution gave.</summary>
    [FieldOffset(51)] public byte SizeAction;

    /// <summary>Stop distance in ATR multiples, [0.5, 3].</summary>
    [FieldOffset(52)] public float StopLossAtr;

    /// <summary>Target distance in ATR multiples, [1, 5].</summary>
    [FieldOffset(56)] public float TakeProfitAtr;

    /// <summary>What the sizing guard made <see cref="Quantity"/> smaller for.</summary>
    [FieldOffset(60)] public SizeCuts Cuts;

    /// <summary>Why the models did not decide in time.</summary>
    [FieldOffset(61)] public DecisionLateness Lateness;

    /// <summary>
    /// The version of the models that decided, by the first bytes of its hash; 0 for rules, an operator, and models
    /// that lie in no store.
    /// </summary>
    [FieldOffset(64)] public ulong ModelVersion;

    /// <summary>1 when a canary decided.</summary>
    [FieldOffset(72)] public byte Canary;
}
