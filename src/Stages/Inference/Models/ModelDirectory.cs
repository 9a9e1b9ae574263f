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

    // What the ONNX Runtime that is built in takes; a test asks it. A file that does not say has IR version 0.
    private const long IrVersionMin = 1, IrVersionMax = 13;
    private const long OperatorSetMin = 7, OperatorSetMax = 26;
    private readonly string _path;

    private ModelDirectory(string path, ModelManifest manifest)
    {
        _path = path;
        Manifest = manifest;
    }

    public ModelManifest Manifest { get; }

    /// <summary>The folder, as it was named.</summary>
    public string Location => _path;

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
        CheckHash(entry.File, entry.Sha256, bytes);
        try
        {
            var whole = new ExternalData(_path, file => ReadData(entry, file)).Inline(bytes);
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
        catch (Exception e) when (e is not ModelFileException)
        {
            var path = Path.Combine(_path, Find(name).File);
            throw new ModelFileException($"{path}: it cannot be opened: {e.Message}", e);
        }
    }

    private byte[] ReadData(ModelEntry entry, string file)
    {
        var data = entry.Data?.FirstOrDefault(data => data.File == file)
            ?? throw new ModelFileException(
                $"{entry.File}: it has weights in '{file}', which the manifest does not name in data");
        var bytes = ReadFile(_path, file, ModelFileBytesMax);
        CheckHash(file, data.Sha256, bytes);
        return bytes;
    }

    private static void CheckHash(string file, string expected, byte[] bytes)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (hash == expected) return;
        throw new ModelFileException(
            $"{file}: SHA-256 is {hash}, the manifest says {expected}: the file was changed or damaged");
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
        CheckRange(entry, "IR version", model.IrVersion, IrVersionMin, IrVersionMax);
        CheckRange(entry, "operator set", model.OpsetVersion, OperatorSetMin, OperatorSetMax);
        Compare(entry, "operator set", entry.Opset.ToString(), model.OpsetVersion.ToString());
        // Old exporters list the constants among the inputs too.
        var inputs = model.Graph.Inputs.Where(
            input => !model.Graph.Initializers.Any(tensor => tensor.Name == input.Name)).ToList();
        Compare(entry, "inputs", Describe(entry.Inputs), Describe(inputs));
        Compare(entry, "outputs", Describe(entry.Outputs), Describe(model.Graph.Outputs));
        foreach (var value in inputs.Concat(model.Graph.Outputs))
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

    private static void CheckRange(ModelEntry entry, string what, long found, long min, long max)
    {
        if (found >= min && found <= max) return;
        throw new ModelFileException(
            $"{entry.File}: {what} {found} is not one of {min} to {max}, which ONNX Runtime takes");
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
            CheckLinks(folder, path);
            using var file = File.OpenRead(path);
            if (file.Length > bytesMax)
                throw new ModelFileException($"{path}: {file.Length} bytes are more than {bytesMax}");

            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelFileException($"{path}: there is no such file", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw ModelFileException.At(path, e);
        }
    }

    /// <summary>The folder itself may be a link; what is read in it may be none that leads elsewhere.</summary>
    private static void CheckLinks(string folder, string path)
    {
        var real = RealPath(path, 0);
        if (!real.StartsWith(RealPath(folder, 0) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new ModelFileException($"{path}: it leads outside the model's folder, to {real}");
    }

    private static string RealPath(string path, int links)
    {
        const int linksMax = 40;
        var full = Path.GetFullPath(path);
        var real = Path.GetPathRoot(full)!;
        foreach (var part in full[real.Length..].Split(
            Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, part);
            if (File.ResolveLinkTarget(real, returnFinalTarget: false) is not { } target)
                continue;

            if (links == linksMax)
                throw new IOException("more than 40 links lead on from it");

            real = RealPath(target.FullName, ++links);
        }

        return real;
    }
}
