namespace ExecutionPipeline.Cli.Latency;

/// <summary>Something that takes events.</summary>
/// <param name="Name">As reports name it.</param>
/// <param name="Run">Takes so many events; allocates nothing.</param>
public sealed record LatencySubject(string Name, Action<int> Run);
