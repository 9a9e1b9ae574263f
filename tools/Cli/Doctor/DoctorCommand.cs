using System.CommandLine;
using ExecutionPipeline.Cli.CommandLine;

namespace ExecutionPipeline.Cli.Doctor;

/// <summary>`xp doctor`: its options and how they become <see cref="DoctorOptions"/>.</summary>
public sealed class DoctorCommand : Command
{
    private readonly ValueOption<IReadOnlyList<int>?> _cpus = new(
        "--cpus", "LIST", "The processors of the pipeline's hot threads.",
        new ValueReader<IReadOnlyList<int>?>("unit: processor numbers, such as 2-5", static text =>
            ProcessorList.TryRead(text, out var read)
                ? ReadValue<IReadOnlyList<int>?>.Of(read)
                : ReadValue<IReadOnlyList<int>?>.Not($"'{text}' is no list of processors")),
        null, "those that the kernel has isolated");

    private readonly ValueOption<double> _seconds = new(
        "--seconds", "S", "How long interrupts and stolen time are counted.",
        Numbers.Positive("s", RunOptions.MaxSeconds), 1, "1");

    private readonly ValueOption<string?> _root = new(
        "--root", "DIR", "The folder whose proc and sys are read, such as a copy of another machine's.",
        Paths.ExistingDirectory, null, "this machine's");

    private readonly ValueOption<string?> _json = RunOptions.Json();

    /// <summary>The command; <paramref name="run"/> does its work and returns the exit code.</summary>
    public DoctorCommand(Func<DoctorOptions, CancellationToken, Task<int>> run)
        : base("doctor", "Looks at the machine, and says what to set for a pipeline, how, and what it brings.")
    {
        Option[] options = [_cpus, _seconds, _root, _json];
        foreach (var option in options)
            Add(option);

        SetAction((parsed, cancel) => run(
            new DoctorOptions
            {
                HotProcessors = parsed.GetValue(_cpus),
                Seconds = parsed.GetValue(_seconds),
                Root = parsed.GetValue(_root) ?? "/",
                JsonFile = parsed.GetValue(_json),
            },
            cancel));
    }
}

/// <summary>What `xp doctor` was asked for; paths are absolute.</summary>
public sealed record DoctorOptions
{
    /// <summary>The processors of the hot threads; null: those that the kernel has isolated.</summary>
    public IReadOnlyList<int>? HotProcessors { get; init; }

    /// <summary>How long interrupts and stolen time are counted, in seconds.</summary>
    public double Seconds { get; init; } = 1;

    /// <summary>The folder whose proc and sys are read.</summary>
    public string Root { get; init; } = "/";

    /// <summary>Where the findings go as JSON; null: they are shown.</summary>
    public string? JsonFile { get; init; }
}
