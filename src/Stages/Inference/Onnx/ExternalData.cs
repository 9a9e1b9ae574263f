using System.Globalization;

namespace ExecutionPipeline.Stages.Inference.Onnx;

/// <summary>
/// Puts the weights that a model keeps in files beside it into the model itself, so that whoever runs it needs its
/// bytes alone. The files must lie in the model's own folder.
/// </summary>
internal sealed class ExternalData(string folder, Func<string, byte[]> read)
{
    private readonly Dictionary<string, byte[]> _files = [];

    /// <summary>The model with all its weights; the same bytes where they are all inside already.</summary>
    /// <param name="model">The model's bytes.</param>
    /// <exception cref="OnnxFormatException">A file is outside the folder, or ends too early.</exception>
    public byte[] Inline(byte[] model)
    {
        if (!OnnxModelReader.Read(model).Graph.Initializers.Any(static tensor => tensor.IsExternal))
            return model;

        return Rewrite(model, OnnxFields.Model.Graph, graph =>
            Rewrite(graph, OnnxFields.Graph.Initializer, tensor => InlineTensor(tensor)));
    }

    private byte[] InlineTensor(ReadOnlySpan<byte> message)
    {
        var tensor = OnnxModelReader.ReadTensor(message);
        if (!tensor.IsExternal)
            return message.ToArray();

        var data = PartOf(tensor);
        var output = new MemoryStream();
        var reader = new ProtobufReader(message);
        while (reader.TryReadField())
        {
            var field = reader.Field;
            reader.Skip();
            if (field is not (OnnxFields.Tensor.ExternalData or OnnxFields.Tensor.DataLocation))
                output.Write(reader.LastField);
        }

        WriteBytes(output, OnnxFields.Tensor.RawData, data);
        return output.ToArray();
    }

    private ReadOnlySpan<byte> PartOf(OnnxTensor tensor)
    {
        var location = tensor.External.GetValueOrDefault("location", "");
        // A path with a null character is none, and the calls below throw on it.
        var path = location.Contains('\0') ? "" : Path.GetFullPath(Path.Combine(folder, location));
        var inside = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        if (location.Length == 0 || Path.IsPathRooted(location) || !path.StartsWith(inside, StringComparison.Ordinal))
        {
            throw new OnnxFormatException(
                $"initializer '{tensor.Name}' is in '{location}', outside the model's folder");
        }

        if (!_files.TryGetValue(path, out var file))
            _files.Add(path, file = read(Path.GetRelativePath(folder, path)));

        var offset = NumberOf(tensor, "offset", 0);
        var length = NumberOf(tensor, "length", file.Length - offset);
        if (offset < 0 || length < 0 || offset > file.Length || length > file.Length - offset)
        {
            throw new OnnxFormatException(
                $"initializer '{tensor.Name}' is at {offset} with {length} bytes in {location}, "
                + $"which has {file.Length}");
        }

        return file.AsSpan((int)offset, (int)length);
    }

    private static long NumberOf(OnnxTensor tensor, string key, long otherwise)
    {
        if (!tensor.External.TryGetValue(key, out var text))
            return otherwise;

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new OnnxFormatException($"initializer '{tensor.Name}' has '{text}' for its {key}");
    }

    private static byte[] Rewrite(ReadOnlySpan<byte> message, int changed, ChangeMessage change)
    {
        var output = new MemoryStream();
        var reader = new ProtobufReader(message);
        while (reader.TryReadField())
        {
            if (reader.Field == changed)
            {
                WriteBytes(output, changed, change(reader.ReadBytes()));
                continue;
            }

            reader.Skip();
            output.Write(reader.LastField);
        }

        return output.ToArray();
    }

    private static void WriteBytes(MemoryStream output, int field, ReadOnlySpan<byte> bytes)
    {
        const uint lengthDelimited = 2;
        WriteVarint(output, ((uint)field << 3) | lengthDelimited);
        WriteVarint(output, (uint)bytes.Length);
        output.Write(bytes);
    }

    private static void WriteVarint(MemoryStream output, uint value)
    {
        for (; value >= 0x80; value >>= 7)
            output.WriteByte((byte)(value | 0x80));

        output.WriteByte((byte)value);
    }

    private delegate byte[] ChangeMessage(ReadOnlySpan<byte> message);
}
