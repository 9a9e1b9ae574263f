namespace ExecutionPipeline.Allocation.Tests;

/// <summary>A piece of the hot path that can be run again and again.</summary>
/// <param name="Name">As the tests call it.</param>
/// <param name="Create">Sets it up; what it returns is measured. Setting up may allocate.</param>
public sealed record HotPath(string Name, Func<Action<int>> Create)
{
    public override string ToString() => Name;
}
