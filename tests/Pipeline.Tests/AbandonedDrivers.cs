using ExecutionPipeline.Pipeline.Hosting;

namespace ExecutionPipeline.Pipeline.Tests;

/// <summary>Tests that are stopped in the middle leave their drivers' folders in shared memory.</summary>
[SetUpFixture]
public sealed class AbandonedDrivers
{
    [OneTimeSetUp]
    public void Remove() => AeronDirectories.RemoveAbandoned();
}
