using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ExecutionPipeline.Stages.Inference.Onnx;

/// <summary>
/// Reads the part of an ONNX file that the policies' graphs use. Of what else there is (other types, other operator
/// sets, weights in other files) it keeps the name: whether that can be run is for who runs it to say.
/// </summary>
public static class OnnxModelReader
{
    /// <exception cref="OnnxFormatException">The bytes are not such a model.</exception>
    public static OnnxModel Read(ReadOnlySpan<byte> file)
    {
        long irVersion = 0, opset = 0;
        string producer = "", producerVersion = "";
        OnnxGraph? graph = null;
        var reader = new ProtobufReader(file);
        while (reader.TryReadField())
        {
            switch (reader.Field)
            {
                case OnnxFields.Model.IrVersion: irVersion = reader.ReadInteger(); break;
                case OnnxFields.Model.ProducerName: producer = reader.ReadString(); break;
                case OnnxFields.Model.ProducerVersion: producerVersion = reader.ReadString(); break;
                case OnnxFields.Model.Graph: graph = ReadGraph(reader.ReadBytes()); break;
                case OnnxFields.Model.OpsetImport: opset = Math.Max(opset, ReadOpset(reader.ReadBytes())); break;
                default: reader.Skip(); break;
            }
        }

        if (graph is null) throw new OnnxFormatException("not an ONNX model: it has no graph");
        return new OnnxModel
        {
            IrVersion = irVersion,
            OpsetVersion = opset,
            ProducerName = producer,
            ProducerVersion = producerVersion,
            Graph = graph,
        };
    }

    private static long ReadOpset(ReadOnlySpan<byte> message)
    {
        var domain = "";
        long version = 0;
        var reader = new ProtobufReader(message);
        while (reader.TryReadField())
        {
            switch (reader.Field)
            {
                case OnnxFields.OperatorSet.Domain: domain = reader.ReadString(); break;
                case OnnxFields.OperatorSet.Version: version = reader.ReadInteger(); break;
                default: reader.Skip(); break;
            }
        }

        return IsDefaultDomain(domain) ? version : 0;
    }

    private static OnnxGraph ReadGraph(ReadOnlySpan<byte> message)
    {
        var name = "";
        var nodes = new List<OnnxNode>();
        var initializers = new List<OnnxTensor>();
        var inputs = new List<OnnxValueInfo>();
        var outputs = new List<OnnxValueInfo>();
        var reader = new ProtobufReader(message);
        while (reader.TryReadField())
        {
            switch (reader.Field)
            {
                case OnnxFields.Graph.Name: name = reader.ReadString(); break;
                case OnnxFields.Graph.Node: nodes.Add(ReadNode(reader.ReadBytes())); break;
                case OnnxFields.Graph.Initializer: initializers.Add(ReadTensor(reader.ReadBytes())); break;
                case OnnxFields.Graph.Input: inputs.Add(ReadValueInfo(reader.ReadBytes())); break;
                case OnnxFields.Graph.Output: outputs.Add(ReadValueInfo(reader.ReadBytes())); break;
                default: reader.Skip(); break;
            }
        }

        return new OnnxGraph
        {
            Name = name,
            Nodes = nodes,
            Initializers = initializers,
            Inputs = inputs,
            Outputs = outputs,
        };
    }

    private static OnnxNode ReadNode(ReadOnlySpan<byte> message)
    {
        string name = "", opType = "", domain = "";
        var inputs = new List<string>();
        var outputs = new List<string>();
        var attributes = new List<OnnxAttribute>();
        var reader = new ProtobufReader(message);
        while (reader.TryReadField())
        {
            switch (reader.Field)
            {
                case OnnxFields.Node.Input: inputs.Add(reader.ReadString()); break;
                case OnnxFields.Node.Output: outputs.Add(reader.ReadString()); break;
                case OnnxFields.Node.Name: name = reader.ReadString(); break;
                case OnnxFields.Node.OpType: opType = reader.ReadString(); break;
                case OnnxFields.Node.Attribute: attributes.Add(ReadAttribute(reader.ReadBytes())); break;
                case OnnxFields.Node.Domain: domain = reader.ReadString(); break;
                default: reader.Skip(); break;
            }
        }

        return new OnnxNode(opType, inputs, outputs, attributes)
        {
            Name = name,
            Domain = IsDefaultDomain(domain) ? "" : domain,
        };
    }

    private static OnnxAttribute ReadAttribute(ReadOnlySpan<byte> message)
    {
        var name = "";
        float floatValue = 0;
        long integerValue = 0, type = 0;
        var integers = new List<long>();
        OnnxTensor? tensor = null;
        var reader = new ProtobufReader(message);
        while (reader.TryReadField())
        {
            switch (reader.Field)
            {
                case OnnxFields.Attribute.Name: name = reader.ReadString(); break;
                case OnnxFields.Attribute.Float: floatValue = reader.ReadFloat(); break;
                case OnnxFields.Attribute.Integer: integerValue = reader.ReadInteger(); break;
                case OnnxFields.Attribute.Tensor: tensor = ReadTensor(reader.ReadBytes()); break;
                case OnnxFields.Attribute.Integers: reader.ReadIntegersInto(integers); break;
                case OnnxFields.Attribute.Type: type = reader.ReadInteger(); break;
                default: reader.Skip(); break;
            }
        }

        return type switch
        {
            OnnxFields.Attribute.TypeFloat => OnnxAttribute.Of(name, floatValue),
            OnnxFields.Attribute.TypeInteger => OnnxAttribute.Of(name, integerValue),
            OnnxFields.Attribute.TypeIntegers => OnnxAttribute.Of(name, integers),
            OnnxFields.Attribute.TypeTensor when tensor != null => OnnxAttribute.Of(name, tensor),
            _ => new OnnxAttribute(name),
        };
    }

