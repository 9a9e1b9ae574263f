using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Pipeline.Journal;

/// <summary>A SHA-256 of a pipeline configuration.</summary>
[InlineArray(SizeBytes)]
public struct ConfigurationHash
{
    public const int SizeBytes = 32;

    private byte _first;

    /// <summary>Copies <paramref name="hash"/>, which must be <see cref="SizeBytes"/> long.</summary>
    public static ConfigurationHash From(ReadOnlySpan<byte> hash)
    {
        var result = default(ConfigurationHash);
        hash[..SizeBytes].CopyTo(result);
        return result;
    }

    /// <summary>Whether it is the same one.</summary>
    public readonly bool Is(in ConfigurationHash other) => ((ReadOnlySpan<byte>)this).SequenceEqual(other);

    public override readonly string ToString() => Convert.ToHexStringLower(this);
}
