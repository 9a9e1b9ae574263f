using System.Security.Cryptography;
using ExecutionPipeline.Stages.Inference.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace ExecutionPipeline.Stages.Inference.Models;

/// <summary>
/// A folder of models with its manifest. A file is read once, and what is hashed is what is then used, so nobody can
/// exchange it in between.
/// </summary>
public sealed class ModelDirectory
{
    private const long ModelFileBytesMax = 256L << 20;
    private const long ManifestFileBytesMax = 1L << 20;
    private readonly string _path;

    private ModelDirectory(string path, ModelManifest manifest)
    {
        _path = path;
        Manifest = manifest;
    }

    public ModelManifest Manifest { get; }

    /// <summary>Reads the folder's manifest.</summary>
    /// <exception cref="ModelFileException">There is none, or it is not one.</exception>
    public static ModelDirectory Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var bytes = ReadFile(path, ModelManifest.FileName, ManifestFileBytesMax);
        return new ModelDirectory(path, ModelManifest.Parse(System.Text.Encoding.UTF8.GetString(bytes)));
    }

    /// <summary>
    /// A model's bytes, when hash, operator set, inputs and outputs are those of the manifest. Weights that the model
    /// keeps in files beside it are put into the bytes, so that they are all that is needed to run it.
    /// </summary>
    /// <param name="name">The entry's name (see <see cref="PolicyModels"/>).</param>
    /// <exception cref="ModelFileException">No such entry or file, or it differs from its entry.</exception>
    public byte[] ReadVerified(string name)
    {
        var entry = Find(name);
        var bytes = ReadFile(_path, entry.File, ModelFileBytesMax);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (hash != entry.Sha256)
        {
            throw new ModelFileException(
                $"{entry.File}: SHA-256 is {hash}, the manifest says {entry.Sha256}: the file was changed or damaged");
        }

        try
        {
            var whole = new ExternalData(_path, file => ReadFile(_path, file, ModelFileBytesMax)).Inline(bytes);
            CompareGraph(entry, whole);
            return whole;
        }
        catch (OnnxFormatException e)
        {
            throw new ModelFileException($"{entry.File}: {e.Message}", e);
        }
    }

    /// <summary>Verifies every file that the manifest lists.</summary>
    /// <exception cref="ModelFileException">The first file that is not as it should be.</exception>
    public void VerifyAll()
    {
        foreach (var model in Manifest.Models) ReadVerified(model.Name);
    }

    /// <summary>Hands a verified model's bytes to <paramref name="open"/>, and names the file if that fails.</summary>
    /// <exception cref="ModelFileException">The file is not as it should be, or the runtime refuses it.</exception>
    internal T Open<T>(string name, Func<byte[], T> open)
    {
        var bytes = ReadVerified(name);
        try
        {
            return open(bytes);
        }
        catch (OnnxRuntimeException e)
        {
            var reason = e.Message.ReplaceLineEndings(" ");
            throw new ModelFileException($"{Find(name).File}: ONNX Runtime refuses it: {reason}", e);
        }
    }

    private ModelEntry Find(string name)
    {
        ModelEntry? found = null;
        foreach (var model in Manifest.Models)
        {
            if (model.Name != name) continue;
            if (found is not null) throw new ModelFileException($"{ModelManifest.FileName}: two models named {name}");
            found = model;
        }

        return found ?? throw new ModelFileException($"{ModelManifest.FileName}: no model named {name}");
    }

    private static void CompareGraph(ModelEntry entry, ReadOnlySpan<byte> bytes)
    {
        var model = OnnxModelReader.Read(bytes);
        Compare(entry, "operator set", entry.Opset.ToString(), model.OpsetVersion.ToString());
        Compare(entry, "inputs", Describe(entry.Inputs), Describe(model.Graph.Inputs.Where(
            input => !model.Graph.Initializers.Any(tensor => tensor.Name == input.Name)).ToList()));
        Compare(entry, "outputs", Describe(entry.Outputs), Describe(model.Graph.Outputs));
        foreach (var value in model.Graph.Inputs.Concat(model.Graph.Outputs))
            CheckElements(entry, value);

        foreach (var tensor in model.Graph.Initializers)
        {
            if (Array.Exists(tensor.Values, static value => !float.IsFinite(value)))
            {
                throw new ModelFileException(
                    $"{entry.File}: initializer '{tensor.Name}' holds a value that is not finite");
            }
        }
    }

    private static void Compare(ModelEntry entry, string what, string expected, string found)
    {
        if (expected == found) return;
        throw new ModelFileException($"{entry.File}: {what} {found}, the manifest says {expected}");
    }

    private static void CheckElements(ModelEntry entry, OnnxValueInfo value)
    {
        if (value.ElementType == OnnxFields.Tensor.DataTypeFloat) return;
        throw new ModelFileException(
            $"{entry.File}: '{value.Name}' has elements of type {value.ElementType}, not of float32 (1)");
    }

    private static string Describe(IReadOnlyList<ModelTensor> tensors) => string.Join(" ", tensors);

    private static string Describe(IReadOnlyList<OnnxValueInfo> values) =>
        string.Join(" ", values.Select(static value => $"{value.Name}[{string.Join(",", value.Shape)}]"));

    private static byte[] ReadFile(string folder, string name, long bytesMax)
    {
        var path = Path.Combine(folder, name);
        try
        {
            var length = new FileInfo(path).Length;
            if (length > bytesMax) throw new ModelFileException($"{path}: {length} bytes are more than {bytesMax}");
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelFileException($"{path}: there is no such file", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException($"{path}: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }
}
