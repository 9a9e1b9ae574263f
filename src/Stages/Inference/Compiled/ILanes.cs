namespace ExecutionPipeline.Stages.Inference.Compiled;

/// <summary>
/// A register's worth of float32 lanes. A layer's columns lie in lanes and its rows are added one after the other, so
/// what a lane holds does not depend on how many there are: every width gives the same bits. Multiplication and
/// addition are fused everywhere, in software where the processor cannot.
/// </summary>
internal interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    static abstract int Count { get; }

    static abstract TSelf Load(ref readonly float source, int offset);

    static abstract TSelf Broadcast(float value);

    static abstract TSelf Add(TSelf left, TSelf right);

    /// <summary>left * right + addend, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf left, TSelf right, TSelf addend);

    void Store(ref float target, int offset);

    /// <summary>Sets lanes that are not above 0 to 0.</summary>
    /// <param name="lanes">NaN stays NaN.</param>
    /// <param name="active">A bit for each of the other lanes, NaN among them; lane 0 is bit 0.</param>
    static abstract TSelf Rectify(TSelf lanes, out ulong active);
}
