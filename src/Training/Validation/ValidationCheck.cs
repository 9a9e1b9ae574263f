namespace ExecutionPipeline.Training.Validation;

/// <summary>One thing that was measured, and what it had to be.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">What came out; NaN is never enough.</param>
/// <param name="Limit">The least or the most that it may be.</param>
/// <param name="IsLeast">The limit is the least, and not the most.</param>
/// <param name="Unit">Of both.</param>
public sealed record ValidationCheck(string Name, double Value, double Limit, bool IsLeast, string Unit)
{
    public bool IsPassed => IsLeast ? Value >= Limit : Value <= Limit;
}
