namespace ExecutionPipeline.Cli.Doctor;

/// <summary>How something of the machine is.</summary>
public enum CheckStatus
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>The machine does not tell.</summary>
    Unknown,

    /// <summary>The pipeline runs, but slower or less evenly than it could.</summary>
    Should,

    /// <summary>The pipeline does not run, or stands still again and again.</summary>
    Must,
}

/// <summary>One thing that was looked at.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Status">How it is.</param>
/// <param name="Is">What was found.</param>
/// <param name="ShouldBe">What it should be.</param>
/// <param name="How">The command or drop-in that sets it.</param>
/// <param name="Gain">What setting it brings.</param>
public sealed record MachineCheck(
    string Name, CheckStatus Status, string Is, string ShouldBe, string How, string Gain)
{
    /// <summary>One that is well, or else has a status.</summary>
    public static MachineCheck Of(
        string name, bool isOk, CheckStatus otherwise, string found, string shouldBe, string how, string gain) =>
        new(name, isOk ? CheckStatus.Ok : otherwise, found, shouldBe, how, gain);
}

/// <summary>What no file of the machine says.</summary>
/// <param name="SharedMemoryBytes">Size of /dev/shm; null: there is none.</param>
/// <param name="SharedMemoryFreeBytes">What is left of it for this user.</param>
/// <param name="Runtime">The version of .NET.</param>
/// <param name="OnnxRuntime">The version of ONNX Runtime; null: it cannot be loaded.</param>
public sealed record MachineFacts(
    long? SharedMemoryBytes, long SharedMemoryFreeBytes, Version Runtime, string? OnnxRuntime);
