using System.Security.Cryptography;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;

namespace ExecutionPipeline.Stages.Tests.Inference.Models;

/// <summary>Models that differ from the shipped ones in their bytes, with a manifest that has their hash.</summary>
internal static class ModelVariants
{
    /// <summary>The shipped models, with a remark in the merged file that makes it another version.</summary>
    public static string Write(string parent, int number) =>
        Change(parent, number, bytes => [.. bytes, .. DocString(number)]);

    /// <summary>The shipped models with the merged file changed; sound or not is for the change to say.</summary>
    public static string Change(string parent, int number, Func<byte[], byte[]> change)
    {
        var folder = ShippedModels.CopyTo(Path.Combine(parent, $"variant-{number}"));
        ChangeMerged(folder, entry =>
        {
            var path = Path.Combine(folder, entry.File);
            var bytes = change(File.ReadAllBytes(path));
            File.WriteAllBytes(path, bytes);
            return entry with { Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)) };
        });
        return folder;
    }

    /// <summary>Changes what a folder's manifest says of the merged file.</summary>
    public static void ChangeMerged(string folder, Func<ModelEntry, ModelEntry> change)
    {
        var manifest = ModelDirectory.Open(folder).Manifest;
        var models = manifest.Models.Select(
            model => model.Name == PolicyModels.Merged ? change(model) : model).ToList();
        File.WriteAllText(Path.Combine(folder, ModelManifest.FileName), (manifest with { Models = models }).ToJson());
    }

    // ModelProto's doc_string is field 6, a text; the last one of a file counts.
    private static byte[] DocString(int number) => [0x32, 2, (byte)('a' + number / 26), (byte)('a' + number % 26)];
}
