using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ExecutionPipeline.Stages.Inference.Models;

/// <summary>
/// What a set of models is known by: the first 8 bytes of the SHA-256 over its files' names and hashes. Equal files
/// are one version, wherever they lie and whoever made them.
/// </summary>
/// <param name="Prefix">The bytes as a big-endian number; 0: the rule-based policy, which has no files.</param>
public readonly record struct ModelVersion(ulong Prefix)
{
    /// <summary>Digits of the text form.</summary>
    public const int Digits = 16;

    /// <summary>What stands for the rule-based policy.</summary>
    public static ModelVersion Rules => default;

    /// <summary>The version of what a manifest lists.</summary>
    public static ModelVersion Of(ModelManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var text = new StringBuilder();
        foreach (var model in manifest.Models.OrderBy(static m => m.Name, StringComparer.Ordinal))
        {
            text.Append(model.Name).Append(' ').Append(model.Sha256).Append('\n');
            foreach (var data in (model.Data ?? []).OrderBy(static d => d.File, StringComparer.Ordinal))
                text.Append(model.Name).Append('/').Append(data.File).Append(' ').Append(data.Sha256).Append('\n');
        }

        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
        return new ModelVersion(BinaryPrimitives.ReadUInt64BigEndian(hash));
    }

    /// <summary>Reads the text form: 16 lower-case hexadecimal digits. False for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ModelVersion version)
    {
        version = default;
        if (text is not { Length: Digits } || !text.All(char.IsAsciiHexDigitLower))
            return false;

        version = new ModelVersion(ulong.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        return true;
    }

    public override string ToString() => Prefix.ToString("x16", CultureInfo.InvariantCulture);
}
