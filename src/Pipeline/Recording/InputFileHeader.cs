using System.Runtime.InteropServices;

namespace ExecutionPipeline.Pipeline.Recording;

/// <summary>
/// The layout of a recorded input: this header, then the first <see cref="RecordBytes"/> bytes of every ring event in
/// ring order (see <c>PipelineEvent</c>). Little-endian.
/// <code>
///   0  magic          8   "XPINPUT\n"
///   8  version        4
///  12  record bytes   4
///  16  configuration 32   SHA-256 of the pipeline's configuration: another one gives other outputs
///  48  reserved      16
/// </code>
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
internal struct InputFileHeader
{
    public const int SizeBytes = 64;
    public const ulong MagicValue = 0x0A54_5550_4E49_5058;
    public const int CurrentVersion = 1;

    [FieldOffset(0)] public ulong Magic;
    [FieldOffset(8)] public int Version;
    [FieldOffset(12)] public int RecordBytes;
    [FieldOffset(16)] public ConfigurationHash Configuration;
}