    internal static OnnxTensor ReadTensor(ReadOnlySpan<byte> message)
    {
        var name = "";
        long dataType = 0;
        var dims = new List<long>();
        var floats = new List<float>();
        var integers = new List<long>();
        var external = new Dictionary<string, string>();
        ReadOnlySpan<byte> raw = default;
        var reader = new ProtobufReader(message);
        while (reader.TryReadField())
        {
            switch (reader.Field)
            {
                case OnnxFields.Tensor.Dims: reader.ReadIntegersInto(dims); break;
                case OnnxFields.Tensor.DataType: dataType = reader.ReadInteger(); break;
                case OnnxFields.Tensor.FloatData: reader.ReadFloatsInto(floats); break;
                case OnnxFields.Tensor.IntegerData: reader.ReadIntegersInto(integers); break;
                case OnnxFields.Tensor.Name: name = reader.ReadString(); break;
                case OnnxFields.Tensor.RawData: raw = reader.ReadBytes(); break;
                case OnnxFields.Tensor.ExternalData: ReadEntry(reader.ReadBytes(), external); break;
                default: reader.Skip(); break;
            }
        }

        // Raw data is little-endian, as is every machine that the runtime's native library is built for.
        return (dataType, external.Count) switch
        {
            (OnnxFields.Tensor.DataTypeFloat, 0) =>
                new OnnxTensor(name, dims, raw.IsEmpty ? [.. floats] : ValuesOf<float>(name, raw)),
            (OnnxFields.Tensor.DataTypeInteger, 0) =>
                new OnnxTensor(name, dims, raw.IsEmpty ? [.. integers] : ValuesOf<long>(name, raw)),
            _ => new OnnxTensor(name, dims, dataType, external),
        };
    }

    private static T[] ValuesOf<T>(string name, ReadOnlySpan<byte> raw)
        where T : unmanaged =>
        raw.Length % Unsafe.SizeOf<T>() == 0
            ? MemoryMarshal.Cast<byte, T>(raw).ToArray()
            : throw new OnnxFormatException($"initializer '{name}' ends within a value");

    private static void ReadEntry(ReadOnlySpan<byte> message, Dictionary<string, string> entries)
    {
        string key = "", value = "";
        var reader = new ProtobufReader(message);
        while (reader.TryReadField())
        {
            switch (reader.Field)
            {
                case OnnxFields.Tensor.EntryKey: key = reader.ReadString(); break;
                case OnnxFields.Tensor.EntryValue: value = reader.ReadString(); break;
                default: reader.Skip(); break;
            }
        }

        entries[key] = value;
    }

    private static OnnxValueInfo ReadValueInfo(ReadOnlySpan<byte> message)
    {
        var name = "";
        var shape = new List<string>();
        long elementType = 0;
        var reader = new ProtobufReader(message);
        while (reader.TryReadField())
        {
            switch (reader.Field)
            {
                case OnnxFields.ValueInfo.Name: name = reader.ReadString(); break;
                case OnnxFields.ValueInfo.Type: elementType = ReadTensorType(reader.ReadBytes(), shape); break;
                default: reader.Skip(); break;
            }
        }

        return new OnnxValueInfo(name, shape) { ElementType = elementType };
    }

    /// <summary>Returns the type of the elements; 0: it is no tensor.</summary>
    private static long ReadTensorType(ReadOnlySpan<byte> message, List<string> shape)
    {
        long elementType = 0;
        var type = new ProtobufReader(message);
        while (type.TryReadField())
        {
            if (type.Field != OnnxFields.Type.Tensor)
            {
                type.Skip();
                continue;
            }

            var tensor = new ProtobufReader(type.ReadBytes());
            while (tensor.TryReadField())
            {
                switch (tensor.Field)
                {
                    case OnnxFields.Type.TensorElementType: elementType = tensor.ReadInteger(); break;
                    case OnnxFields.Type.TensorShape: ReadShape(tensor.ReadBytes(), shape); break;
                    default: tensor.Skip(); break;
                }
            }
        }

        return elementType;
    }

    private static void ReadShape(ReadOnlySpan<byte> message, List<string> shape)
    {
        var reader = new ProtobufReader(message);
        while (reader.TryReadField())
        {
            if (reader.Field != OnnxFields.Type.ShapeDimension)
            {
                reader.Skip();
                continue;
            }

            var text = "";
            var dimension = new ProtobufReader(reader.ReadBytes());
            while (dimension.TryReadField())
            {
                switch (dimension.Field)
                {
                    case OnnxFields.Type.DimensionValue:
                        text = dimension.ReadInteger().ToString(CultureInfo.InvariantCulture);
                        break;
                    case OnnxFields.Type.DimensionName: text = dimension.ReadString(); break;
                    default: dimension.Skip(); break;
                }
            }

            shape.Add(text);
        }
    }

    private static bool IsDefaultDomain(string domain) => domain is "" or "ai.onnx";
}
