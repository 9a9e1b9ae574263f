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
        var manifest = ShippedModels.Open().Manifest;
        var models = manifest.Models.ToList();
        var index = models.FindIndex(static model => model.Name == PolicyModels.Merged);
        var path = Path.Combine(folder, models[index].File);
        var bytes = change(File.ReadAllBytes(path));
        File.WriteAllBytes(path, bytes);
        models[index] = models[index] with { Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)) };
        File.WriteAllText(Path.Combine(folder, ModelManifest.FileName), (manifest with { Models = models }).ToJson());
        return folder;
    }

    // ModelProto's doc_string is field 6, a text; the last one of a file counts.
    private static byte[] DocString(int number) => [0x32, 2, (byte)('a' + number / 26), (byte)('a' + number % 26)];
}
