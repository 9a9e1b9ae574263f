using ExecutionPipeline.Pipeline.Hosting;

namespace ExecutionPipeline.Pipeline.Options;

/// <summary>Whose media driver a pipeline uses.</summary>
public enum DriverOwner
{
    /// <summary>One of its own.</summary>
    Embedded,

    /// <summary>One that runs already.</summary>
    External,
}

/// <summary>What the processes find where on this machine.</summary>
public sealed record HostOptions
{
    /// <summary>The media driver's folder; empty: the user's own, /dev/shm/aeron-USER. Default empty.</summary>
    public string AeronDirectory { get; init; } = "";

    /// <summary>Whose media driver the pipeline uses. Default embedded.</summary>
    public DriverOwner Driver { get; init; } = DriverOwner.Embedded;

    /// <summary>
    /// Who decides: the ONNX models, compiled or by ONNX Runtime, or the rule-based policy. Default auto.
    /// </summary>
    public InferenceChoice Inference { get; init; } = InferenceChoice.Auto;

    /// <summary>
    /// The folder of the ONNX models, or a store of their versions; empty: xpd decides by the rules, and xp looks for
    /// models-onnx upwards. Default empty.
    /// </summary>
    public string Models { get; init; } = "";

    /// <summary>The folder of the journal of inputs; empty: there is none. Default empty.</summary>
    public string Journal { get; init; } = "";

    /// <summary>These options with absolute paths, and with the folder of a driver where none is named.</summary>
    public HostOptions Resolve() => this with
    {
        AeronDirectory = AeronDirectory.Length > 0 ? Path.GetFullPath(AeronDirectory) : AeronDirectories.Default,
        Models = Models.Length > 0 ? Path.GetFullPath(Models) : "",
        Journal = Journal.Length > 0 ? Path.GetFullPath(Journal) : "",
    };
}
