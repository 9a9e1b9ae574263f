namespace ExecutionPipeline.Cli.Doctor;

/// <summary>Whether kernel, .NET and ONNX Runtime are ones that the pipeline is made for.</summary>
/// <param name="files">Of the machine.</param>
/// <param name="facts">Say the versions that are loaded.</param>
public sealed class VersionChecks(MachineFiles files, MachineFacts facts)
{
    private static readonly Version KernelLeast = new(4, 14);
    private static readonly Version KernelEnough = new(5, 10);
    private static readonly Version RuntimeLeast = new(10, 0);

    /// <summary>Everything.</summary>
    public IEnumerable<MachineCheck> All() => [Kernel(), Runtime(), OnnxRuntime()];

    private MachineCheck Kernel()
    {
        var text = files.Text("/proc/sys/kernel/osrelease");
        var digits = new string(
            [.. (text ?? "").TakeWhile(static letter => char.IsAsciiDigit(letter) || letter == '.')]);
        var version = Version.TryParse(digits.TrimEnd('.'), out var read) ? read : null;
        return new MachineCheck(
            "kernel",
            version is null ? CheckStatus.Unknown
                : version < KernelLeast ? CheckStatus.Must
                : version < KernelEnough ? CheckStatus.Should : CheckStatus.Ok,
            text ?? "not told", $"{KernelEnough} or later; {KernelLeast} at least", "apt-get install linux-image-amd64",
            "nohz_full= and rcu_nocbs= keep what they promise");
    }

    private MachineCheck Runtime() => MachineCheck.Of(
        ".NET", facts.Runtime >= RuntimeLeast, CheckStatus.Must, $"{facts.Runtime}", $"{RuntimeLeast} or later",
        "apt-get install aspnetcore-runtime-10.0, or https://dot.net/download",
        "the programs start; a service release brings its security repairs");

    private MachineCheck OnnxRuntime() => MachineCheck.Of(
        "ONNX Runtime", facts.OnnxRuntime is not null, CheckStatus.Should, facts.OnnxRuntime ?? "cannot be loaded",
        "the version that the program comes with", "apt-get install libstdc++6; on x64 or arm64",
        "models that the compiler does not take are run too, and are compared with it before they decide");
}
